"""`monitor replay`: an archive of entries through the real pipeline, on a simulated clock."""

import io
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, counting, out, safe_json, words
from monitor.cli.documents import BROKEN_ARCHIVE, opened, reason
from monitor.cli.options import ConfigOption, examples, load
from monitor.cli.showing import headline, indented
from monitor.errors import ParseError
from monitor.topics.document import Document
from monitor.topics.match import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from monitor.config.config import Config
    from monitor.replay import Event

commands = typer.Typer()


@commands.command(
    epilog=examples(
        "monitor replay archive.jsonl",
        "monitor replay archive.jsonl.gz --json > events.jsonl",
        "zcat 2024-*.jsonl.gz | monitor replay - --config candidate/",
    )
)
def replay(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON lines of entries, also .gz; - is standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each event.")] = False,
    config: ConfigOption = None,
) -> None:
    """Show what an archive of entries would have been told, and when.

    A line has feed, id, link, title, summary, content, published and seen_at. The
    entries go through ingest, routes and rendering on a simulated clock, into a
    store in memory; nothing is sent. Two runs give the same bytes.
    """
    loaded = load(config, tolerant=True)
    if as_json:
        for event in events(loaded, file):
            print(safe_json(event.to_json()))
    else:
        _show_all(events(loaded, file))


def events(config: "Config", file: str) -> "Iterator[Event]":
    """What happens in the archive; raises MonitorError for a line that can not be read."""
    from monitor.replay import read_archive
    from monitor.replay import replay as drive
    from monitor.setup import rules_of
    from monitor.store import open_store
    from monitor.watch import Watch

    store = open_store(":memory:")
    try:
        with opened(file) as stream, io.TextIOWrapper(stream, encoding="utf-8-sig") as lines:
            yield from drive(
                read_archive(lines, name=file),
                store=store,
                watch=Watch.of(config.topics),
                rules=rules_of(config),
                subscriptions=config.subscriptions,
            )
    except UnicodeDecodeError as error:
        raise ParseError(f"{file}: this is not UTF-8 text, an archive is JSON lines") from error
    except (OSError, *BROKEN_ARCHIVE) as error:
        raise ParseError(f"{file}: {reason(error)}") from error
    finally:
        store.close()


def _show_all(happened: "Iterator[Event]") -> None:
    """Hits and alerts as they come, below them how far it is, and the sums in the end."""
    console = out()
    seen: Counter[str] = Counter()
    with counting("entries", console) as advance:
        for event in happened:
            seen[event.event] += 1
            if event.event == "entry":
                advance()
            else:
                _show(event, console)
    sums = (
        count(seen["entry"], "entry", "entries"),
        count(seen["hit"], "hit"),
        count(seen["alert"], "alert"),
    )
    console.print(words(", ".join(sums), "bold"))


def _show(event: "Event", console: "Console") -> None:
    facts, at = event.facts, words(f"{event.at:%Y-%m-%d %H:%M}  ", "dim")
    if event.event == "hit":
        document = Document(title=facts["title"], url=facts["link"])
        spans = [Span(**span) for span in facts["spans"] if span["field"] == "title"]
        console.print(at + words(f"{facts['topic']}  ", "yellow") + headline(document, spans, console, ""))
        indented(words(f"{facts['feed']} · {facts['link']}", "dim"), console)
    else:
        console.print(at + words(f"alert {facts['id']} to {facts['receiver']}", "bold blue"))
        for line in facts["text"].splitlines():
            indented(words(line), console)

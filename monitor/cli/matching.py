"""`monitor match`: news grep. Documents in, hits out, one at a time."""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import clean, out, silence, to_json, words
from monitor.cli.documents import STDIN, BadLine, Read, read_documents
from monitor.cli.facts import span_facts
from monitor.cli.options import ConfigOption, examples, load
from monitor.cli.queries import chosen_topics, topic_of_query
from monitor.cli.showing import headline, show_match
from monitor.errors import WrongUseError
from monitor.topics.match import Match

if TYPE_CHECKING:
    from monitor.topics.percolator import Percolator

Show = Callable[[Read, Match], None]
MATCHED, NOTHING_MATCHED, BAD_INPUT = 0, 1, 2

commands = typer.Typer()


@commands.command(
    epilog=examples(
        "monitor match articles.jsonl # which of the watchlists' topics match",
        "monitor match -q '\"Taiwan Strait\" NEAR/10 warship*' articles.jsonl",
        "zcat *.jsonl.gz | monitor match --json -q Cuba > hits.jsonl",
        "monitor match --text -q '\"spy balloon\"' -q Cuba page1.txt page2.txt",
    )
)
def match(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE...", help="Files to read, also .gz, .xz and .bz2; - is standard input."),
    ] = None,
    query: Annotated[
        list[str] | None,
        typer.Option(
            "--query", "-q", metavar="QUERY", help="Match this query, not the watchlists; may be repeated."
        ),
    ] = None,
    topic: Annotated[
        list[str] | None,
        typer.Option(
            "--topic", "-t", metavar="NAME", help="Match only this topic of the watchlists; may be repeated."
        ),
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="The files are plain text, one document each, not JSON lines.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each hit.")] = False,
    config: ConfigOption = None,
) -> None:
    """Search documents like grep, with queries in place of patterns.

    A document is a line of JSON with any of title, summary, content (text or
    HTML), url, author, tags, lang, feed, published and id. Exit code: 0 something
    matched, 1 nothing did, 2 an error or a line that can not be read.
    """
    percolator = _percolator(query or [], topic or [], config)
    documents = read_documents(files or [STDIN], text=text)
    show = _show_json if as_json else _for_people()
    try:
        code = _match_all(percolator, documents, show)
    except BrokenPipeError:  # `| head` has seen enough
        silence(sys.stdout)
        code = MATCHED
    raise typer.Exit(code)


def _match_all(percolator: "Percolator", documents: Iterable[Read | BadLine], show: Show) -> int:
    """Match and show them all; returns the exit code."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # each hit at once, as from tail -f
    any_hit = any_bad = False
    for one in documents:
        if isinstance(one, BadLine):
            any_bad = True
            print(clean(f"monitor match: {one}"), file=sys.stderr)
        elif matches := percolator.match(one.document):
            any_hit = True
            for match in matches:
                show(one, match)
    for name, reason in percolator.broken.items():
        any_bad = True
        print(clean(f"monitor match: topic {name!r} was left out: {reason}"), file=sys.stderr)
    return BAD_INPUT if any_bad else MATCHED if any_hit else NOTHING_MATCHED


def _percolator(queries: Sequence[str], names: Sequence[str], config: Path | None) -> "Percolator":
    from monitor.topics.percolator import Percolator

    if queries and names:
        raise WrongUseError("--query and --topic exclude each other")
    if queries:
        return Percolator([topic_of_query(text) for text in dict.fromkeys(queries)])
    return Percolator(chosen_topics(load(config, tolerant=True), names))


def _show_json(one: Read, match: Match) -> None:
    print(
        to_json({"id": one.name, "topic": match.topic, "spans": [span_facts(span) for span in match.spans]})
    )


def _for_people() -> Show:
    """Shows hits with marked words; where several topics may match, each names its own."""
    console = out(endless=True)

    def show(one: Read, match: Match) -> None:
        name = f"{one.name}  " if one.document.title else ""
        head = (
            words(name, "dim")
            + headline(one.document, match.spans, console)
            + words(f"  [{match.topic}]", "yellow")
        )
        show_match(head, one.document, match.spans, console)

    return show

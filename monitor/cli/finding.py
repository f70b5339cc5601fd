"""`monitor hits`: what was found, and with `monitor hits mark` what people think of it."""

import csv
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, err, iso, out, print_json, table, when, words
from monitor.cli.facts import CSV_COLUMNS, hit_facts, hit_row, remark_facts
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    examples,
    find_settings,
    load,
    moment_before,
    number,
    reading,
    reading_stories,
)
from monitor.cli.showing import headline, remark_words, snippet_lines
from monitor.clock import clock
from monitor.errors import ConfigError, WrongUseError

if TYPE_CHECKING:
    from datetime import tzinfo

    from rich.console import Console
    from rich.text import Text

    from monitor.store.judgements import Judgement
    from monitor.store.records import Hit
    from monitor.store.remarks import Remark
    from monitor.store.store import Store
    from monitor.workshop.precision import Record

commands = typer.Typer()
hits = typer.Typer(rich_markup_mode="rich")
commands.add_typer(hits, name="hits")


class Verdict(StrEnum):
    """What a hit may be marked as."""

    RELEVANT = "relevant"
    WRONG = "wrong"


def verdict(text: str) -> Verdict:
    """A verdict as it is typed; raises BadParameter."""
    try:
        return Verdict(text.lower())
    except ValueError:
        raise typer.BadParameter(f"{text!r}: a hit is marked `relevant` or `wrong`") from None


IdsArgument = Annotated[
    list[int],
    typer.Argument(metavar="ID...", parser=number, help="Hits, as `monitor hits` lists them."),
]


@hits.callback(
    invoke_without_command=True,
    epilog=examples(
        "monitor hits --since 2d",
        "monitor hits --topic Cuba --limit 10",
        "monitor hits --since 2024-05-01 --csv > hits.csv",
        "monitor hits --starred # see `monitor hits star --help`",
        "monitor hits --json | jq -r .link",
        "monitor hits mark 17 18 wrong # see `monitor hits mark --help`",
    ),
)
def list_hits(  # noqa: PLR0913, PLR0917 - a parameter is an option
    context: typer.Context,
    topic: Annotated[
        str, typer.Option("--topic", "-t", metavar="NAME", help="Only hits of this topic.")
    ] = "",
    since: Annotated[
        str, typer.Option("--since", "-s", metavar="WHEN", help="Only hits found since: 2d, 12h, 2024-05-01.")
    ] = "",
    starred: Annotated[bool, typer.Option("--starred", help="Only hits with a star.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many, the newest.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each hit.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header line.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """List what was found, the newest first, with what became of it.

    A hit is pending until its alert is made, then told; or it is kept, and the
    reason says why it is not told. Of one topic it also says how many of the
    judged hits were relevant.
    """
    if context.invoked_subcommand is not None:
        _no_options_before(context)
        return
    if as_json and as_csv:
        raise WrongUseError("--json and --csv exclude each other")
    from monitor.clock import zone_of

    moment = moment_before(since, clock()) if since else None
    settings = find_settings(config, database)
    zone = zone_of(settings.time_zone)
    with reading_stories(settings.database) as store:
        found = store.hits(topic=topic, since=moment, starred=starred, limit=limit)
        if topic and not found:
            _refuse_unknown(topic, store, config)
        listed = _listed(found, topic, store, zone)
    if as_json:
        _print_json(listed)
    elif as_csv:
        _print_csv(found)
    else:
        _print_table(listed, zone)


@hits.command(
    epilog=examples(
        "monitor hits mark 17 relevant",
        "monitor hits mark 17 18 23 wrong --note 'the cigar, not the country'",
    )
)
def mark(
    ids: IdsArgument,
    verdict: Annotated[
        Verdict,
        typer.Argument(
            metavar="relevant|wrong", parser=verdict, help="Whether they are what the topic was made for."
        ),
    ],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, for later readers.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Say whether hits were relevant or wrong; a later word replaces an earlier.

    `monitor topic suggest` learns exclusions from wrong hits, `monitor topic
    diff` warns of edits that lose relevant ones, and `monitor topic precision`
    shows how each topic does over time.
    """
    from monitor.clock import zone_of
    from monitor.feeds.text import clean

    settings = find_settings(config, database)
    with reading(settings.database) as store:
        who = os.environ.get("USER", "")
        if missing := store.judge(ids, verdict=verdict.value, who=who, note=clean(note), now=clock()):
            strangers = ", ".join(map(str, missing))
            raise WrongUseError(f"there is no hit {strangers}; nothing was marked")
        topics = dict.fromkeys(hit.topic for hit in store.hits(ids=ids))
        records = [_record(store, topic, zone_of(settings.time_zone)) for topic in topics]
    if as_json:
        from monitor.cli.topic_facts import record_facts

        marked = list(dict.fromkeys(ids))
        precision = [record_facts(record) for record in records]
        print_json({"marked": marked, "as": verdict.value, "precision": precision})
        return
    out().print(words(f"marked {count(len(set(ids)), 'hit')} as {verdict.value}"))
    for record in records:
        out().print(words(f"{record.topic}: ", "yellow") + words(str(record)))


def _no_options_before(context: typer.Context) -> None:
    """Raise UsageError for what would be ignored: `monitor hits --db FILE mark 17 wrong`."""
    for name in context.params:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise WrongUseError(f"options of `{context.invoked_subcommand}` stand behind its name")


def _refuse_unknown(topic: str, store: "Store", config: Path | None) -> None:
    """Raise WrongUseError for a topic that stands in no watchlist and never had a hit."""
    from monitor.config.suggest import did_you_mean

    known = {*store.hit_counts(since=datetime.fromtimestamp(0, UTC))}
    with suppress(ConfigError):
        known |= {one.name for one in load(config, tolerant=True).topics}
    if topic not in known:
        hint = did_you_mean(topic, sorted(known)) or "`monitor topic list` has all"
        raise WrongUseError(f"no topic is called {topic!r}; {hint}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """Hits with what people think of them; of one topic also its record."""

    hits: "Sequence[Hit]"
    judged: "Mapping[int, Judgement]"
    remarks: "Mapping[int, Remark]"
    record: "Record | None"


def _listed(found: "Sequence[Hit]", topic: str, store: "Store", zone: "tzinfo") -> _Listed:
    return _Listed(
        hits=found,
        judged={one.hit_id: one for one in store.judgements(topic=topic) if one.hit_id is not None},
        remarks=store.remarks([hit.hit_id for hit in found]),
        record=_record(store, topic, zone) if topic else None,
    )


def _record(store: "Store", topic: str, zone: "tzinfo") -> "Record":
    from monitor.workshop.precision import record_of

    return record_of(topic, store.judgements(topic=topic), now=clock(), zone=zone)


def _judgement_facts(judgement: "Judgement | None") -> dict[str, object] | None:
    if judgement is None:
        return None
    return {
        "verdict": judgement.verdict,
        "at": iso(judgement.judged_at),
        "who": judgement.who,
        "note": judgement.note,
    }


def _print_csv(found: "Sequence[Hit]") -> None:
    writer = csv.DictWriter(sys.stdout, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(hit_row(hit) for hit in found)


def _print_json(listed: _Listed) -> None:
    for hit in listed.hits:
        judgement = _judgement_facts(listed.judged.get(hit.hit_id))
        print_json(hit_facts(hit) | remark_facts(listed.remarks.get(hit.hit_id)) | {"judgement": judgement})


def _print_table(listed: _Listed, zone: "tzinfo") -> None:
    if not listed.hits:
        err().print(words("no hits"))
        return
    console = out()
    shown = table(expand=True)
    shown.add_column("hit", justify="right", no_wrap=True)
    shown.add_column("found", no_wrap=True)
    shown.add_column("topic", max_width=16, overflow="fold")
    shown.add_column("entry", ratio=1, overflow="fold")
    for hit in listed.hits:
        moment = when(hit.found_at, zone=zone, now=clock())
        entry = _entry_cell(hit, listed.judged, console)
        if remark := remark_words(listed.remarks.get(hit.hit_id)):
            entry = entry.append("\n").append_text(remark)
        shown.add_row(str(hit.hit_id), moment, words(hit.topic, "bold"), entry)
    console.print(shown)
    if listed.record is not None:
        console.print(words(f"precision: {listed.record}"))


def _entry_cell(hit: "Hit", judged: "Mapping[int, Judgement]", console: "Console") -> "Text":
    """Headline, a snippet where the headline has no mark, the feed, what became of the hit, a judgement."""
    from rich.text import Text

    from monitor.documents import document_of

    document = document_of(hit.entry.entry, feed=hit.entry.feed)
    lines = [headline(document, hit.spans, console, style="")]
    if not any(span.field == "title" for span in hit.spans):
        lines += snippet_lines(document, hit.spans, console, most=1)
    state = words(
        hit.state, "green" if hit.state == "told" else "yellow" if hit.state == "pending" else "dim"
    )
    reason = hit.reason if hit.reason != hit.state else ""
    verdict = judged[hit.hit_id].verdict if hit.hit_id in judged else ""
    lines.append(
        words(f"{hit.entry.feed} · ", "dim")
        + state
        + words(f" · {reason}" if reason else "", "dim")
        + words(f" · {verdict}" if verdict else "", "red" if verdict == "wrong" else "green")
    )
    return Text("\n").join(lines)

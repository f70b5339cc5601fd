"""`monitor topic precision`: how many of the judged hits were relevant, over time."""

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.chart import BLOCKS, NONE
from monitor.cli.console import err, out, print_json, table, words
from monitor.cli.options import ConfigOption, DatabaseOption, JsonOption, examples
from monitor.cli.topic import FOUND, NOTHING_FOUND, looking_back
from monitor.cli.topic_group import topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.workshop.precision import Precision, Record

MONTHS = 12
"""Months that the small chart shows, the newest."""


@topics.command(
    "precision",
    epilog=examples(
        "monitor topic precision", "monitor topic precision Cuba", "monitor topic precision --json"
    ),
)
def show_precision(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One topic, month by month.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show how many of each topic's judged hits were relevant, over time.

    Hits are judged with `monitor hits mark`. A month is the one in which a hit
    was found; a version is that of the query which found it.
    Exit code: 0 there are judged hits, 1 there are none, 2 an error.
    """
    from monitor.workshop.precision import records_of

    with looking_back("1d", config, database) as look:
        records = records_of(look.store.judgements(topic=name), now=look.now, zone=look.zone)
    if as_json:
        from monitor.cli.topic_facts import record_facts

        print_json([record_facts(record) for record in records])
    elif not records:
        err().print(words("no hit was judged yet: see `monitor hits mark --help`"))
    elif name:
        _show_one(records[0])
    else:
        _show_all(records)
    raise typer.Exit(FOUND if records else NOTHING_FOUND)


def _show_all(records: "Sequence[Record]") -> None:
    shown = table()
    shown.add_column("topic", overflow="fold", max_width=28)
    for column in ("relevant", "judged", "precision", "30 days"):
        shown.add_column(column, justify="right", no_wrap=True)
    shown.add_column("by month", no_wrap=True)
    for record in records:
        whole, lately = record.whole, record.lately
        shown.add_row(
            words(record.topic, "bold"),
            str(whole.relevant),
            str(whole.judged),
            _per_cent(whole),
            f"{lately.relevant} of {lately.judged}",
            "".join(_sign(one) for _, one in record.months[-MONTHS:]),
        )
    out().print(shown)


def _show_one(record: "Record") -> None:
    console = out()
    console.print(words(f"{record.topic}: ", "bold") + words(str(record)))
    for title, rows in (("month", record.months), ("query", record.versions)):
        shown = table()
        shown.add_column(title, no_wrap=True)
        for column in ("relevant", "judged", "precision"):
            shown.add_column(column, justify="right")
        for name, one in rows:
            shown.add_row(name, str(one.relevant), str(one.judged), _per_cent(one))
        console.print(shown)


def _per_cent(precision: "Precision") -> str:
    return "" if precision.share is None else f"{round(100 * precision.share)} %"


def _sign(precision: "Precision") -> str:
    """A block as high as the share."""
    share = precision.share or 0
    return BLOCKS[round(share * (len(BLOCKS) - 1))] if precision.judged else NONE

"""`monitor topic test`: what a query or a topic would have caught in the stored entries."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import counting, err, out, print_json
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    examples,
    find_settings,
    load,
    looking,
    moment_before,
)
from monitor.cli.queries import chosen_topics, topic_of_query
from monitor.cli.topic_group import topics
from monitor.clock import clock
from monitor.errors import StoreError

if TYPE_CHECKING:
    from monitor.store.store import Store
    from monitor.topics.topic import Topic
    from monitor.workshop.precision import Record

FOUND, NOTHING_FOUND = 0, 1

SinceOption = Annotated[
    str, typer.Option("--since", "-s", metavar="WHEN", help="Entries seen since: 30d, 12h, 2024-05-01.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where a command looks back: the store, since when, and how days are told apart."""

    store: "Store"
    since: datetime
    now: datetime
    zone: tzinfo


@contextmanager
def looking_back(since: str, config: Path | None, database: Path | None) -> Iterator[Look]:
    """The existing database that these options mean; raises MonitorError."""
    from monitor.clock import zone_of

    moment = clock()
    first = moment_before(since, moment)
    settings = find_settings(config, database)
    with looking(settings.database) as store:
        _index(store)
        yield Look(store=store, since=first, now=moment, zone=zone_of(settings.time_zone))


def _index(store: "Store") -> None:
    """Index what `poll` has left; where that can not be written it is looked through as it is."""
    from monitor.indexing import INDEXED_AT_ONCE, index_some
    from monitor.store.failure import plain_errors

    if left := store.count_unindexed():
        rounds = left // INDEXED_AT_ONCE
        counted = counting("hundreds of entries indexed", err(), rounds)
        with suppress(StoreError), plain_errors(), counted as another:
            while not index_some(store):
                another()


@topics.command(
    "test",
    epilog=examples(
        'monitor topic test \'"spy balloon" OR "surveillance balloon"\'',
        "monitor topic test --topic Cuba --since 90d # a topic of the watchlists",
        "monitor topic test 'Cuba NOT baseball' --since 2024-05-01 --limit 50",
        "monitor topic test 'strait NEAR/5 transit*' --json | jq .total",
    ),
)
def try_query(
    query: Annotated[
        str, typer.Argument(metavar="[QUERY]", help="The query to try; left out with --topic.")
    ] = "",
    topic: Annotated[
        str, typer.Option("--topic", "-t", metavar="NAME", help="Try this topic of the watchlists.")
    ] = "",
    since: SinceOption = "30d",
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="Show so many, the newest.")] = 10,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show what a query would have caught in the stored entries.

    The newest with the marked words, how many on each day, and of a topic also
    how many of its judged hits were relevant (see `monitor hits mark`). Nothing
    is stored and nobody is alerted. Ctrl-C shows what was found so far.
    Exit code: 0 something was caught, 1 nothing, 2 an error.
    """
    if bool(query) == bool(topic):
        raise typer.BadParameter("either a QUERY or --topic NAME is expected")
    wanted = topic_of_query(query) if query else topic_named(topic, config)
    with looking_back(since, config, database) as look:
        record = record_for(look, wanted.name) if topic else None
        show = _as_json if as_json else _for_people
        raise typer.Exit(show(look, wanted, limit, record))


def topic_named(name: str, config: Path | None) -> "Topic":
    """The topic of this name; raises BadParameter where there is none."""
    return chosen_topics(load(config, tolerant=True), [name])[0]


def record_for(look: Look, topic: str) -> "Record":
    """How well the topic did, by its judged hits."""
    from monitor.workshop.precision import record_of

    return record_of(topic, look.store.judgements(topic=topic), now=look.now, zone=look.zone)


def _for_people(look: Look, topic: "Topic", limit: int, record: "Record | None") -> int:
    from monitor.cli.topic_view import TryView
    from monitor.workshop.backtest import candidates, catches

    console = out()
    entry_ids = candidates(look.store, topic, since=look.since)
    view = TryView(console, look, limit=limit)
    with view.progress(len(entry_ids)) as looked:
        for catch in catches(look.store, topic, entry_ids, looked=looked):
            view.caught(catch)
    view.sums(len(entry_ids), record)
    return FOUND if view.moments else NOTHING_FOUND


def _as_json(look: Look, topic: "Topic", limit: int, record: "Record | None") -> int:
    from monitor.cli.topic_facts import catch_facts, day_facts, record_facts
    from monitor.workshop.backtest import by_day, candidates, catches

    entry_ids = candidates(look.store, topic, since=look.since)
    moments: list[datetime] = []
    newest: list[dict[str, object]] = []
    with counting("entries", err(), len(entry_ids)) as looked:
        for catch in catches(look.store, topic, entry_ids, looked=looked):
            moments.append(catch.stored.seen_at)
            if len(newest) < limit:
                newest.append(catch_facts(catch))
    days = by_day(moments, since=look.since, now=look.now, zone=look.zone)
    print_json(
        {
            "query": str(topic.query),
            "topic": topic.name,
            "since": look.since,
            "looked_at": len(entry_ids),
            "total": len(moments),
            "days": [day_facts(day) for day in days],
            "newest": newest,
            "precision": record_facts(record) if record else None,
        }
    )
    return FOUND if moments else NOTHING_FOUND

"""What reading a feed's document costs: whole, with one new item, with none, with the same bytes.

    python -m benchmarks.parse [CORPORA] [--json]

Documents are the corpora's captured feeds of 20 to 60 items. Ours are read as a poll reads them: hashed, cut,
what is new parsed, here or in a child of the sandbox that sends its entries back; all of it is counted.
Beside them, in the same process and in turns, `feedparser.parse` with its defaults and without its clean-ups.
One document at a time: the time on the clock is what both processes cost together. Documents that are plain,
and so read without feedparser, are counted apart from those that are not.
"""

import asyncio
import csv
import io
import json
import math
import statistics
import tarfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser

from benchmarks.corpora import arguments, machine, table
from monitor.feeds.parse import parse, warm_up
from monitor.feeds.plain import UnsureError, plain
from monitor.feeds.retrieve import Retrieved, body_hash
from monitor.reading import read
from monitor.sandbox import Sandbox

FEWEST, MOST = 20, 60
DOCUMENTS = 60
ROUNDS = 5
URL = "http://feed.example/feed.xml"


@dataclass(frozen=True, slots=True)
class Captured:
    """A document, the hashes of its items, and whether it is read without feedparser."""

    document: bytes
    items: tuple[bytes, ...]
    hash: str
    plain: bool
    content_type: str = "application/rss+xml"


def main() -> None:
    """Measure and print."""
    chosen = arguments(__doc__.partition("\n")[0]).parse_args()
    captured = list(documents(chosen.corpora))
    result: dict[str, Any] = {
        "machine": machine(),
        "documents": len(captured),
        "KB": round(statistics.mean(len(one.document) for one in captured) / 1000),
        "items": round(statistics.mean(len(one.items) for one in captured)),
        "plain": sum(one.plain for one in captured),
        "rows": asyncio.run(measured(captured)),
    }
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['machine']}\n")
    print(
        f"{result['documents']} captured feeds of {result['items']} items and {result['KB']} KB, "
        f"{result['plain']} of them plain\n"
    )
    print(table(result["rows"]))


def documents(corpora: Path) -> Sequence[Captured]:
    """Captured feeds of a common size that can be cut, the first ones of the index."""
    with (corpora / "feeds" / "INDEX.tsv").open(encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index, delimiter="\t") if FEWEST <= int(row["entries"]) <= MOST]
    found: list[Captured] = []
    with tarfile.open(corpora / "feeds" / "feeds.tar.xz") as archive:
        for row in rows:
            file = archive.extractfile(row["file"])
            document = file.read() if file else b""
            items = parse(document, url=URL).items
            if items:
                found.append(Captured(document, items, body_hash(document), is_plain(document)))
    return found[:DOCUMENTS]


def is_plain(document: bytes) -> bool:
    """Whether it is read without feedparser."""
    try:
        return bool(plain(document.lstrip()))
    except UnsureError:
        return False


async def measured(captured: Sequence[Captured]) -> list[dict[str, Any]]:
    """Milliseconds a document of each way, and how many times cheaper than feedparser's."""
    with Sandbox(1, preload=("monitor.feeds.parse",)) as sandbox:

        async def ours(one: Captured, known: Sequence[bytes], hashed: str = "") -> None:
            if body_hash(one.document) != hashed:
                retrieved = Retrieved(url=URL, status=200, body=one.document, content_type=one.content_type)
                await read(sandbox, retrieved, known=dict.fromkeys(known, 1))

        async def theirs(one: Captured, **options: bool) -> None:
            feedparser.parse(io.BytesIO(one.document), **options)

        warm_up()
        taken = await best(
            {
                "feedparser.parse, its defaults": theirs,
                "without its clean-ups": lambda one: theirs(
                    one, sanitize_html=False, resolve_relative_uris=False
                ),
                "whole document": lambda one: ours(one, ()),
                "one new item": lambda one: ours(one, one.items[1:]),
                "no new item, other bytes": lambda one: ours(one, one.items),
                "the same bytes": lambda one: ours(one, one.items, one.hash),
            },
            captured,
        )
    base = taken["feedparser.parse, its defaults"]
    return [
        {
            "": name,
            "ms a document": round(statistics.mean(times), 3),
            "times cheaper": round(statistics.mean(base) / statistics.mean(times), 1),
            **apart(captured, times),
        }
        for name, times in taken.items()
    ]


def apart(captured: Sequence[Captured], times: Sequence[float]) -> dict[str, float]:
    """Milliseconds of plain documents and of others."""
    kinds = {"plain": True, "not plain": False}
    found = {
        name: [ms for one, ms in zip(captured, times, strict=True) if one.plain is kind]
        for name, kind in kinds.items()
    }
    return {name: round(statistics.mean(some), 3) for name, some in found.items() if some}


async def best(
    ways: dict[str, Callable[[Captured], Awaitable[None]]], captured: Sequence[Captured]
) -> dict[str, list[float]]:
    """Milliseconds of each document: each in the best of some rounds, the others measure the neighbours."""
    best_of = {name: [math.inf] * len(captured) for name in ways}
    for _ in range(ROUNDS):
        for number, one in enumerate(captured):
            for name, way in ways.items():
                began = time.perf_counter()
                await way(one)
                best_of[name][number] = min(best_of[name][number], time.perf_counter() - began)
    return {name: [seconds * 1000 for seconds in times] for name, times in best_of.items()}


if __name__ == "__main__":
    main()

"""What reading a feed's document costs: whole, with one new item, with none, with the same bytes.

    python -m benchmarks.parse [CORPORA] [--json]

Documents are the corpora's captured feeds of 20 to 60 items. Ours are read in a child of the sandbox, as in
production: sending the document there and the entries back is counted. Beside them, in the same process and
in turns, `feedparser.parse` with its defaults. "Same bytes" is what a poll does before anything else: a hash.
"""

import asyncio
import csv
import io
import json
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
from monitor.feeds.retrieve import body_hash
from monitor.sandbox import Sandbox

FEWEST, MOST = 20, 60
DOCUMENTS = 60
ROUNDS = 5
URL = "http://feed.example/feed.xml"


@dataclass(frozen=True, slots=True)
class Captured:
    """A document, and the hashes of its items."""

    document: bytes
    items: tuple[bytes, ...]
    hash: str


def main() -> None:
    """Measure and print."""
    chosen = arguments(__doc__.partition("\n")[0]).parse_args()
    captured = list(documents(chosen.corpora))
    result: dict[str, Any] = {
        "machine": machine(),
        "documents": len(captured),
        "KB": round(statistics.mean(len(one.document) for one in captured) / 1000),
        "items": round(statistics.mean(len(one.items) for one in captured)),
        "rows": asyncio.run(measured(captured)),
    }
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['machine']}\n")
    print(f"{result['documents']} captured feeds of {result['items']} items and {result['KB']} KB\n")
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
                found.append(Captured(document, items, body_hash(document)))
    return found[:DOCUMENTS]


async def measured(captured: Sequence[Captured]) -> list[dict[str, Any]]:
    """Milliseconds a document of each way, and how many times cheaper than feedparser's."""
    with Sandbox(1, preload=("monitor.feeds.parse",)) as sandbox:

        async def ours(one: Captured, known: Sequence[bytes]) -> None:
            await sandbox.run(parse, one.document, url=URL, known=frozenset(known), timeout=60)

        async def theirs(one: Captured) -> None:
            feedparser.parse(io.BytesIO(one.document))

        async def same(one: Captured) -> None:
            assert body_hash(one.document) == one.hash

        ways: dict[str, Callable[[Captured], Awaitable[None]]] = {
            "feedparser.parse, its defaults": theirs,
            "whole document": lambda one: ours(one, ()),
            "one new item": lambda one: ours(one, one.items[1:]),
            "no new item, other bytes": lambda one: ours(one, one.items),
            "same bytes": same,
        }
        warm_up()
        taken = {name: await best(way, captured) for name, way in ways.items()}
    base = taken["feedparser.parse, its defaults"]
    return [
        {"": name, "ms a document": round(ms, 3), "times cheaper": round(base / ms, 1)}
        for name, ms in taken.items()
    ]


async def best(way: Callable[[Captured], Awaitable[None]], captured: Sequence[Captured]) -> float:
    """Milliseconds a document, in the best of some rounds: the others measure the neighbours."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for one in captured:
            await way(one)
        rounds.append((time.perf_counter() - began) / len(captured) * 1000)
    return min(rounds)


if __name__ == "__main__":
    main()

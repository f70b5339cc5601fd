"""How long does `monitor topic test` take over a million stored entries?

    python -m benchmarks.backtest [CORPORA] [--entries 1000000] [--keep FILE] [--json]

Entries are made of the corpora's articles: a title and a stretch of forty words, as feeds carry them, spread
over thirty days and stored as the monitor stores them. What is measured is the whole command, as a user sees
it: a new process, its imports, the answer; once with nothing of the database in the system's page cache
(`cold`), then again (`warm`); `cpu s` is the processor time of the latter, to compare on a busy machine.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.corpora import arguments, article_texts, machine, table
from monitor.documents import document_of
from monitor.feeds.entry import Entry
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.records import NewEntry
from monitor.topics.text import index_text

DAYS = 30
WORDS = 40
A_COMMIT = 5_000
STRETCHES = 50_000
"""Different summaries; titles are drawn anew for each entry."""

SELECTIVE = (
    '"Taiwan Strait"',
    "(spy OR surveillance) NEAR/5 balloon*",
    'Cuba NOT ("Cuba Gooding" OR "Cuba libre")',
    '"North Korea" NEAR/10 (missile* OR launch*) AND Guam',
    "filibuster AND gerrymander*",
    "台湾海峡",
)
BROAD = ("president",)


def main() -> None:
    """Build, measure and print."""
    options = arguments((__doc__ or "").partition("\n")[0])
    options.add_argument("--entries", type=int, default=1_000_000, help="how many (default %(default)s)")
    options.add_argument("--keep", type=Path, help="the database, made if it is not there, kept afterwards")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.keep or Path(folder) / "monitor.db"
        seconds = 0.0 if path.exists() else build(path, entries=chosen.entries, corpora=chosen.corpora)
        result = measure(path) | {"build_s": round(seconds, 1), "entries": chosen.entries}
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['machine']}\n{chosen.entries:,} entries, {result['megabytes']:,} MB")
    print(table(result["queries"]))


def build(path: Path, *, entries: int, corpora: Path, feeds: Sequence[str] = ("A",)) -> float:
    """Fill a database with entries of feeds of these names; returns the seconds that it took."""
    begun, hour = time.perf_counter(), timedelta(hours=1)
    now = datetime.now(UTC)
    store = open_store(path)
    follows = [Follow(url=address_of(name), name=name, interval=hour) for name in feeds]
    store.follow(follows, now=now)
    ids = [state.feed_id for state in store.claim_due(now=now, limit=len(follows), lease=hour)]
    made = new_entries(ids, list(article_texts(corpora)), random.Random(1))
    commits = -(-entries // A_COMMIT)
    for number in range(commits):
        seen_at = now - timedelta(days=DAYS) * (1 - number / commits)
        count = min(A_COMMIT, entries - number * A_COMMIT)
        store.add_entries([next(made) for _ in range(count)], now=seen_at)
    store.close()
    return time.perf_counter() - begun


def address_of(feed: str) -> str:
    """Where a feed of this name would be."""
    return f"https://example.org/{feed.replace(' ', '-')}"


def new_entries(
    feed_ids: Sequence[int], articles: Sequence[tuple[str, str]], chance: random.Random
) -> Iterator[NewEntry]:
    """Entries without end; titles and summaries are folded once and put together anew."""
    titles = [(title, _folded(title)) for title, _ in articles]
    summaries = [(f"<p>{text}</p>", _folded(text)) for text in _stretches(articles, chance)]
    number = 0
    while True:
        number += 1
        (title, folded_title), (summary, folded_summary) = chance.choice(titles), chance.choice(summaries)
        link = f"https://example.org/{number}"
        yield NewEntry(
            feed_id=feed_ids[number % len(feed_ids)],
            entry=Entry(guid=str(number), link=link, title=title, summary=summary),
            keys=(number.to_bytes(8),),
            content_hash=b"",
            index_text=(folded_title, folded_summary),
        )


def measure(path: Path) -> dict[str, Any]:
    """All figures."""
    rows = [_row(path, query, kind) for kind, queries in _QUERIES for query in queries]
    return {
        "machine": machine(),
        "megabytes": path.stat().st_size // 1_000_000,
        "queries": rows,
    }


_QUERIES = (("selective", SELECTIVE), ("broad", BROAD))


def _row(path: Path, query: str, kind: str) -> dict[str, Any]:
    forget_pages(path)
    cold, _, answer = _ask(path, query)
    warm, cpu = min(_ask(path, query)[:2] for _ in range(3 if kind == "selective" else 1))
    return {
        "query": query,
        "kind": kind,
        "caught": answer["total"],
        "looked at": answer["looked_at"],
        "cold s": round(cold, 2),
        "warm s": round(warm, 2),
        "cpu s": round(cpu, 2),
    }


def _ask(path: Path, query: str) -> tuple[float, float, dict[str, Any]]:
    """Seconds by the clock and of the processor, and the answer."""
    command = [sys.executable, "-m", "monitor", "topic", "test", query, "--db", str(path), "--since", "31d"]
    begun, used = time.perf_counter(), _children_seconds()
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return seconds, _children_seconds() - used, json.loads(done.stdout)


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _stretches(articles: Sequence[tuple[str, str]], chance: random.Random) -> Iterator[str]:
    texts = [text.split(" ") for _, text in articles]
    for _ in range(STRETCHES):
        words = chance.choice(texts)
        start = chance.randrange(max(1, len(words) - WORDS))
        yield " ".join(words[start : start + WORDS])[: 12 * WORDS]  # not a whole article in Chinese


def _folded(text: str) -> str:
    entry = Entry(guid="", link="", title=text)
    return index_text(document_of(entry, feed=""))[0]


def forget_pages(path: Path) -> None:
    """Ask the system to forget what it keeps of the file in memory."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    main()

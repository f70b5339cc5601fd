"""How many documents a second the percolator matches, beside one regex and one FTS5 query a topic.

    python -m benchmarks.percolate [CORPORA] [--json]

Documents are made of the corpora's articles, word for word; topics are drawn from the same texts, once from
the names in them and once from all words (see drawn.py). Everything that production does for a document is
counted: laying out, folding, the presearch, verifying, and the spans of every match; garbage is looked for as
often as there. A build is from parsed queries; what parsing them takes stands beside it.
"""

import gc
import json
import random
import re
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.corpora import arguments, article_texts, machine, memory_mb, table
from benchmarks.drawn import DRAWS, Asked, Draw
from monitor.__main__ import GARBAGE_AFTER
from monitor.topics.document import Document
from monitor.topics.parser import parse
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic

SIZES = (10, 100, 1_000, 10_000, 100_000)
ARTICLE_WORDS, SUMMARY_WORDS = 700, 40
SECONDS = 1.5
"""How long each figure is measured, at least."""

REGEX_TOPICS, FTS_TOPICS, FTS_BATCH = 300, 1_000, 100
"""How many topics the slow ways are measured with; documents in one FTS5 table."""


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__.partition("\n")[0])
    options.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="numbers of topics")
    options.add_argument("--draws", nargs="*", choices=DRAWS, default=DRAWS, help="what topics ask for")
    chosen = options.parse_args()
    gc.set_threshold(GARBAGE_AFTER)
    texts = list(article_texts(chosen.corpora))
    results = {name: measure(texts, draw=DRAWS[name], sizes=chosen.sizes) for name in chosen.draws}
    if chosen.json:
        print(json.dumps({"machine": machine(), **results}, indent=1))
        return
    print(machine())
    for name, result in results.items():
        for kind in ("articles", "summaries"):
            print(f"\ntopics of {name}, {kind}: {result[kind]['words']} words\n{table(result[kind]['rows'])}")
        print(f"\ntopics of {name}\n{table(result['builds'])}")


def measure(texts: Sequence[tuple[str, str]], *, draw: type[Draw], sizes: Sequence[int]) -> dict[str, Any]:
    """All figures for topics that are drawn in one way."""
    kinds = {
        "articles": documents(texts, ARTICLE_WORDS, in_content=True),
        "summaries": documents(texts, SUMMARY_WORDS, in_content=False),
    }
    queries = draw(texts, random.Random(20))
    drawn = [queries.draw() for _ in range(max(sizes))]
    del queries
    topics, parsing = parsed(drawn)
    result: dict[str, Any] = {"builds": []}
    for name, each in kinds.items():
        result[name] = {"words": statistics.mean(map(_count, each)), "rows": []}
    for size in sizes:
        percolator, build = built(topics[:size])
        for name, each in kinds.items():
            slow = slow_ways(drawn, each)  # beside each row, since machines are noisy
            result[name]["rows"].append(matched(percolator, each, slow))
        result["builds"].append({**build, "parsed s": parsing * size, **added(percolator)})
        del percolator
    return result


# --- documents and topics ---------------------------------------------------------------------------------


def documents(texts: Sequence[tuple[str, str]], words: int, *, in_content: bool) -> list[Document]:
    """Documents of so many words, title included; a text that is too short is followed by the next one."""
    made: list[Document] = []
    waiting = iter(texts)
    for title, first in waiting:
        text = first
        while _words(title) + _words(text) < words:
            following = next(waiting, None)
            if following is None:
                return made
            text = f"{text}\n\n{following[1]}"
        body = _first_words(text, words - _words(title))
        made.append(
            Document(title=title, content=body) if in_content else Document(title=title, summary=body)
        )
    return made


# --- measuring --------------------------------------------------------------------------------------------


def parsed(drawn: Sequence[Asked]) -> tuple[list[Topic], float]:
    """The topics, and how many seconds each took to parse."""
    start = time.process_time()
    topics = [Topic(name=str(number), query=parse(asked.text).node) for number, asked in enumerate(drawn)]
    return topics, (time.process_time() - start) / len(drawn)


def built(topics: Sequence[Topic]) -> tuple[Percolator, dict[str, Any]]:
    """A percolator, and what it took until its first document was matched and garbage was looked for once."""
    gc.collect()
    before, start = memory_mb(), time.process_time()
    percolator = Percolator(topics)
    percolator.match(Document(title="x"))
    gc.collect()
    seconds = time.process_time() - start
    mb = memory_mb() - before
    return percolator, {"topics": len(topics), "build s": seconds, "MB": round(mb)}


def added(percolator: Percolator) -> dict[str, Any]:
    """What adding one topic takes, the first match after it included, in milliseconds."""
    document, times = Document(title="x"), []
    for number in range(200):
        topic = Topic(name=f"added {number}", query=parse(f"newword{number} AND another{number}").node)
        start = time.process_time()
        percolator.add(topic)
        percolator.match(document)
        times.append((time.process_time() - start) * 1e3)
    return {"one added ms": statistics.median(times), "at most": max(times)}


def matched(percolator: Percolator, documents: Sequence[Document], slow: dict[str, float]) -> dict[str, Any]:
    """A row of the table: the percolator's speed, and how often it is that of the slow ways."""
    size, matches = len(percolator), 0
    for document in documents[:200]:
        matches += len(percolator.match(document))
    seconds = _seconds_each(percolator.match, documents)
    return {
        "topics": size,
        "documents/s": 1 / seconds,
        "µs each": seconds * 1e6,
        "matches each": matches / len(documents[:200]),
        "× one regex a topic": slow["regex"] * size / seconds,
        "× one FTS5 query a topic": (slow["fts insert"] + slow["fts"] * size) / seconds,
    }


def slow_ways(drawn: Sequence[Asked], documents: Sequence[Document]) -> dict[str, float]:
    """Seconds a document and topic of one regex a topic, and of one FTS5 query a topic."""
    regexes = [asked.regex() for asked in drawn[:REGEX_TOPICS]]
    texts = [
        f"{document.title}\n\n{document.summary}{document.content}" for document in documents[:FTS_BATCH]
    ]

    def by_regex(text: str) -> int:
        return sum(search(text) for search in regexes)

    insert, query = _fts([asked.fts for asked in drawn[:FTS_TOPICS]], texts)
    return {"regex": _seconds_each(by_regex, texts) / len(regexes), "fts": query, "fts insert": insert}


def _fts(queries: Sequence[str], texts: Sequence[str]) -> tuple[float, float]:
    """Seconds to index one document, and to ask one query for one document, asked of a batch at once."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE entries USING fts5(body, tokenize='unicode61 remove_diacritics 2')"
    )
    start = time.process_time()
    database.executemany("INSERT INTO entries (body) VALUES (?)", [(text,) for text in texts])
    inserted = time.process_time()
    for query in queries:
        database.execute("SELECT rowid FROM entries WHERE entries MATCH ?", (query,)).fetchall()
    asked = time.process_time()
    return (inserted - start) / len(texts), (asked - inserted) / len(queries) / len(texts)


def _seconds_each(do: Callable[[Any], object], things: Sequence[Any]) -> float:
    """Seconds for one of the things, measured for SECONDS at least; the best of three parts."""
    best, waiting = float("inf"), _forever(things)
    for _ in range(3):
        start, done = time.process_time(), 0
        while (passed := time.process_time() - start) < SECONDS / 3:
            for _ in range(10):
                do(next(waiting))
            done += 10
        best = min(best, passed / done)
    return best


def _forever(things: Sequence[Any]) -> Iterator[Any]:
    while True:
        yield from things


def _words(text: str) -> int:
    return len(text.split())


def _count(document: Document) -> int:
    return sum(map(_words, (document.title, document.summary, document.content)))


def _first_words(text: str, count: int) -> str:
    """The text up to the end of its so-many-th word, as it stands."""
    end = 0
    for number, found in enumerate(re.finditer(r"\S+", text)):
        if number == count:
            break
        end = found.end()
    return text[:end]


if __name__ == "__main__":
    main()

"""How many documents a second the percolator matches, beside one regex and one FTS5 query a topic.

    python -m benchmarks.percolate [CORPORA] [--json]

Documents are made of the corpora's articles, word for word; topics are drawn from the same words, never the
everyday ones: single words, phrases, AND, OR, NOT and NEAR. Everything that production does for a document is
counted: laying out, folding, the presearch, verifying, and the spans of every match. Parsing the queries is
not counted into a build.
"""

import gc
import json
import random
import re
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.corpora import arguments, article_texts, machine, memory_mb, table
from monitor.topics.document import Document
from monitor.topics.parser import parse
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic

SIZES = (10, 100, 1_000, 10_000, 100_000)
ARTICLE_WORDS, SUMMARY_WORDS = 700, 40
SECONDS = 1.5
"""How long each figure is measured, at least."""

MOST_TEXTS = 0.05
"""A word that stands in more of the texts is nobody's topic."""

REGEX_TOPICS, FTS_TOPICS, FTS_BATCH = 300, 1_000, 100
"""How many topics the slow ways are measured with; documents in one FTS5 table."""

_WORD = re.compile(r"[A-Za-z]+")


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__.partition("\n")[0])
    options.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="numbers of topics")
    chosen = options.parse_args()
    texts = list(article_texts(chosen.corpora))
    result = measure(texts, sizes=chosen.sizes)
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['machine']}\n")
    for name in ("articles", "summaries"):
        print(f"{name}: {result[name]['words']} words\n{table(result[name]['rows'])}\n")
    print(f"topics\n{table(result['builds'])}")


def measure(texts: Sequence[tuple[str, str]], *, sizes: Sequence[int]) -> dict[str, Any]:
    """All figures."""
    kinds = {
        "articles": documents(texts, ARTICLE_WORDS, in_content=True),
        "summaries": documents(texts, SUMMARY_WORDS, in_content=False),
    }
    queries = Queries(texts, random.Random(20))
    drawn = [queries.draw() for _ in range(max(sizes))]
    topics = [Topic(name=str(number), query=parse(asked.text).node) for number, asked in enumerate(drawn)]
    result: dict[str, Any] = {"machine": machine(), "builds": []}
    slow = {name: slow_ways(drawn, each) for name, each in kinds.items()}
    for name, each in kinds.items():
        result[name] = {"words": statistics.mean(map(_count, each)), "rows": []}
    for size in sizes:
        percolator, build = built(topics[:size])
        for name, each in kinds.items():
            result[name]["rows"].append(matched(percolator, each, slow[name]))
        result["builds"].append(
            {**build, "MB after": round(memory_mb() - build.pop("before")), **added(percolator)}
        )
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A drawn query: its kind and its words or phrases."""

    kind: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """As an analyst types it."""
        quoted = [f'"{part}"' if " " in part else part for part in self.parts]
        joiner = {"and": " AND ", "or": " OR ", "not": " NOT ", "near": " NEAR/5 "}.get(self.kind, "")
        return joiner.join(quoted)

    @property
    def fts(self) -> str:
        """As FTS5 has it."""
        quoted = [f'"{part}"' for part in self.parts]
        if self.kind == "near":
            return f"NEAR({' '.join(quoted)}, 5)"
        return {"and": " AND ", "or": " OR ", "not": " NOT "}.get(self.kind, "").join(quoted)

    def regex(self) -> Callable[[str], bool]:
        """As regular expressions, one for each thing that must or must not be there."""
        forms = [r"\W+".join(rf"{word}(?:'?s|s')?" for word in part.split()) for part in self.parts]
        if self.kind == "near":
            one, other = forms
            between = r"\W+(?:\w+\W+){0,5}?"
            forms = [rf"(?:{one}){between}(?:{other})|(?:{other}){between}(?:{one})"]
        if self.kind == "or":
            forms = ["|".join(forms)]
        first, *rest = [re.compile(rf"\b(?:{form})\b", re.IGNORECASE).search for form in forms]
        if not rest:
            return lambda text: first(text) is not None
        second, wanted = rest[0], self.kind == "and"
        return lambda text: first(text) is not None and (second(text) is not None) == wanted


class Queries:
    """Draws queries from the texts' own words: each word that is not everyday is as likely as any other."""

    def __init__(self, texts: Sequence[tuple[str, str]], dice: random.Random) -> None:
        self.dice = dice
        self.texts = [_WORD.findall(f"{title} {text}") for title, text in texts]
        counts = Counter(word.lower() for words in self.texts for word in set(words) if len(word) > 2)
        most = MOST_TEXTS * len(self.texts)
        self.words: list[str] = sorted(word for word, count in counts.items() if 1 < count <= most)
        self.known = frozenset(self.words)

    def draw(self) -> Asked:
        """A third single words, a quarter phrases, the others joined by operators."""
        kind = self.dice.choices(("word", "phrase", "and", "or", "not", "near"), (33, 25, 17, 10, 5, 10))[0]
        if kind in ("word", "phrase"):
            return Asked(kind, (self._word() if kind == "word" else self._phrase(),))
        count = self.dice.choice((2, 3, 4)) if kind == "or" else 2
        if kind in ("and", "near"):
            return Asked(kind, tuple(self._together()))
        return Asked(kind, tuple(self._word_or_phrase() for _ in range(count)))

    def _word(self) -> str:
        return self.dice.choice(self.words)

    def _word_or_phrase(self) -> str:
        return self._phrase() if self.dice.random() < 0.3 else self._word()

    def _phrase(self) -> str:
        """Two or three words that stand together in a text, of which one at least is not everyday."""
        while True:
            words = self.dice.choice(self.texts)
            length = self.dice.choice((2, 2, 3))
            start = self.dice.randrange(len(words))
            phrase = [word.lower() for word in words[start : start + length]]
            if len(phrase) > 1 and phrase[0] in self.known and all(len(word) > 2 for word in phrase):
                return " ".join(phrase)

    def _together(self) -> list[str]:
        """Two words of one text."""
        while True:
            words = [word.lower() for word in self.dice.choice(self.texts)]
            start = self.dice.randrange(len(words))
            near = [word for word in words[start : start + 8] if word in self.known]
            if len(set(near)) > 1:
                return self.dice.sample(sorted(set(near)), 2)


# --- measuring --------------------------------------------------------------------------------------------


def built(topics: Sequence[Topic]) -> tuple[Percolator, dict[str, Any]]:
    """A percolator, and what it took until its first document was matched."""
    gc.collect()
    before, start = memory_mb(), time.process_time()
    percolator = Percolator(topics)
    percolator.match(Document(title="x"))
    seconds = time.process_time() - start
    gc.collect()
    mb = memory_mb() - before
    return percolator, {"topics": len(topics), "build s": seconds, "MB": round(mb), "before": before}


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

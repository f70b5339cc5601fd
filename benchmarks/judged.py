"""Headlines that were judged by reading: which desk would be glad of an alert about this one?

The labels (relevance_labels.tsv) name headlines of the corpora by data set, date and hash: the texts are
others' and stay there. relevance_headlines.tsv holds headlines of our own writing. A hash splits both in two
halves: the queries were tuned while looking at one of them only, the other is for the report.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpora import json_lines

HERE = Path(__file__).parent
LABELS = HERE / "relevance_labels.tsv"
HEADLINES = HERE / "relevance_headlines.tsv"

HALVES = ("tune", "report")
SOURCES = ("corpora", "written")

Key = tuple[str, str, str]
"""Data set, date and hash of a headline in the corpora."""

Row = dict[str, Any]
"""A line of a data set; each has its own form."""

Dated = Iterable[tuple[str, str | None]]
"""Dates and headlines, as the data set writes them."""

_Reader = Callable[[Row], Dated]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A headline and the desks that would be glad of it."""

    text: str
    desks: frozenset[str]
    source: str
    half: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What was judged of a headline whose text stands in the corpora."""

    key: Key
    desks: frozenset[str]
    half: str


def read_judged(corpora: Path) -> tuple[list[Judged], int]:
    """All judged headlines, and how many labels found no headline in the corpora."""
    labels = {label.key: label for label in read_labels(LABELS)}
    texts = {key: text for key, text in corpus_headlines(corpora) if key in labels}
    judged = [
        Judged(text=text, desks=labels[key].desks, source="corpora", half=labels[key].half)
        for key, text in texts.items()
    ]
    return [*judged, *read_headlines(HEADLINES)], len(labels) - len(texts)


def read_labels(path: Path) -> Iterator[Label]:
    """The labels of headlines that stand in the corpora."""
    for dataset, date, digest, desks, found in _rows(path):
        half = "tune" if found == "pool" else half_of(digest)
        yield Label(key=(dataset, date, digest), desks=_desks(desks), half=half)


def read_headlines(path: Path) -> Iterator[Judged]:
    """The headlines of our own writing."""
    for desks, half, text in _rows(path):
        by_hash = half_of(digest_of(text))
        yield Judged(text=text, desks=_desks(desks), source="written", half=by_hash if half == "-" else half)


def corpus_headlines(corpora: Path) -> Iterator[tuple[Key, str]]:
    """Every headline of the corpora with its key."""
    for dataset, (file, read) in _DATASETS.items():
        for row in json_lines(corpora / file):
            for date, text in read(row):
                if text := (text or "").strip():
                    yield (dataset, date or "", digest_of(text)), text


def digest_of(text: str) -> str:
    """What names a headline without holding it."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def half_of(digest: str) -> str:
    """The half that a headline belongs to, for ever."""
    return HALVES[int(hashlib.sha256(f"half {digest}".encode()).hexdigest(), 16) % 2]


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _desks(text: str) -> frozenset[str]:
    return frozenset() if text == "-" else frozenset(text.split(","))


def _field(name: str) -> _Reader:
    """A row is one headline, in this field."""
    return lambda row: [(row["date"], row[name])]


def _cluster(date: str) -> _Reader:
    """A row is several headlines on one happening."""
    return lambda row: [(date, item["title"]) for item in row["docs"]]


def _pair(row: Row) -> Dated:
    return [("2020", row[side]["title"]) for side in "ab"]


def _bulletin(row: Row) -> Dated:
    """A row is a transcript that begins with its numbered headlines."""
    return [(row["date"], found[1].strip("；;。 ")) for found in _NUMBERED.finditer(row["text"])]


_NUMBERED = re.compile(r"(?:^|\n)\s*(?:\d+\.|（\d+）)\s*(.+?)[；;。]?\s*(?=\n|$)")

_DATASETS: Mapping[str, tuple[str, _Reader]] = {
    "wikipedia": ("topics/wikipedia_current_events_2016-2021.jsonl.gz", _field("text")),
    "allsides": ("articles/allsides_articles_2012-2020.jsonl.gz", _field("title")),
    "huffpost": ("articles/huffpost_category_9998.jsonl.gz", _field("headline")),
    "neus": ("clusters/neus_events.jsonl.gz", _cluster("")),
    "uci": ("clusters/uci_stories_2014.jsonl.gz", _cluster("2014")),
    "readhub": ("articles/readhub_zh_2023.jsonl.gz", _field("title")),
    "tgcontest": ("clusters/tgcontest_pairs_2020.jsonl.gz", _pair),
    "cctv": ("articles/cctv_xwlb_zh_2023.jsonl.gz", _bulletin),
}

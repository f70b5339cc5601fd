"""How well do the shipped topics tell wanted headlines from the others, beside two plain ways?

    python -m benchmarks.relevance [CORPORA] [--json] [--errors tune|report]

Precision and recall of the shipped watchlist on headlines alone, on the half that it was tuned on and on the
other. The plain ways are the topic's name as a phrase (what a watchlist of three strings does) and as a
substring (what `grep -i` does).
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import compress, product
from math import sqrt
from pathlib import Path

from benchmarks.corpora import arguments, machine
from benchmarks.judged import HALVES, SOURCES, Judged, read_judged
from monitor.config import load
from monitor.topics.document import Document
from monitor.topics.percolator import Percolator
from monitor.topics.query import Phrase
from monitor.topics.topic import Topic

CONFIG = Path(__file__).parent.parent / "config"

TOPICS = {"taiwan": "Taiwan Strait", "balloon": "spy balloon", "cuba": "Cuba"}
"""The desks of the labels, and the topic that works for each."""

Z = 1.96
"""Of the normal distribution, for intervals of 95 %."""

Way = Callable[[str], frozenset[str]]
"""From a headline to the desks that would be alerted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share of a count, and the Wilson interval of what it estimates."""

    hits: int
    of: int
    share: float | None
    low: float
    high: float

    def __str__(self) -> str:
        shown = "  — " if self.share is None else f"{self.share:4.2f}"
        return f"{shown} ({self.hits}/{self.of}, {self.low:4.2f}–{self.high:4.2f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one way did for one topic on some of the headlines."""

    topic: str
    half: str
    source: str
    way: str
    precision: Rate
    recall: Rate


def main() -> None:
    parser = arguments((__doc__ or "").splitlines()[0])
    parser.add_argument("--errors", choices=HALVES, help="list the false alarms and misses of one half, too")
    options = parser.parse_args()
    judged, missing = read_judged(options.corpora)
    ways = all_ways()
    scores = list(measure(judged, ways))
    errors = list(_errors(judged, ways["watchlist"], options.errors))
    if options.json:
        found = {**machine(), "headlines": len(judged), "missing": missing, "errors": errors}
        print(json.dumps({**found, "scores": [asdict(score) for score in scores]}, ensure_ascii=False))
    else:
        print(_summary(judged, missing), *_table(scores), *errors, sep="\n")


# --- the ways ---


def all_ways() -> Mapping[str, Way]:
    """The shipped watchlist, and what it is measured against."""
    return {
        "watchlist": percolated(shipped_topics()),
        "phrase": percolated(plain_topics()),
        "substring": substring,
    }


def shipped_topics() -> list[Topic]:
    """The topics of the shipped watchlist that the desks' labels are for."""
    topics = load(CONFIG, environ=os.environ).topics
    return [topic for topic in topics if topic.name in TOPICS.values()]


def plain_topics() -> list[Topic]:
    """The same topics as a watchlist of bare strings has them."""
    return [Topic(name=name, query=Phrase(text=name)) for name in TOPICS.values()]


def percolated(topics: Sequence[Topic]) -> Way:
    """The desks whose topic matches the headline as a title."""
    percolator = Percolator(topics)
    desk_of = {name: desk for desk, name in TOPICS.items()}

    def alerted(headline: str) -> frozenset[str]:
        return frozenset(desk_of[match.topic] for match in percolator.match(Document(title=headline)))

    return alerted


def substring(headline: str) -> frozenset[str]:
    """The desks whose topic's name stands anywhere in the headline's letters."""
    folded = headline.casefold()
    return frozenset(desk for desk, name in TOPICS.items() if name.casefold() in folded)


# --- the measures ---


def measure(judged: Sequence[Judged], ways: Mapping[str, Way]) -> Iterator[Score]:
    """Each way's score for each topic, on each half, over all headlines and by where they are from."""
    alerted = {way: [alert(headline.text) for headline in judged] for way, alert in ways.items()}
    for desk, half, source in product(TOPICS, HALVES, ("all", *SOURCES)):
        chosen = [headline.half == half and source in ("all", headline.source) for headline in judged]
        for way, desks in alerted.items():
            pairs = [
                (desk in headline.desks, desk in found)
                for headline, found in compress(zip(judged, desks, strict=True), chosen)
            ]
            precision, recall = precision_and_recall(pairs)
            place = {"topic": TOPICS[desk], "half": half, "source": source, "way": way}
            yield Score(**place, precision=precision, recall=recall)


def precision_and_recall(pairs: Sequence[tuple[bool, bool]]) -> tuple[Rate, Rate]:
    """From (wanted, alerted) of each headline."""
    right = sum(wanted and alerted for wanted, alerted in pairs)
    return (
        rate(right, sum(alerted for _, alerted in pairs)),
        rate(right, sum(wanted for wanted, _ in pairs)),
    )


def rate(hits: int, of: int) -> Rate:
    """The share, with its Wilson interval: honest also near 0 and 1 and for few headlines."""
    if not of:
        return Rate(hits=hits, of=of, share=None, low=0.0, high=1.0)
    share, spread = hits / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    reach = Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return Rate(hits=hits, of=of, share=share, low=max(0.0, middle - reach), high=min(1.0, middle + reach))


# --- what is printed ---


def _summary(judged: Sequence[Judged], missing: int) -> str:
    sources = Counter(headline.source for headline in judged)
    lost = f"; {missing} labels found no headline" if missing else ""
    return f"{len(judged)} headlines: {', '.join(f'{sources[name]} {name}' for name in SOURCES)}{lost}"


def _table(scores: Sequence[Score]) -> Iterator[str]:
    """All scores over all headlines; by source only the watchlist's."""
    yield f"{'':38}{'precision':28}recall"
    for score in scores:
        if score.source == "all":
            label = f"{score.topic:14} {score.half:7} {score.way}"
        elif score.way == "watchlist":
            label = f"{'':23}  {score.source}"
        else:
            continue
        yield f"{label:38}{score.precision!s:28}{score.recall}"


def _errors(judged: Sequence[Judged], way: Way, half: str | None) -> Iterator[str]:
    for headline in judged:
        if headline.half == half:
            alerted = way(headline.text)
            for desk in sorted(alerted - headline.desks):
                yield f"false alarm  {TOPICS[desk]:14} {headline.text}"
            for desk in sorted(headline.desks - alerted):
                yield f"miss         {TOPICS[desk]:14} {headline.text}"


if __name__ == "__main__":
    main()

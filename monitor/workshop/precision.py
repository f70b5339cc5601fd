"""How many of a topic's judged hits were relevant: in all, lately, by month, by the query's version. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from monitor.store.judgements import Judgement

LATELY = timedelta(days=30)
"""What "last 30 days" means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """So many of the judged hits were relevant."""

    relevant: int
    judged: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where nothing was judged."""
        return self.relevant / self.judged if self.judged else None

    @property
    def wrong(self) -> int:
        """How many were not relevant."""
        return self.judged - self.relevant

    def __str__(self) -> str:
        if not self.judged:
            return "no hit judged yet"
        return f"{self.relevant} of {self.judged} judged ({round(100 * self.relevant / self.judged)} %)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A topic's precision over time. `months` are "2026-03", those without a judged hit left out."""

    topic: str
    whole: Precision
    lately: Precision
    months: tuple[tuple[str, Precision], ...]
    versions: tuple[tuple[str, Precision], ...]
    """By the version of the query that hit, the oldest first."""

    def __str__(self) -> str:
        if not self.whole.judged:
            return str(self.whole)
        return f"{self.whole}, last {LATELY.days} days {self.lately.relevant} of {self.lately.judged}"


def record_of(topic: str, judgements: Iterable[Judgement], *, now: datetime, zone: tzinfo) -> Record:
    """The topic's precision, by when its hits were found."""
    judged = sorted(judgements, key=lambda judgement: judgement.found_at)
    months: defaultdict[str, list[Judgement]] = defaultdict(list)
    versions: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in judged:
        months[f"{judgement.found_at.astimezone(zone):%Y-%m}"].append(judgement)
        versions[judgement.version].append(judgement)
    return Record(
        topic=topic,
        whole=precision_of(judged),
        lately=precision_of([one for one in judged if one.found_at >= now - LATELY]),
        months=tuple((month, precision_of(some)) for month, some in months.items()),
        versions=tuple((version, precision_of(some)) for version, some in versions.items()),
    )


def records_of(judgements: Iterable[Judgement], *, now: datetime, zone: tzinfo) -> list[Record]:
    """Each topic's precision, by name."""
    by_topic: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_topic[judgement.topic].append(judgement)
    return [record_of(topic, by_topic[topic], now=now, zone=zone) for topic in sorted(by_topic)]


def precision_of(judgements: Sequence[Judgement]) -> Precision:
    """How many of these were relevant."""
    relevant = sum(judgement.verdict == "relevant" for judgement in judgements)
    return Precision(relevant=relevant, judged=len(judgements))

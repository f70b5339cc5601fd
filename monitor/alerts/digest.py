"""How a message about many topics is laid out: what belongs together, and how much of each is shown. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.alerts.alert import MAX_SHOWN, Alert, AlertHit, Section

Parted = tuple[tuple[str, tuple[int, ...]], ...]
"""Ids of hits by their topic; of each topic the oldest first."""


class Found(Protocol):
    """A hit: what it is about, and when it was found."""

    @property
    def hit_id(self) -> int:
        """Its id."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Its labels, with the topic."""

    @property
    def found_at(self) -> datetime:
        """When it was found."""


def by_topic(hits: Iterable[Found]) -> Parted:
    """The hits by topic, the topic with the newest hit first."""
    ordered = sorted(hits, key=lambda hit: (hit.found_at, hit.hit_id))
    topics: defaultdict[str, list[int]] = defaultdict(list)
    newest: dict[str, int] = {}
    for at, hit in enumerate(ordered):
        topic = hit.labels.get("topic", "")
        topics[topic].append(hit.hit_id)
        newest[topic] = at
    return tuple((topic, tuple(topics[topic])) for topic in sorted(topics, key=lambda one: -newest[one]))


def shown(parted: Parted, room: int = MAX_SHOWN) -> Parted:
    """The newest of each topic: as many as there is room for, so that none crowds out another."""
    shares = _shares([len(hit_ids) for _, hit_ids in parted], room)
    return tuple(
        (topic, hit_ids[len(hit_ids) - share :])
        for (topic, hit_ids), share in zip(parted, shares, strict=True)
    )


def sections(parted: Parted, more: Mapping[str, int]) -> tuple[Section, ...]:
    """What of these hits is shown of each topic; `more` were not shown in the first place."""
    told = dict(parted) | {topic: () for topic in more if topic not in dict(parted)}
    return tuple(
        Section(topic=topic, shown=len(hit_ids), more=len(told[topic]) - len(hit_ids) + more.get(topic, 0))
        for topic, hit_ids in shown(tuple(told.items()))
    )


def merged(alerts: Sequence[Alert]) -> tuple[tuple[AlertHit, ...], tuple[Section, ...]]:
    """What one message shows of all that these alerts told: its hits, and how they are parted."""
    hits = {hit.hit_id: hit for alert in alerts for hit in alert.hits}
    parted = by_topic(hits.values())
    visible = tuple(hits[hit_id] for _, hit_ids in shown(parted) for hit_id in hit_ids)
    return visible, sections(parted, _more(alerts))


def _more(alerts: Iterable[Alert]) -> Counter[str]:
    """How many hits of each topic these alerts did not show."""
    more: Counter[str] = Counter()
    for alert in alerts:
        for section in alert.sections:
            more[section.topic] += section.more
        if not alert.sections and alert.more:
            more[alert.hits[-1].labels.get("topic", "")] += alert.more
    return more


def _shares(sizes: Sequence[int], room: int) -> list[int]:
    """One for each in turn, as long as there is room and something left."""
    shares = [0] * len(sizes)
    room = min(room, sum(sizes))
    while room:
        for at, size in enumerate(sizes):
            if room and shares[at] < size:
                shares[at] += 1
                room -= 1
    return shares

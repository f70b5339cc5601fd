"""Whether a hit tells its receivers anything new of a story, and how well a story stands. Pure.

    its topic has told nothing of the story      told: its first, or a topic joins
    an origin that was not told of it            told: it is corroborated
    anything else                                kept: "same story: counted"; the next alert has the number

Counted is a hit of which all routes group by story; the others tell every hit. An edited entry that is to be
told is told anyway.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.alerts.alert import EDITED
from monitor.alerts.route import Route, receivers_of

STORY = "story"
"""The label of a hit's story, and what a route groups by that tells each story once."""
ORIGIN = "origin"
COUNTED = "same story: counted"

ToldOrigins = Mapping[tuple[str, str], frozenset[str]]
"""By story and topic: from which origins was told."""

NAMED = 4
"""Origins that are named in an alert."""


class Waiting(Protocol):
    """What must be known of a hit that waits to be told."""

    @property
    def hit_id(self) -> int:
        """Its number."""

    @property
    def labels(self) -> Mapping[str, str]:
        """What routes see of it."""

    @property
    def found_at(self) -> datetime:
        """When it was found."""

    @property
    def told_groups(self) -> frozenset[str]:
        """The groups that have told it already."""


def counted(pending: Iterable[Waiting], *, told: ToldOrigins, root: Route) -> frozenset[int]:
    """The hits that tell nothing new of their stories: by what was told, and by what waits before them."""
    heard: dict[tuple[str, str], set[str]] = {}
    nothing_new = set()
    for hit in sorted(pending, key=lambda hit: (hit.found_at, hit.hit_id)):
        if STORY not in hit.labels or EDITED in hit.labels:
            continue
        key, origin = (hit.labels[STORY], hit.labels.get("topic", "")), hit.labels.get(ORIGIN, "")
        origins = heard.setdefault(key, set(told.get(key, ())))
        if origin in origins and not hit.told_groups and _tells_once(root, hit.labels):
            nothing_new.add(hit.hit_id)
        origins.add(origin)
    return frozenset(nothing_new)


def _tells_once(root: Route, labels: Mapping[str, str]) -> bool:
    return all(STORY in route.group_by for route in receivers_of(root, labels))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a story stands: how many copies tell it, and its origins, in the order in which they told it."""

    copies: int
    origins: Sequence[str]

    def __str__(self) -> str:
        count = len(self.origins)
        more = f" and {count - NAMED} more" if count > NAMED else ""
        who = "single source" if count == 1 else f"{count} origins"
        copies = f" · {self.copies:,} cop{'y' if self.copies == 1 else 'ies'}" if self.copies else ""
        return f"{who}: {', '.join(self.origins[:NAMED])}{more}{copies}"

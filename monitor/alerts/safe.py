"""An alert's texts made safe to be written in any dialect, each when it is first looked at. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from monitor.alerts.alert import EDITED, MAX_SHOWN, AlertHit, Marked
from monitor.alerts.cut import cut
from monitor.alerts.defuse import defuse, defuse_text, shorten
from monitor.alerts.links import safe_link

NAME, SEVERITY, STORY = 80, 40, 200
"""How much of a topic's or feed's name, of a severity, and of how a story stands is said."""

_LONGEST_TEXT = 5_000
"""Of a longer headline or snippet the rest is not even looked at."""


class SafeHits:
    """Hits, the newest first, whose texts are safe; most messages show few of many."""

    def __init__(self, hits: Iterable[AlertHit]) -> None:
        self._hits: Sequence[AlertHit] = sorted(
            hits, key=lambda hit: (hit.found_at, hit.hit_id), reverse=True
        )[:MAX_SHOWN]
        self._safe: list[AlertHit] = []

    def __len__(self) -> int:
        return len(self._hits)

    def __iter__(self) -> Iterator[AlertHit]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, at: int) -> AlertHit:
        while len(self._safe) <= at:
            self._safe.append(safe_hit(self._hits[len(self._safe)]))
        return self._safe[at]


def safe_hit(hit: AlertHit) -> AlertHit:
    """The hit with every text in it made safe, and its link gone if it is none to follow."""
    return replace(
        hit,
        topic=short(hit.topic),
        labels={
            name: short(value, SEVERITY)
            for name in ("severity", EDITED)
            if (value := hit.labels.get(name, ""))
        },
        headline=_safe_marked(hit.headline),
        snippets=tuple(safe for one in hit.snippets if (safe := _safe_marked(one)).text),
        clauses=tuple(defuse_text(clause[:200]) for clause in hit.clauses),
        link=safe_link(hit.link),
        feed=short(hit.feed),
        story=short(hit.story, STORY),
    )


@lru_cache(maxsize=4096)
def short(text: str, limit: int = NAME) -> str:
    """A name made safe: the same few names come again and again."""
    return cut(defuse_text(text[:_LONGEST_TEXT]), limit)


def cut_marked(marked: Marked, limit: int) -> Marked:
    """The text cut to a limit, with the marks that are left."""
    text = cut(marked.text, limit)
    return marked if text == marked.text else shorten(marked, text)


def _safe_marked(marked: Marked) -> Marked:
    if len(marked.text) > _LONGEST_TEXT:
        marked = cut_marked(marked, _LONGEST_TEXT)
    return defuse(marked)

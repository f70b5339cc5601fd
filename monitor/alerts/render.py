"""An alert → the message that one service shows: safe there, within its limits. Pure.

    Cuba · high                                what it is about, where no title says it

    Spy base near *Havana* grows               headline, linked
    https://example.org/a
    BBC World · Tue 5 Mar 2024, 14:02 CET      feed, and when, in the reader's zone
    – … images of the base near *Havana* …     snippets
    Matched: Havana NEAR/10 base               why
    …
    and 6 more                                 what did not fit
    A-7K3QX-9ZD4M                              the alert's id

What does not fit is left out by the snippet and by the hit, the oldest first, and is counted; the mark-up of
a service is never cut. Does not choose what is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache

from monitor.alerts.alert import EDITED, RETURNED, Alert, AlertHit, Marked
from monitor.alerts.cut import Unit, cut
from monitor.alerts.defuse import defuse, defuse_text, shorten
from monitor.alerts.links import safe_link
from monitor.alerts.markup import END, START, Dialect
from monitor.alerts.message import Message
from monitor.alerts.plan import MAX_SHOWN
from monitor.alerts.services import Service, bare, service_named

MAY_REPEAT = "This may repeat an earlier message."

_LONGEST_TEXT = 5_000
"""Of a longer headline or snippet the rest is not even looked at."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Detail:
    """How much is said of each hit."""

    headline: int
    snippets: int = 0
    snippet: int = 0
    clauses: int = 0


_FULL = _Detail(headline=300, snippets=3, snippet=400, clauses=5)
_SOME = _Detail(headline=250, snippets=1, snippet=240, clauses=3)
_BRIEF = _Detail(headline=160)
_FEW = 3
"""Up to so many hits are told in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """What the whole alert is about, as plain safe text; `severity` is "" unless all its hits share one."""

    topics: str
    severity: str
    total: int
    first: str

    @property
    def count(self) -> str:
        return "" if self.total == 1 else f"{self.total:,} new entries"

    @property
    def title(self) -> str:
        return ": ".join(filter(None, (self.topics, self.count or self.first)))

    @property
    def line(self) -> str:
        return " · ".join(filter(None, (self.topics, self.severity, self.count)))


def render(
    alert: Alert, *, zone: tzinfo, service: str, may_repeat: bool = False, plain: bool = False
) -> Message:
    """The alert as a message for the service of this name (see services.py), times in the reader's zone.

    `plain`: without any mark-up and short, for a service that refused the message as it was.
    """
    takes = bare(service_named(service)) if plain else service_named(service)
    hits = sorted(alert.hits, key=lambda hit: (hit.found_at, hit.hit_id), reverse=True)
    shown = _Hits(hits[:MAX_SHOWN])
    page = _Page(
        subject=_subject(alert, shown),
        hits=shown,
        last=(_after_silence(alert), MAY_REPEAT if may_repeat else "", defuse_text(alert.id)),
        zone=zone,
        service=takes,
    )
    text, marks = _marks_apart(page.fitted(takes.dialect, takes.text, takes.unit))
    return Message(
        title=page.title(),
        text=text,
        format=takes.dialect.format,
        html=page.fitted(takes.html, takes.html_limit, "characters") if takes.html else None,
        marks=marks,
    )


def _after_silence(alert: Alert) -> str:
    """Why so much comes at once."""
    silence = cut(defuse_text(alert.group_labels.get(RETURNED, "")), 40)
    return f"Not heard for {silence}: this is what came since." if silence else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """The alert with all its text made safe, ready to be written in any dialect and length."""

    subject: _Subject
    hits: "_Hits"
    last: tuple[str, ...]
    zone: tzinfo
    service: Service

    def title(self) -> str:
        """The title as plain text, "" where the service has none."""
        takes = self.service
        title = (
            takes.dialect.escape(self.subject.title) if takes.dialect.format == "text" else self.subject.title
        )
        return cut(title, takes.title, takes.unit)

    def fitted(self, dialect: Dialect, limit: int, unit: Unit) -> str:
        """As much as fits: a few hits all in full or shorter, many as long as there is room, or one line."""
        few = len(self.hits) <= _FEW
        text, shown = "", 0
        for detail in (_FULL, _SOME, _BRIEF) if few else (_SOME, _BRIEF):
            blocks = (self._block(hit, detail, dialect) for hit in self.hits)
            text, shown = self._assembled(dialect, blocks, limit, unit)
            if shown >= (len(self.hits) if few else 1):
                return text
        return text if shown else self._line(dialect, limit, unit)

    def _assembled(self, dialect: Dialect, blocks: Iterable[str], limit: int, unit: Unit) -> tuple[str, int]:
        """The message with as many blocks as fit, and how many these are."""
        head = self._head(dialect)
        parts = [head] if head else []
        shown = 0
        used = dialect.size("".join((*dialect.whole, *parts)), unit)
        for block in blocks:
            used += dialect.size(dialect.between + block, unit)
            foot = dialect.between + self._foot(dialect, shown=shown + 1)
            if used + dialect.size(foot, unit) > limit:
                break
            parts.append(block)
            shown += 1
        body = dialect.between.join([*parts, self._foot(dialect, shown=shown)])
        return dialect.whole[0] + body + dialect.whole[1], shown

    def _head(self, dialect: Dialect) -> str:
        """What the alert is about, unless a title says it."""
        line = "" if self.service.title else self.subject.line
        return dialect.paragraph([dialect.bold(dialect.escape(cut(line, 200)))])

    def _foot(self, dialect: Dialect, *, shown: int) -> str:
        left = self.subject.total - shown
        more = [f"and {left:,} more"] if left and self.subject.total > 1 else []
        return dialect.paragraph(dialect.fine(dialect.escape(line)) for line in (*more, *self.last))

    def _block(self, hit: AlertHit, detail: _Detail, dialect: Dialect) -> str:
        headline = dialect.marked(_cut(hit.headline, detail.headline)) or dialect.escape("(no title)")
        link = self._link(hit)
        lines = [dialect.link(headline, link) if link else dialect.bold(headline)]
        lines.append(dialect.fine(dialect.escape(self._where(hit))))
        for snippet in hit.snippets[: detail.snippets]:
            lines.append(f"– {dialect.marked(_cut(snippet, detail.snippet))}")
        clauses = "; ".join(cut(clause, 100) for clause in hit.clauses[: detail.clauses])
        lines.append(dialect.fine(dialect.escape(f"Matched: {clauses}" if clauses else "")))
        return dialect.paragraph(lines)

    def _link(self, hit: AlertHit) -> str:
        """Its link, unless that would leave too little room for anything else."""
        return hit.link if len(hit.link) <= self.service.text // 2 else ""

    def _where(self, hit: AlertHit) -> str:
        """Feed and time, and before them what is not said of all hits at the head."""
        topic = hit.topic if hit.topic != self.subject.topics else ""
        severity = hit.labels.get("severity", "")
        own = severity if self.service.title or severity != self.subject.severity else ""
        edited = "edited" if hit.labels.get(EDITED) else ""
        return " · ".join(filter(None, (topic, own, hit.feed, _when(hit, self.zone), edited)))

    def _line(self, dialect: Dialect, limit: int, unit: Unit) -> str:
        """One line for the tightest limits: what, the link if there is room for it, the id."""
        last = " ".join(filter(None, self.last))
        link = self._link(self.hits[0]) if self.subject.total == 1 else ""
        link = dialect.escape(link) if dialect.format == "html" else link
        end = "".join(f"{dialect.newline}{line}" for line in (link, last) if line) + dialect.whole[1]
        room = limit - dialect.size(dialect.whole[0] + end, unit)
        # Escapes make it longer: cut shorter until it fits, in steps that need few tries.
        for most in range(max(room, 0), -1, -max(1, room // 16)):
            text = dialect.escape(cut(self.subject.title, most, unit))
            if dialect.size(text, unit) <= room:
                return dialect.whole[0] + text + end
        return cut(last, limit, unit)


class _Hits:
    """Hits with every text in them made safe, each when it is first looked at: most messages show few."""

    def __init__(self, hits: Sequence[AlertHit]) -> None:
        self._hits = hits
        self._safe: list[AlertHit] = []

    def __len__(self) -> int:
        return len(self._hits)

    def __iter__(self) -> Iterator[AlertHit]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, at: int) -> AlertHit:
        while len(self._safe) <= at:
            self._safe.append(_safe(self._hits[len(self._safe)]))
        return self._safe[at]


def _subject(alert: Alert, hits: _Hits) -> _Subject:
    topics = [_short(topic, 80) for topic in dict.fromkeys(hit.topic for hit in alert.hits)]
    named = ", ".join(topics) if len(topics) <= _FEW else f"{topics[0]} and {len(topics) - 1} more topics"
    severities = {hit.labels.get("severity", "") for hit in alert.hits}
    return _Subject(
        topics=named,
        severity=_short(severities.pop(), 40) if len(severities) == 1 else "",
        total=len(alert.hits) + alert.more,
        first=hits[0].headline.text if hits else "",
    )


def _safe(hit: AlertHit) -> AlertHit:
    """The hit with every text in it made safe, and its link gone if it is none to follow."""
    return AlertHit(
        hit_id=hit.hit_id,
        topic=_short(hit.topic, 80),
        labels={
            name: _short(value, 40) for name in ("severity", EDITED) if (value := hit.labels.get(name, ""))
        },
        found_at=hit.found_at,
        headline=_safe_marked(hit.headline),
        snippets=tuple(safe for one in hit.snippets if (safe := _safe_marked(one)).text),
        clauses=tuple(defuse_text(clause[:200]) for clause in hit.clauses),
        link=safe_link(hit.link),
        feed=_short(hit.feed, 80),
        published=hit.published,
    )


def _safe_marked(marked: Marked) -> Marked:
    if len(marked.text) > _LONGEST_TEXT:
        marked = _cut(marked, _LONGEST_TEXT)
    return defuse(marked)


def _cut(marked: Marked, limit: int) -> Marked:
    text = cut(marked.text, limit)
    return marked if text == marked.text else shorten(marked, text)


@lru_cache(maxsize=4096)
def _short(text: str, limit: int) -> str:
    """A name made safe: the same few names come again and again."""
    return cut(defuse_text(text[:_LONGEST_TEXT]), limit)


def _when(hit: AlertHit, zone: tzinfo) -> str:
    """When it was published, or found where the feed does not say: `Tue 5 Mar 2024, 14:02 CET`."""
    moment: datetime = (hit.published or hit.found_at).astimezone(zone)
    day = f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return f"{day}, {moment:%H:%M} {moment.tzname() or ''}".rstrip()


def _marks_apart(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Text written for the terminal → without its marks, and their places."""
    before, *pieces = text.split(START)
    out, at = [before], len(before)
    places: list[tuple[int, int]] = []
    for piece in pieces:
        inside, _, after = piece.partition(END)
        places.append((at, at + len(inside)))
        out += (inside, after)
        at += len(inside) + len(after)
    return "".join(out), tuple(places)

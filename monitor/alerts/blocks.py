"""One hit of an alert as a paragraph of a message, in as much detail as is asked for. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitor.alerts.alert import EDITED, AlertHit
from monitor.alerts.cut import cut
from monitor.alerts.markup import Dialect
from monitor.alerts.safe import cut_marked
from monitor.alerts.services import Service

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """How much is said of each hit."""

    headline: int
    snippets: int = 0
    snippet: int = 0
    clauses: int = 0


FULL = Detail(headline=300, snippets=3, snippet=400, clauses=5)
SOME = Detail(headline=250, snippets=1, snippet=240, clauses=3)
BRIEF = Detail(headline=160)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Writes hits for a service. `topic` and `severity` are said elsewhere and not again."""

    service: Service
    zone: tzinfo
    topic: str
    severity: str

    def block(self, hit: AlertHit, detail: Detail, dialect: Dialect) -> str:
        """The hit as a paragraph."""
        return dialect.paragraph(self._lines(hit, detail, dialect))

    def link(self, hit: AlertHit) -> str:
        """Its link, unless that would leave too little room for anything else."""
        return hit.link if len(hit.link) <= self.service.text // 2 else ""

    def _lines(self, hit: AlertHit, detail: Detail, dialect: Dialect) -> Iterator[str]:
        headline = dialect.marked(cut_marked(hit.headline, detail.headline)) or dialect.escape("(no title)")
        link = self.link(hit)
        yield dialect.link(headline, link) if link else dialect.bold(headline)
        yield dialect.fine(dialect.escape(self._where(hit)))
        yield dialect.fine(dialect.escape(hit.story))
        for snippet in hit.snippets[: detail.snippets]:
            yield dialect.quoted(dialect.marked(cut_marked(snippet, detail.snippet)))
        clauses = "; ".join(cut(clause, 100) for clause in hit.clauses[: detail.clauses])
        yield dialect.fine(dialect.escape(f"Matched: {clauses}" if clauses else ""))

    def _where(self, hit: AlertHit) -> str:
        """Feed and time, and before them what is not said of all hits at the head."""
        topic = hit.topic if hit.topic != self.topic else ""
        severity = hit.labels.get("severity", "")
        own = severity if severity != self.severity else ""
        edited = "edited" if hit.labels.get(EDITED) else ""
        parts = (topic, own, hit.feed, when(hit, self.zone), edited, elsewhere(hit))
        return " · ".join(filter(None, parts))


def when(hit: AlertHit, zone: tzinfo) -> str:
    """When it was published, or found where the feed does not say: `Tue 5 Mar 2024, 14:02 CET`."""
    moment: datetime = (hit.published or hit.found_at).astimezone(zone)
    day = f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return f"{day}, {moment:%H:%M} {moment.tzname() or ''}".rstrip()


def elsewhere(hit: AlertHit) -> str:
    """How many other feeds carry it."""
    if not hit.other_feeds:
        return ""
    return f"also in {hit.other_feeds:,} other feed{'s' * (hit.other_feeds > 1)}"

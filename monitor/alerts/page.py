"""An alert written for a service: as much as fits, the rest counted; mark-up is never cut. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from monitor.alerts.blocks import BRIEF, FULL, SOME, Blocks, Detail
from monitor.alerts.cut import Unit, cut
from monitor.alerts.markup import Dialect
from monitor.alerts.offer import OFFER_SHARE, written_offer
from monitor.alerts.safe import SafeHits
from monitor.alerts.services import Service
from monitor.alerts.signature import Offer
from monitor.alerts.subject import Subject

_FEW = 3
"""Up to so many hits are told in full."""
_EACH = ((SOME, 50), (BRIEF, 50), (BRIEF, 20), (BRIEF, 10), (BRIEF, 5), (BRIEF, 3), (BRIEF, 1), (BRIEF, 0))
"""In which detail, and how many of each topic, where it is told topic by topic: the first that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is told of one topic: the hits that can be shown, and how many there are."""

    topic: str
    hits: SafeHits
    total: int
    blocks: Blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a page is written on: a dialect, with so much room; `offer` is what can be done, written."""

    dialect: Dialect
    limit: int
    unit: Unit
    offer: str = ""

    def size(self, text: str) -> int:
        """How much room a text takes."""
        return self.dialect.size(text, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The alert with all its text made safe, ready to be written in any dialect and length.

    `parts` are there where it is told topic by topic; `last` are the lines at its end; `offers` are links
    to what can be done about it.
    """

    subject: Subject
    hits: SafeHits
    parts: tuple[Part, ...]
    last: tuple[str, ...]
    service: Service
    blocks: Blocks
    offers: tuple[Offer, ...] = ()

    def title(self) -> str:
        """The title as plain text, "" where the service has none."""
        takes = self.service
        title = self.subject.topics if takes.title_is_thread and not self.parts else self.subject.title
        escaped = takes.dialect.escape(title) if takes.dialect.format == "text" else title
        return cut(escaped, takes.title, takes.unit)

    def fitted(self, dialect: Dialect, limit: int, unit: Unit) -> str:
        """As much as fits: topic by topic, hit by hit, or one line."""
        offer = written_offer(self.offers, dialect, room=limit // OFFER_SHARE, unit=unit)
        sheet = Sheet(dialect=dialect, limit=limit, unit=unit, offer=offer)
        text = self._by_topic(sheet) if self.parts else self._by_hit(sheet)
        return text or self._line(dialect, limit, unit)

    def _by_hit(self, sheet: Sheet) -> str:
        """A few hits all in full or shorter, many as long as there is room; "" where there is for none."""
        few = len(self.hits) <= _FEW
        text, shown = "", 0
        for detail in (FULL, SOME, BRIEF) if few else (SOME, BRIEF):
            blocks = (self.blocks.block(hit, detail, sheet.dialect) for hit in self.hits)
            text, shown = self._assembled(sheet, blocks)
            if shown >= (len(self.hits) if few else 1):
                return text
        return text if shown else ""

    def _by_topic(self, sheet: Sheet) -> str:
        """Some of each topic rather than all of one; "" where there is no room for every topic."""
        for detail, most in _EACH:
            body = [part for one in self.parts for part in self._part(one, detail, most, sheet.dialect)]
            text = self._joined(sheet.dialect, [*body, self._foot(sheet, left=0)])
            if sheet.size(text) <= sheet.limit:
                return text
        return ""

    def _part(self, part: Part, detail: Detail, most: int, dialect: Dialect) -> Iterator[str]:
        yield dialect.paragraph([dialect.headed(dialect.escape(f"{part.topic} · {part.total:,}"), level=1)])
        shown = min(most, len(part.hits))
        yield from (part.blocks.block(hit, detail, dialect) for hit in islice(part.hits, shown))
        if 0 < shown < part.total:
            yield dialect.paragraph([dialect.fine(dialect.escape(f"and {part.total - shown:,} more"))])

    def _assembled(self, sheet: Sheet, blocks: Iterable[str]) -> tuple[str, int]:
        """The message with as many blocks as fit, and how many these are."""
        dialect, parts = sheet.dialect, list[str]()
        used = sheet.size(self._joined(dialect, []))
        for block in blocks:
            used += sheet.size(dialect.between + block)
            foot = dialect.between + self._foot(sheet, left=self.subject.total - len(parts) - 1)
            if used + sheet.size(foot) > sheet.limit:
                break
            parts.append(block)
        foot = self._foot(sheet, left=self.subject.total - len(parts))
        return self._joined(dialect, [*parts, foot]), len(parts)

    def _joined(self, dialect: Dialect, parts: Iterable[str]) -> str:
        body = dialect.between.join(part for part in (self._head(dialect), *parts) if part)
        return dialect.whole[0] + body + dialect.whole[1]

    def _head(self, dialect: Dialect) -> str:
        """What the alert is about, unless a title says it."""
        if self.service.title and not dialect.has_head:
            return ""
        return dialect.paragraph([dialect.headed(dialect.escape(cut(self.subject.line, 200)))])

    def _foot(self, sheet: Sheet, *, left: int) -> str:
        """How many hits are left out, what can be done, and what is to be said of the alert itself."""
        dialect = sheet.dialect
        more = [f"and {left:,} more"] if left and self.subject.total > 1 else []
        lines = dialect.paragraph(dialect.fine(dialect.escape(line)) for line in (*more, *self.last))
        return dialect.between.join(filter(None, (sheet.offer, lines)))

    def _line(self, dialect: Dialect, limit: int, unit: Unit) -> str:
        """One line for the tightest limits: what, the link if there is room for it, the id."""
        last = " ".join(filter(None, self.last[-2:]))
        link = self.blocks.link(self.hits[0]) if self.subject.total == 1 else ""
        link = dialect.escape(link) if dialect.format == "html" else link
        end = "".join(f"{dialect.newline}{line}" for line in (link, last) if line) + dialect.whole[1]
        room = limit - dialect.size(dialect.whole[0] + end, unit)
        # Escapes make it longer: cut shorter until it fits, in steps that need few tries.
        for most in range(max(room, 0), -1, -max(1, room // 16)):
            text = dialect.escape(cut(self.subject.title, most, unit))
            if dialect.size(text, unit) <= room:
                return dialect.whole[0] + text + end
        return cut(last, limit, unit)

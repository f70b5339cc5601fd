"""What a user's template sees of an alert: plain values, each with its mark-up made by us. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from monitor.alerts.alert import Alert, AlertHit, Marked
from monitor.alerts.blocks import when
from monitor.alerts.defuse import ANGLE, AT, defuse_text
from monitor.alerts.links import safe_link
from monitor.alerts.markup import Dialect
from monitor.alerts.safe import SafeHits, short
from monitor.alerts.signature import Offer
from monitor.alerts.subject import Subject, subject_of


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of a message in the service's own writing: it is put in as it is, all else is escaped."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Makes the values of one alert for one dialect."""

    dialect: Dialect
    zone: tzinfo
    offers: Sequence[Offer] = ()

    def values(self, alert: Alert, *, shown: int, may_repeat: bool) -> dict[str, Any]:
        """The names that a template knows, with the newest `shown` hits."""
        hits = SafeHits(alert.hits)
        subject = subject_of(alert, hits)
        told = [self._hit(hit) for hit in list(hits)[:shown]]
        return {
            "alert": self._alert(alert, subject, may_repeat=may_repeat),
            "hits": told,
            "more": subject.total - len(told),
            "topics": self._topics(told),
            "acts": [self._act(one) for one in self.offers],
            "bold": self.bold,
            "link": self.link,
        }

    def escaped(self, value: object) -> str:
        """A value as the service shows it literally; what stands beside it can not make a mention of it."""
        if isinstance(value, Written):
            return value.text
        if value is None:
            return ""
        text = defuse_text(str(value))
        if text.endswith("@"):
            text = text[:-1] + AT
        elif text.endswith("<"):
            text = text[:-1] + ANGLE
        return self.dialect.escape(text)

    def bold(self, value: object) -> Written:
        """In bold, where the service has bold."""
        return Written(self.dialect.bold(self.escaped(value)))

    def link(self, text: object, url: object) -> Written:
        """The text, linked; only a web link is one."""
        target = safe_link(str(url))
        return Written(self.dialect.link(self.escaped(text), target) if target else self.escaped(text))

    def _alert(self, alert: Alert, subject: Subject, *, may_repeat: bool) -> dict[str, Any]:
        return {
            "id": alert.id,
            "kind": alert.kind,
            "receiver": short(alert.receiver),
            "about": subject.title,
            "severity": subject.severity,
            "total": subject.total,
            "coverage": short(alert.coverage, 300),
            "may_repeat": may_repeat,
        }

    def _hit(self, hit: AlertHit) -> dict[str, Any]:
        return {
            "topic": hit.topic,
            "severity": hit.labels.get("severity", ""),
            "headline": hit.headline.text,
            "marked": self._marked(hit.headline),
            "link": self._address(hit.link),
            "feed": hit.feed,
            "other_feeds": hit.other_feeds,
            "when": when(hit, self.zone),
            "matched": list(hit.clauses),
            "snippets": [{"text": one.text, "marked": self._marked(one)} for one in hit.snippets],
        }

    def _act(self, offer: Offer) -> dict[str, Any]:
        return {"name": offer.act.verb, "label": offer.act.label, "link": self._address(offer.url)}

    def _address(self, url: str) -> Written:
        return Written(self.dialect.escape(url) if self.dialect.format == "html" else url)

    def _topics(self, told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        names: Iterable[str] = dict.fromkeys(hit["topic"] for hit in told)
        return [{"name": name, "hits": [hit for hit in told if hit["topic"] == name]} for name in names]

    def _marked(self, marked: Marked) -> Written:
        return Written(self.dialect.marked(marked))

"""What `monitor poll` shows of its reports: on a terminal with a progress bar, or as lines of JSON."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, Self

from monitor.arrival import FoundHit
from monitor.cli.console import count, counting, iso, lines_out, print_json, say, words
from monitor.cli.facts import entry_facts, span_facts
from monitor.cli.showing import show_found
from monitor.config.secrets import mask_feed_url
from monitor.poller import PollReport
from monitor.reports import Trouble

if TYPE_CHECKING:
    from monitor.courier import DeliveryReport
    from monitor.pages import PageReport
    from monitor.reports import Report


@dataclass(slots=True, kw_only=True)
class Totals:
    """What all the polls came to."""

    started: datetime
    ended: datetime
    unchanged: int = 0
    fine: int = 0
    new: int = 0
    revised: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    """Hits by their state."""
    failed: dict[str, str] = field(default_factory=dict)
    """What went wrong, by the feed's name."""
    pages: Counter[str] = field(default_factory=Counter)
    """Pages that were to be read for their full text, by their state."""
    deliveries: Counter[str] = field(default_factory=Counter)
    """Deliveries by their state."""
    is_offline: bool = False
    """Whether no server at all could be reached."""
    troubles: list[str] = field(default_factory=list)
    """What went wrong with none of the feeds."""

    @property
    def all_failed(self) -> bool:
        """Whether something was polled and nothing of it worked."""
        return bool(self.failed or self.troubles) and not self.fine

    def add_poll(self, report: PollReport) -> None:
        """Count a poll."""
        self.is_offline |= report.offline
        if report.error:
            self.failed[feed_name(report)] = report.error
            return
        entries, hits = report.ingested.entries, report.ingested.hits
        self.fine += 1
        self.unchanged += report.unchanged
        self.revised += sum(one.revised for one in entries)
        self.new += sum(not one.revised for one in entries)
        self.hits.update(one.hit.state for one in hits)

    def add(self, report: "Report") -> None:
        """Count another report."""
        from monitor.courier import DeliveryReport  # they come only where something is read or sent
        from monitor.pages import PageReport

        match report:
            case PageReport(verdict=verdict, hits=hits):
                self.pages[verdict.state] += 1
                self.hits.update(one.hit.state for one in hits)
            case DeliveryReport():
                self.deliveries[report.state] += 1
            case Trouble(error=error):
                self.troubles.append(str(error) or type(error).__name__)


class PollView(Protocol):
    """Who is told what happens; a context: inside it the polls run."""

    totals: Totals

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def saw(self, report: "Report") -> None:
        """Take a report."""

    def end(self, *, sent: bool) -> None:
        """Show the totals; `sent`: alerts were sent too."""


class JsonView:
    """A line of JSON for each poll, alert and delivery, and one for the totals."""

    def __init__(self, started: datetime) -> None:
        self.totals = Totals(started=started, ended=started)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def saw(self, report: "Report") -> None:
        """Print the report."""
        if isinstance(report, PollReport):
            self.totals.add_poll(report)
            print_json(_poll_facts(report))
        else:
            self._saw_other(report)

    def _saw_other(self, report: "Report") -> None:
        from monitor.courier import DeliveryReport
        from monitor.dispatcher import Dispatched
        from monitor.pages import PageReport

        self.totals.add(report)
        match report:
            case PageReport():
                print_json(_page_facts(report))
            case Dispatched(alerts=alerts):
                for alert in alerts:
                    facts = {
                        "id": alert.id,
                        "receiver": alert.receiver,
                        "hits": [hit.hit_id for hit in alert.hits],
                    }
                    print_json({"event": "alert", "at": iso(alert.created_at), **facts})
            case DeliveryReport():
                print_json(_delivery_facts(report))
            case Trouble(part=part, error=error):
                print_json({"event": "trouble", "part": part, "error": str(error)})

    def end(self, *, sent: bool) -> None:
        """Print the totals."""
        totals = self.totals
        print_json(
            {
                "event": "totals",
                "at": iso(totals.ended),
                "seconds": round((totals.ended - totals.started).total_seconds(), 3),
                "polled": totals.fine + len(totals.failed),
                "failed": len(totals.failed),
                "unchanged": totals.unchanged,
                "new": totals.new,
                "revised": totals.revised,
                "pages": dict(totals.pages),
                "hits": dict(totals.hits),
            }
            | ({"deliveries": dict(totals.deliveries)} if sent else {})
        )


def feed_name(report: PollReport) -> str:
    """How the feed is called: its name, or its URL without secrets."""
    return report.subscription.name or mask_feed_url(report.subscription.url)


def _poll_facts(report: PollReport) -> dict[str, object]:
    ingested = report.ingested
    return {
        "event": "poll",
        "at": iso(report.at),
        "feed": feed_name(report),
        "url": mask_feed_url(report.subscription.url),
        "error": report.error,
        "unchanged": report.unchanged,
        "baseline": ingested.baseline,
        "new": sum(not one.revised for one in ingested.entries),
        "revised": sum(one.revised for one in ingested.entries),
        "hits": [_hit_facts(found) for found in ingested.hits],
    }


def _page_facts(report: "PageReport") -> dict[str, object]:
    return {
        "event": "page",
        "at": iso(report.at),
        "entry": report.page.entry_id,
        "url": report.page.url,
        "state": report.verdict.state,
        "reason": report.verdict.reason,
        "hits": [_hit_facts(found) for found in report.hits],
    }


def _hit_facts(found: FoundHit) -> dict[str, object]:
    return {
        "id": found.hit_id,
        "topic": found.hit.topic,
        "state": found.hit.state,
        "reason": found.hit.reason,
        "entry": found.hit.entry_id,
        **entry_facts(found.entry),
        "spans": [span_facts(span) for span in found.hit.spans],
    }


def _delivery_facts(report: "DeliveryReport") -> dict[str, object]:
    delivery = report.delivery
    return {
        "event": "delivery",
        "at": iso(report.at),
        "alert": delivery.alert.id,
        "receiver": delivery.receiver,
        "target": delivery.label,
        "state": report.state,
        "detail": report.detail,
    }


class TerminalView:
    """Hits as they are found, a progress bar below them, and in the end what failed and the totals."""

    def __init__(self, started: datetime, feeds: int) -> None:
        self.totals = Totals(started=started, ended=started)
        self._out = lines_out()
        self._feeds = feeds
        self._bar = ExitStack()
        self._advance: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        self._advance = self._bar.enter_context(counting("feeds", self._out, self._feeds))
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def saw(self, report: "Report") -> None:
        """Print the hits of a poll, or how a delivery went."""
        if isinstance(report, PollReport):
            self.totals.add_poll(report)
            self._advance()
            for found in report.ingested.hits:
                show_found(found, feed_name(report), self._out)
        else:
            self._saw_other(report)

    def _saw_other(self, report: "Report") -> None:
        from monitor.courier import DeliveryReport
        from monitor.pages import PageReport

        self.totals.add(report)
        match report:
            case PageReport():
                for found in report.hits:
                    show_found(found, f"in its page on {report.page.host}", self._out)
            case DeliveryReport(delivery=delivery):
                outcome = report.state if report.state == "delivered" else report.detail
                self._out.print(words(f"alert {delivery.alert.id} to {delivery.label}: {outcome}"))

    def end(self, *, sent: bool) -> None:
        """Print what failed, the totals, and what to do about hits that wait."""
        for feed, error in sorted(self.totals.failed.items()):
            say(self._out, words("failed  ", "red") + words(feed, "bold") + words(f": {error}"))
        for trouble, times in Counter(self.totals.troubles).items():
            often = f" ({times} times)" if times > 1 else ""
            say(self._out, words("failed  ", "red") + words(trouble + often))
        say(self._out, words(self._sums(), "bold"))
        for line in self._advice(sent=sent):
            say(self._out, words(line, "dim"))

    def _sums(self) -> str:
        totals = self.totals
        seconds = (totals.ended - totals.started).total_seconds()
        parts = [f"{count(totals.fine + len(totals.failed), 'feed')} polled in {seconds:.1f} s"]
        parts += [f"{len(totals.failed)} failed"] if totals.failed else []
        parts += [f"{totals.unchanged} unchanged"] if totals.unchanged else []
        parts += [count(totals.new, "new entry", "new entries")]
        parts += [f"{totals.revised} revised"] if totals.revised else []
        parts += (
            [f"{totals.pages['read']} of {count(totals.pages.total(), 'page')} read"] if totals.pages else []
        )
        return ", ".join([*parts, count(totals.hits.total(), "hit")])

    def _advice(self, *, sent: bool) -> list[str]:
        totals, lines = self.totals, []
        if totals.is_offline:
            lines.append("no server can be reached: it is our network that is down, and no feed is blamed")
        if totals.hits["kept"]:
            kept = count(totals.hits["kept"], "hit")
            lines.append(f"{kept} in first documents: kept, not told (--backfill 2d tells the younger ones)")
        if totals.hits["pending"] and not sent:
            lines.append(f"{count(totals.hits['pending'], 'hit')} to be told: `monitor run` does, or --send")
        return lines

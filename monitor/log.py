"""What the daemon says as it works: events with fields, for people on a terminal, as JSON otherwise."""

import sys
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from typing import Any, Literal, TextIO

import structlog

from monitor.arrival import Ingested
from monitor.courier import DeliveryReport
from monitor.dispatcher import Dispatched
from monitor.hubs import HubReport
from monitor.pages import PageReport
from monitor.poller import PollReport
from monitor.pushes import Ignored, PushReport
from monitor.reports import Refused, Reloaded, Report, Serving, Started, Trouble

Format = Literal["auto", "human", "json"]
Mask = Callable[[str], str]
_LONG = {"problem", "problems", "exception"}
"""Fields of our own making that may have several lines."""


def configure(*, form: Format, level: str, mask: Mask, stream: TextIO | None = None) -> None:
    """Set up structured logging to `stream` (standard error); `mask` hides secrets in every value."""
    out = stream or sys.stderr
    human = form == "human" or (form == "auto" and out.isatty())
    renderer = (
        structlog.dev.ConsoleRenderer(colors=out.isatty(), pad_event_to=12)
        if human
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _masked(mask),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Lines(out),
        cache_logger_on_first_use=False,
    )


class _Lines(structlog.PrintLogger):
    """A line for each event; goes on where none can be written: a log on a full disk ends no daemon."""

    def msg(self, message: str) -> None:
        """Write the line if that can be done."""
        with suppress(OSError):
            super().msg(message)

    debug = info = warning = error = critical = msg


def log_report(report: Report) -> None:
    """One line for what happened; a poll that found nothing new is a line at level debug."""
    _LOGS[type(report)](structlog.get_logger(), report)


def _log_start(log: Any, report: Started) -> None:
    config = report.config
    feeds, topics = len(config.subscriptions), len(config.topics)
    log.info("started", feeds=feeds, topics=topics, database=str(report.database))
    for problem in config.problems:
        log.error("left out", problem=str(problem))


def _log_alerts(log: Any, report: Dispatched) -> None:
    for alert in report.alerts:
        log.info("alert", id=alert.id, receiver=alert.receiver, hits=len(alert.hits))


def _log_poll(log: Any, report: PollReport) -> None:
    feed = report.subscription.name or report.subscription.url
    found = report.ingested
    if report.offline:
        log.debug("poll failed, offline", feed=feed, error=report.error)
    elif report.error:
        # The first failure is news, the hundredth is not.
        say = log.warning if found.arrival.state.failures == 1 else log.debug
        say("poll failed", feed=feed, error=report.error, failures=found.arrival.state.failures)
    elif not found.entries:
        log.debug("polled", feed=feed, unchanged=report.unchanged)
    else:
        new = sum(not one.revised for one in found.entries)
        revised = len(found.entries) - new
        log.info("polled", feed=feed, new=new, revised=revised, hits=len(found.hits), baseline=found.baseline)
    if found.lost:
        log.warning("window ran over", feed=feed, lost=str(found.lost))
    if found.odd:
        log.warning("feed is odd", feed=feed, odd=found.odd)
    _log_hits(log, feed, found)


def _log_hits(log: Any, feed: str, found: Ingested) -> None:
    for hit in found.hits:
        say = log.debug if found.baseline else log.info
        say("hit", topic=hit.hit.topic, feed=feed, title=hit.entry.title, link=hit.entry.link)


def _log_push(log: Any, report: PushReport) -> None:
    feed, found = report.subscription.name or report.subscription.url, report.ingested
    if found is None:
        log.warning("push unreadable", feed=feed, error=report.error)
        return
    new = sum(not one.revised for one in found.entries)
    took = round((report.at - report.came_at).total_seconds(), 3)
    log.info(
        "pushed", feed=feed, new=new, revised=len(found.entries) - new, hits=len(found.hits), seconds=took
    )
    _log_hits(log, feed, found)


def _log_hub(log: Any, report: HubReport) -> None:
    """A hub's first refusal is news, the hundredth is not; its secret is never said."""
    pact = report.pact
    fields = {"feed": pact.feed_url, "hub": pact.hub}
    match report.outcome:
        case "asked":
            log.debug("hub asked", **fields, attempt=pact.attempts)
        case "agreed":
            until = report.until.isoformat() if report.until else ""
            say = log.debug if pact.state == "live" else log.info
            say("hub tells us", **fields, until=until)
        case "left":
            log.info("hub tells us no more", **fields)
        case "refused" if pact.attempts > 1:
            log.debug("hub refuses", **fields, reason=report.reason, attempt=pact.attempts)
        case "refused" | "denied":
            log.warning("hub refuses", **fields, reason=report.reason)


def _log_ignored(log: Any, report: Ignored) -> None:
    say = log.warning if report.times == 1 else log.debug
    say("push ignored", feed=report.pact.feed_url, signature=report.outcome, times=report.times)


def _log_page(log: Any, report: PageReport) -> None:
    fields = {"url": report.page.url, "state": report.verdict.state, "reason": report.verdict.reason}
    log.debug("page", **{name: value for name, value in fields.items() if value})
    for hit in report.hits:
        log.info("hit", topic=hit.hit.topic, title=hit.entry.title, link=hit.entry.link, in_page=True)


def _log_delivery(log: Any, report: DeliveryReport) -> None:
    fields = {
        "alert": report.delivery.alert.id,
        "receiver": report.delivery.receiver,
        "target": report.delivery.label,
        "attempt": report.delivery.attempts + 1,
    }
    match report.state:
        case "delivered":
            if report.detail:
                log.warning("delivered", **fields, problem=report.detail)
            else:
                log.info("delivered", **fields)
        case "due":
            again = report.next_at.isoformat() if report.next_at else ""
            log.warning("delivery failed", **fields, error=report.detail, again=again)
        case "dead":
            log.error("dead letter", **fields, error=report.detail)


def _bug(error: Exception) -> Exception | None:
    """The exception where its traceback helps: ours say in words what was wrong."""
    from monitor.errors import MonitorError, PlacingError

    return error if isinstance(error, PlacingError) or not isinstance(error, MonitorError) else None


def _masked(mask: Mask) -> Callable[[Any, str, MutableMapping[str, Any]], Mapping[str, Any]]:
    def process(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {
            key: _clean(mask(value), key) if isinstance(value, str) else value for key, value in event.items()
        }

    return process


def _clean(text: str, key: str) -> str:
    """Without control characters: text from feeds must not drive the terminal, nor look like another line."""
    allowed = "\n" if key in _LONG else ""
    return "".join(char if char.isprintable() or char in allowed else "�" for char in text)


def _log_serving(log: Any, report: Serving) -> None:
    log.info("serving", address=report.address)


def _log_reloaded(log: Any, report: Reloaded) -> None:
    log.info("reloaded", feeds=len(report.config.subscriptions), topics=len(report.config.topics))


def _log_refused(log: Any, report: Refused) -> None:
    log.error("edit refused", problems=str(report.error))


def _log_trouble(log: Any, report: Trouble) -> None:
    log.error("failed", part=report.part, error=str(report.error), exc_info=_bug(report.error))


_LOGS: Mapping[type[Report], Callable[[Any, Any], None]] = {
    Started: _log_start,
    Serving: _log_serving,
    PollReport: _log_poll,
    PushReport: _log_push,
    HubReport: _log_hub,
    Ignored: _log_ignored,
    PageReport: _log_page,
    Dispatched: _log_alerts,
    DeliveryReport: _log_delivery,
    Reloaded: _log_reloaded,
    Refused: _log_refused,
    Trouble: _log_trouble,
}

"""Is it alive, is it ready, how much of everything: for supervisors and Prometheus."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from monitor import __version__
from monitor.cli.status import daemon_state
from monitor.errors import MonitorError
from monitor.store.pacts import live_pacts
from monitor.store.store import Store
from monitor.web.desk import desk_of

Sample = tuple[str, str, str, Mapping[str, str], float]
"""Name, kind, help, labels, value."""


async def healthz(_: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """The store answers, and the daemon's loops live."""
    desk = desk_of(request)
    try:
        daemon = await desk.store.run(lambda store: store.daemon())
    except MonitorError as error:
        return PlainTextResponse(f"{error}\n", status_code=503)
    state, detail = daemon_state(daemon, desk.now())
    return PlainTextResponse(f"{detail}\n", status_code=200 if state == "running" else 503)


async def metrics(request: Request) -> Response:
    """Counts in Prometheus' text format."""
    desk = desk_of(request)
    samples = await desk.workshop.run(lambda store: list(_samples(store, now=desk.now())))
    return PlainTextResponse(exposition(samples), media_type="text/plain; version=0.0.4")


def exposition(samples: list[Sample]) -> str:
    """The samples as Prometheus reads them: each name's help and kind once, before its values."""
    lines: list[str] = []
    told: set[str] = set()
    for name, kind, help_, labels, value in samples:
        if name not in told:
            told.add(name)
            lines += [f"# HELP {name} {help_}", f"# TYPE {name} {kind}"]
        shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(f"{name}{{{shown}}} {value:.16g}" if shown else f"{name} {value:.16g}")
    return "\n".join([*lines, ""])


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _samples(store: Store, *, now: datetime) -> Iterator[Sample]:
    counts, daemon, feeds = store.counts(), store.daemon(), store.feeds()
    yield "monitor_info", "gauge", "The version that runs.", {"version": __version__}, 1
    if daemon is not None:
        up = "monitor_up_seconds"
        yield up, "gauge", "Since when the daemon runs.", {}, (now - daemon.started_at).total_seconds()
        refused = float(bool(daemon.config_error))
        yield "monitor_config_refused", "gauge", "1 while the newest edit is refused.", {}, refused
    yield "monitor_feeds", "gauge", "Feeds that are followed.", {}, len(feeds)
    failing = sum(feed.state.failures > 0 for feed in feeds)
    yield "monitor_feeds_failing", "gauge", "Feeds whose last poll failed.", {}, failing
    told = len(live_pacts(store.pacts(), now=now))
    yield "monitor_feeds_pushed", "gauge", "Feeds of which hubs tell us.", {}, told
    for outcome, number in sorted(store.push_counts().items()):
        help_ = "Pushes that came, by what became of them."
        yield "monitor_pushes_total", "counter", help_, {"outcome": outcome}, number
    yield "monitor_entries", "gauge", "Entries in the database.", {}, counts.entries
    yield "monitor_alerts", "gauge", "Alerts in the database.", {}, counts.alerts
    for state, number in sorted(counts.hits.items()):
        yield "monitor_hits", "gauge", "Hits in the database, by state.", {"state": state}, number
    for state, number in sorted(counts.deliveries.items()):
        yield "monitor_deliveries", "gauge", "Deliveries, by state.", {"state": state}, number

"""Coverage: what was looked at, and what was not, so that silence can be trusted."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from monitor.config.secrets import mask_feed_url
from monitor.coverage import coverage_of
from monitor.web.desk import desk_of
from monitor.web.render import page

SPANS = (("1", "24 hours"), ("7", "7 days"), ("30", "30 days"))


async def show_coverage(request: Request) -> Response:
    """What was looked at in the last day, week or month."""
    desk, asked = desk_of(request), request.query_params.get("days", "")
    days = asked if asked in dict(SPANS) else SPANS[0][0]
    now, receivers = desk.now(), desk.config().receivers
    since = now - timedelta(days=int(days))
    seen = await desk.workshop.run(lambda store: coverage_of(store, receivers, since=since, now=now))
    blind = [(feed, feed.name or mask_feed_url(feed.state.url)) for feed in seen.blind]
    return await page(request, "coverage.html", seen=seen, blind=blind, days=days, spans=SPANS)

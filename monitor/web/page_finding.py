"""Feeds more: looked for at an address, shown as they were found, and the one that was picked written."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.config.editing_values import NewFeed
from monitor.config.importing_feeds import feed_name
from monitor.config.secrets import mask_feed_url
from monitor.config.subscriptions import url_fault, url_key
from monitor.errors import ConfigError, MonitorError, WrongUseError
from monitor.feedkeeper import add_feeds
from monitor.finder import Find, Found, addresses_of, look_for_feeds
from monitor.web.desk import desk_of, form_of
from monitor.web.render import page
from monitor.web.topic_form import labels_of

LONGEST_ADDRESS = 2000
PATIENCE_SECONDS = 60.0
"""How long is looked: a page may name many feeds, and each may be slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A feed that was found, as it can be followed; `is_followed` already."""

    find: Find
    name: str
    is_followed: bool


async def find(request: Request) -> Response:
    """Look for the feeds at an address; nothing is written."""
    typed = form_of(request).text("url")[:LONGEST_ADDRESS]
    address = addresses_of(typed)[0]
    if fault := url_fault(address) if typed else "an address is expected":
        return await _found(request, typed, problem=fault, status=422)
    try:
        found = await _look(request, typed)
    except TimeoutError:
        problem = f"nothing was found within {PATIENCE_SECONDS:.0f} s"
        return await _found(request, typed, problem=problem, status=422)
    except MonitorError as error:
        problem = f"{mask_feed_url(address)}: {error}"
        return await _found(request, typed, problem=problem, status=422)
    return await _found(request, typed, found)


async def follow(request: Request) -> Response:
    """Write the feed that was picked at the end of feeds.yaml."""
    desk, form = desk_of(request), form_of(request)
    url, name = form.text("url")[:LONGEST_ADDRESS], feed_name(form.text("name"))
    try:
        if fault := url_fault(url):
            raise WrongUseError(f"{mask_feed_url(url)!r}: {fault}")
        new = NewFeed(url=url, name=name, labels=labels_of(form.get("labels", "")))
        await desk.workshop.run(lambda store: add_feeds([new], keeping=desk.keeping(store)))
    except (ConfigError, WrongUseError) as error:
        return await _found(request, url, problem=str(error), status=422)
    return RedirectResponse(f"/feeds?{urlencode({'followed': name or mask_feed_url(url)})}", status_code=303)


async def _look(request: Request, typed: str) -> Found:
    desk = desk_of(request)
    settings = desk.config().settings
    async with desk.looks, asyncio.timeout(PATIENCE_SECONDS):
        return await look_for_feeds(typed, settings=settings, allow_private=settings.allow_private)


async def _found(
    request: Request, typed: str, found: Found | None = None, *, problem: str = "", status: int = 200
) -> Response:
    followed = {url_key(one.url) for one in desk_of(request).config().subscriptions}
    offers = [
        Offer(find=one, name=feed_name(one.title), is_followed=url_key(one.url) in followed)
        for one in (found.finds if found else ())
    ]
    misses = [(mask_feed_url(miss.url), miss.why) for miss in (found.misses if found else ())]
    facts = {"typed": typed, "offers": offers, "misses": misses, "problem": problem}
    facts["unsafe"] = found.unsafe if found else ""
    return await page(request, "found.html", status=status, **facts)

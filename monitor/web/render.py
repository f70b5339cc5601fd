"""Turns facts into pages: the only file that knows Jinja. Everything is escaped; marks are the page's own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor import __version__
from monitor.alerts.links import safe_link
from monitor.cli.console import ago, count, span_of, when
from monitor.cli.status import daemon_state
from monitor.config.secrets import mask_feed_url
from monitor.web.assets import address_of
from monitor.web.clean import plain
from monitor.web.desk import desk_of, guest_of

NAV = (
    ("/", "Now"),
    ("/topics", "Topics"),
    ("/feeds", "Feeds"),
    ("/alerts", "Alerts"),
    ("/coverage", "Coverage"),
)

Piece = tuple[str, str]
"""A stretch of text and why it is marked, "" where it is not."""


async def page(request: Request, template: str, /, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page of the desk, with what all of them show."""
    text = await _rendered(request, template, facts)
    return HTMLResponse(text, status_code=status)


async def part(request: Request, template: str, /, **facts: Any) -> str:
    """A part of a page, for those that are loaded already."""
    return await _rendered(request, template, facts)


def door(template: str, /, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page for somebody who has not come in yet."""
    return HTMLResponse(_environment().get_template(template).render(facts), status_code=status)


def message(text: str, *, status: int) -> HTMLResponse:
    """A page that says one thing."""
    return door("message.html", status=status, text=text)


async def _rendered(request: Request, template: str, facts: Mapping[str, Any]) -> str:
    desk = desk_of(request)
    daemon = await desk.store.run(lambda store: store.daemon())
    return (
        _environment()
        .get_template(template)
        .render(
            guest=guest_of(request),
            here=request.url.path,
            nav=NAV,
            now=desk.now(),
            zone=desk.zone,
            daemon=daemon,
            health=daemon_state(daemon, desk.now()),
            **facts,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {"version": __version__, "asset": address_of}
    environment.filters |= {
        "ago": pass_context(_ago),
        "when": pass_context(_when),
        "moment": pass_context(_moment),
        "counted": count,
        "span": span_of,
        "link": safe_link,
        "plain": plain,
        "masked": mask_feed_url,
        "plain_lines": lambda text: "\n".join(map(plain, text.splitlines())),
        "pieces": pieces,
        "iso": lambda moment: moment.isoformat(timespec="seconds"),
    }
    return environment


def pieces(text: str, marks: Iterable[Sequence[Any]]) -> Iterator[Piece]:
    """The text in stretches, those that are marked with their reason."""
    done = 0
    for start, end, why in marks:
        if done < start:
            yield plain(text[done:start]), ""
        yield plain(text[start:end]), str(why)
        done = end
    if done < len(text):
        yield plain(text[done:]), ""


def _ago(context: Context, moment: datetime) -> str:
    return ago(moment, context["now"])


def _when(context: Context, moment: datetime) -> str:
    return when(moment, zone=context["zone"], now=context["now"])


def _moment(context: Context, moment: datetime) -> str:
    return f"{moment.astimezone(context['zone']):%Y-%m-%d %H:%M:%S %Z}"

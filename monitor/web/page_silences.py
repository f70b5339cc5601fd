"""Silences: who does not want to hear of what, for how long, and why."""

from datetime import timedelta
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.alerts.route import Matcher
from monitor.config.matchers import MatcherError, parse_matcher
from monitor.config.units import parse_duration
from monitor.errors import WrongUseError
from monitor.web.desk import desk_of, form_of, guest_of
from monitor.web.forms import Form
from monitor.web.render import page

LATELY = timedelta(days=7)
"""Silences that ended longer ago are not listed."""
LASTS = (("1h", "1 hour"), ("8h", "8 hours"), ("1d", "1 day"), ("7d", "7 days"), ("30d", "30 days"))


async def show_silences(request: Request) -> Response:
    """The silences that hold, and those that ended lately."""
    asked = request.query_params
    return await _page(request, matchers=asked.get("matchers", "")[:5000], comment="", lasts="8h")


async def add_silence(request: Request) -> Response:
    """Keep still about hits with these labels for a while."""
    desk, form, now = desk_of(request), form_of(request), desk_of(request).now()
    try:
        matchers, length = matchers_of(form), parse_duration(form.text("lasts"))
    except (WrongUseError, ValueError) as error:
        typed = {name: form.get(name, "") for name in ("matchers", "comment", "lasts")}
        return await _page(request, status=422, problem=str(error), **typed)
    who, comment = guest_of(request).who, form.text("comment")[:500]
    await desk.store.run(
        lambda store: store.add_silence(
            matchers, starts_at=now, ends_at=now + length, comment=comment, who=who
        )
    )
    desk.ring("dispatch")
    return RedirectResponse("/silences", status_code=303)


async def end_silence(request: Request) -> Response:
    """From now on they hear again."""
    desk, number = desk_of(request), cast(int, request.path_params["silence"])
    now = desk.now()
    if not await desk.store.run(lambda store: store.expire_silences([number], now=now)):
        raise HTTPException(404, "there is no such silence, or it has ended")
    desk.ring("dispatch")
    return RedirectResponse("/silences", status_code=303)


def matchers_of(form: Form) -> list[Matcher]:
    """Label matchers, a line each; raises WrongUseError that says what is wrong where."""
    lines = form.lines("matchers")
    if not lines:
        raise WrongUseError('what is to be silent? A line each, like topic = "Cuba"')
    return [_matcher(line) for line in lines]


def _matcher(text: str) -> Matcher:
    try:
        return parse_matcher(text)
    except MatcherError as error:
        raise WrongUseError(f"{text}: {error}") from error


async def _page(
    request: Request, *, matchers: str, comment: str, lasts: str, problem: str = "", status: int = 200
) -> Response:
    desk = desk_of(request)
    since = desk.now() - LATELY
    silences = await desk.store.run(lambda store: store.silences(since=since))
    return await page(
        request,
        "silences.html",
        status=status,
        silences=sorted(silences, key=lambda one: one.ends_at, reverse=True),
        matchers=matchers,
        comment=comment,
        lasts=lasts,
        lengths=LASTS,
        problem=problem,
    )

"""The pages that let in and out: the first visit, which sets the password, the log-in and the log-out."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.store.store import Store
from monitor.web import rules
from monitor.web.desk import Desk, desk_of, form_of
from monitor.web.gate import COOKIE, refused
from monitor.web.keys import LONGEST, UNUSED, digest_of, new_key
from monitor.web.passwords import fits, hashed, objection
from monitor.web.render import door
from monitor.web.throttle import Throttle

PASSWORD = "password"  # noqa: S105 - the secret's name in the store
LONGEST_NAME = 60

_T = TypeVar("_T")


class Doors:
    """The doors of one desk; they remember who guessed wrong."""

    def __init__(self, *, tls: bool) -> None:
        self._tls = tls
        self._throttle = Throttle()
        self._one_at_a_time = asyncio.Semaphore(2)  # a hash takes 64 MiB

    async def show_setup(self, request: Request) -> Response:
        """The first visit."""
        return await self._not_now(request) or door("setup.html", problem="")

    async def set_up(self, request: Request) -> Response:
        """Set the password; whoever did is in."""
        form = form_of(request)
        if refusal := await self._not_now(request):
            return refusal
        password = form.get("password", "")
        problem = objection(password) or ("" if form.get("again") == password else "the two are not the same")
        if problem:
            return door("setup.html", status=422, problem=problem)
        desk = desk_of(request)
        value = await self._slowly(lambda: hashed(password))
        kept = await desk.store.run(lambda store: store.first_secret(PASSWORD, lambda: value, now=desk.now()))
        if kept != value:
            return refused(request, "somebody else has set the password meanwhile", 409)
        return await self._let_in(desk, who=form.text("who"), where="/")

    async def show_login(self, request: Request) -> Response:
        """The log-in."""
        if not await desk_of(request).store.run(lambda store: store.secret(PASSWORD)):
            return RedirectResponse("/setup", status_code=303)
        return door("login.html", problem="", next=rules.where_to(request.query_params.get("next", "/")))

    async def log_in(self, request: Request) -> Response:
        """Let in who knows the password; the others wait, longer and longer."""
        desk, form = desk_of(request), form_of(request)
        where = rules.where_to(form.text("next"))
        address = request.client.host if request.client else ""
        if wait := self._throttle.wait(address, now=desk.now()):
            return _too_often(wait, where)
        stored = await desk.store.run(lambda store: store.secret(PASSWORD))
        # Counted before it is checked: tries at the same time are no way around the wait.
        self._throttle.failed(address, now=desk.now())
        if not stored or not await self._slowly(lambda: fits(form.get("password", ""), stored)):
            return door("login.html", status=401, problem="this is not the password", next=where)
        self._throttle.succeeded(address)
        return await self._let_in(desk, who=form.text("who"), where=where)

    async def log_out(self, request: Request) -> Response:
        """End the session."""
        digest = digest_of(request.cookies[COOKIE])
        desk = desk_of(request)
        await desk.store.run(lambda store: store.end_session(digest))
        desk.news.tell()  # its pages that are open elsewhere look whether they still may
        answer = RedirectResponse("/login", status_code=303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=self._tls)
        return answer

    async def _not_now(self, request: Request) -> Response | None:
        """Why the password can not be set here and now."""
        if await desk_of(request).store.run(lambda store: store.secret(PASSWORD)):
            return RedirectResponse("/login", status_code=303)
        client = request.client.host if request.client else ""
        if not rules.may_set_password(client, request.headers):
            why = "no password is set yet: visit the desk from its own machine, or run `monitor web password`"
            return refused(request, why, 403)
        return None

    async def _slowly(self, work: Callable[[], _T]) -> _T:
        async with self._one_at_a_time:
            return await asyncio.to_thread(work)

    async def _let_in(self, desk: Desk, *, who: str, where: str) -> Response:
        key, now = new_key(), desk.now()

        def begin(store: Store) -> None:
            store.end_sessions(began_before=now - LONGEST, seen_before=now - UNUSED)
            store.add_session(digest_of(key), who=who[:LONGEST_NAME], now=now)

        await desk.store.run(begin)
        answer = RedirectResponse(where, status_code=303)
        age = int(LONGEST.total_seconds())
        answer.set_cookie(COOKIE, key, max_age=age, httponly=True, samesite="strict", secure=self._tls)
        return answer


def _too_often(wait: timedelta, where: str) -> Response:
    seconds = int(wait.total_seconds()) + 1
    problem = f"too many wrong tries: please wait {seconds} s"
    answer = door("login.html", status=429, problem=problem, next=where)
    answer.headers["Retry-After"] = str(seconds)
    return answer

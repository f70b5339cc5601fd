"""The gate before all pages: who does not come in here comes in nowhere.

    Host known? ─ area of the path ─┬─ open    a change must come from our own pages
                                    ├─ api     token in the header
                                    ├─ act     a signed link; a change must not come from another site
                                    ├─ hub     a token that the callback knows; the same
                                    ├─ out     token in the path, good for feeds
                                    └─ desk    session; a change must come from our own pages, with its token

Decides by rules.py; finds sessions and tokens in the store.
"""

from collections.abc import Callable, Collection, Mapping
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.errors import StoreError
from monitor.store.access import Token
from monitor.store.store import Store
from monitor.web import rules
from monitor.web.desk import Desk, Guest
from monitor.web.forms import WrongFormError, read_form, read_small_form
from monitor.web.keys import TOUCH_AFTER, csrf_of, digest_of, same, session_of
from monitor.web.render import message

COOKIE = "monitor_session"


class Gate:
    """Lets requests through to the pages, with a guest, or answers them itself."""

    def __init__(self, app: ASGIApp, *, desk: Desk, hosts: Callable[[], Collection[str]], tls: bool) -> None:
        self._app = app
        self._desk = desk
        self._hosts = hosts
        self._tls = tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return  # no page is a socket: without an answer the server closes it
        request = Request(scope, receive)
        area = rules.area_of(scope["path"])
        answer = _Answer(send, rules.safe_headers(area, tls=self._tls))
        try:
            await (await self._refusal(area, request) or self._app)(scope, receive, answer.send)
        except Exception as error:  # noqa: BLE001 - a bug in one page must not end the others
            await self._broken(request, error, answer, receive)

    async def _broken(self, request: Request, error: Exception, answer: "_Answer", receive: Receive) -> None:
        why, status = "this page is broken; the log says more", 500
        if isinstance(error, WrongFormError):
            why, status = str(error), error.status
        elif isinstance(error, StoreError):
            why, status = str(error), 503
        if status >= 500:
            self._desk.on_trouble(error)
        if not answer.has_begun:
            await refused(request, why, status)(request.scope, receive, answer.send)

    async def _refusal(self, area: rules.Area, request: Request) -> Response | None:
        """Why the request comes no further, None if it does."""
        if why := rules.refused_host(request.headers.get("host", ""), self._hosts()):
            return refused(request, why, 421)
        match area:
            case "open":
                return await self._open(request)
            case "act" | "hub":
                return self._by_itself(request)
            case "out":
                return await self._by_key(request, rules.key_of(request.url.path))
            case "api":
                return await self._by_token(request, _bearer(request))
        return await self._by_session(request)

    async def _open(self, request: Request) -> Response | None:
        if request.method not in rules.CHANGES:
            return None
        if why := rules.refused_origin(request.headers):
            return refused(request, why, 403)
        request.state.form = await read_small_form(request)
        return None

    def _by_itself(self, request: Request) -> Response | None:
        """What its address says is the right to come: no cookie is looked at, no form is read."""
        if request.method in rules.CHANGES and (why := rules.refused_foreign(request.headers)):
            return refused(request, why, 403)
        return None

    async def _by_key(self, request: Request, key: str) -> Response | None:
        token = await self._desk.store.run(lambda store: self._token(store, key))
        if token is None or "feeds" not in token.scopes:
            return refused(request, "there is no such feed; its key may have been taken back", 404)
        request.state.guest = Guest(who=token.name)
        return None

    async def _by_token(self, request: Request, key: str) -> Response | None:
        token = await self._desk.store.run(lambda store: self._token(store, key)) if key else None
        if token is None:
            answer = refused(request, "a token is expected; `monitor token add` makes one", 401)
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        if why := rules.refused_scopes(token.scopes, request.method):
            return refused(request, why, 403)
        request.state.guest = Guest(who=token.name)
        return None

    async def _by_session(self, request: Request) -> Response | None:
        key = request.cookies.get(COOKIE, "")
        guest = await self._desk.store.run(lambda store: self._guest(store, key)) if key else None
        if guest is None:
            return await self._to_the_door(request)
        request.state.guest = guest
        if request.method not in rules.CHANGES:
            return None
        if why := rules.refused_origin(request.headers):
            return refused(request, why, 403)
        request.state.form = form = await read_form(request)
        sent = form.get("csrf", "") or request.headers.get("x-csrf", "")
        if not same(sent, guest.csrf):
            return refused(request, "this form is too old, or not ours: please load the page again", 403)
        return None

    async def _to_the_door(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD") or "x-part" in request.headers:
            return refused(request, "please log in", 401)
        has_password = await self._desk.store.run(lambda store: bool(store.secret("password")))
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        where = f"/login?next={quote(path, safe='')}" if path != "/" else "/login"
        return RedirectResponse(where if has_password else "/setup", status_code=303)

    def _token(self, store: Store, key: str) -> Token | None:
        token, now = store.token(digest_of(key)), self._desk.now()
        if token and (token.used_at is None or now - token.used_at > TOUCH_AFTER):
            store.touch_token(token.name, now=now)
        return token

    def _guest(self, store: Store, key: str) -> Guest | None:
        digest, now = digest_of(key), self._desk.now()
        session = session_of(store, digest, now=now)
        if session is None:
            return None
        if now - session.seen_at > TOUCH_AFTER:
            store.touch_session(digest, now=now)
        return Guest(who=session.who, csrf=csrf_of(key), digest=digest)


def refused(request: Request, why: str, status: int) -> Response:
    """An answer that says why not, in the form that the asker reads."""
    if request.url.path.startswith("/api/") or "x-part" in request.headers:
        return JSONResponse({"error": why}, status_code=status)
    return message(why, status=status)


def _bearer(request: Request) -> str:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


class _Answer:
    """An answer on its way, with the headers that all carry."""

    def __init__(self, send: Send, headers: Mapping[str, str]) -> None:
        self._send = send
        self._headers = headers
        self.has_begun = False

    async def send(self, message: Message) -> None:
        """Pass a piece on."""
        if message["type"] == "http.response.start":
            self.has_begun = True
            kept = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                kept.setdefault(name, value)
        await self._send(message)

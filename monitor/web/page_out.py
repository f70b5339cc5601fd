"""Feeds out: what other readers follow by a key in the address, and the page that gives out such keys."""

from collections.abc import Awaitable, Callable
from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.config.config import Config
from monitor.errors import QueryError
from monitor.store.store import Store
from monitor.topics.caret import message_of
from monitor.web.desk import desk_of, form_of, site_of
from monitor.web.export import wanted_hits
from monitor.web.finding import Wanted, find, sought
from monitor.web.keys import NAME_RULE, digest_of, is_token_name, new_key
from monitor.web.page_now import choices
from monitor.web.render import page
from monitor.web.syndication import WRITERS, Outgoing, outgoing

A_FEED = 100
"""Hits in a feed."""


def feed_as(kind: str) -> Callable[[Request], Awaitable[Response]]:
    """The feed of one kind."""
    write, called = WRITERS[kind]

    async def respond(request: Request) -> Response:
        return _answer(request, write(await _feed(request)), called)

    return respond


async def _feed(request: Request) -> Outgoing:
    """The newest hits that an address asks for."""
    desk, wanted, what = desk_of(request), Wanted.of(request.query_params), wanted_hits(request)
    site = site_of(request)

    def look(store: Store) -> Outgoing:
        found = find(store, what, limit=A_FEED)
        return outgoing(found.hits, title=title_of(wanted), site=site, asked=wanted.address())

    made = await desk.workshop.run(look)
    if not made.items and (why := stranger(wanted, desk.config())):
        raise HTTPException(404, why)
    return made


def _answer(request: Request, body: bytes, kind: str) -> Response:
    """What the reader gets; nothing where they have it already."""
    headers = {"ETag": f'"{sha256(body).hexdigest()[:32]}"', "Cache-Control": "private, no-cache"}
    if has_it(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


async def show_out(request: Request) -> Response:
    """Who may read feeds, and how somebody else may."""
    return await _page(request, Wanted.of(request.query_params))


async def make_key(request: Request) -> Response:
    """Give out a key, and show the addresses with it, this once."""
    desk, form = desk_of(request), form_of(request)
    wanted, name, key, now = Wanted.of(form), form.text("name"), new_key(), desk_of(request).now()
    if not is_token_name(name):
        return await _page(request, wanted, problem=f"for whom: {NAME_RULE} is expected", name=name)
    try:
        sought(wanted)
    except QueryError as error:
        return await _page(request, wanted, problem=message_of(error, wanted.words), name=name)
    if not await desk.store.run(
        lambda store: store.add_token(name, digest_of(key), scopes=["feeds"], now=now)
    ):
        return await _page(request, wanted, problem=f"there is a token {name} already", name=name)
    return await _page(request, wanted, key=key, name=name)


async def take_back(request: Request) -> Response:
    """Take a key back; who has its addresses reads nothing more."""
    name = form_of(request).text("name")

    def revoke(store: Store) -> bool:
        is_ours = any(one.name == name and one.scopes == ("feeds",) for one in store.tokens())
        return is_ours and store.revoke_token(name)

    if not await desk_of(request).store.run(revoke):
        raise HTTPException(404, "there is no such key for feeds")
    return RedirectResponse("/outgoing", status_code=303)


def stranger(wanted: Wanted, config: Config) -> str:
    """Which name in an address nobody has ever heard of, "" if all are known: a feed may well be empty."""
    known = {
        "topic": {topic.name for topic in config.topics},
        "watchlist": {topic.watchlist for topic in config.topics},
    }
    for what, names in known.items():
        name = getattr(wanted, what)
        if name and name not in names:
            return f"there is no {what} {name}"
    return ""


def title_of(wanted: Wanted) -> str:
    """What a feed is called."""
    named = (wanted.topic, wanted.watchlist, wanted.feed, wanted.severity, wanted.words)
    return " · ".join(filter(None, (*named, "starred" if wanted.starred else ""))) or "All hits"


def has_it(said: str, tag: str) -> bool:
    """Whether a reader has what this tag is of: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2"""
    tags = [one.strip().removeprefix("W/") for one in said.split(",")]
    return tag in tags or tags == ["*"]


async def _page(
    request: Request, wanted: Wanted, *, problem: str = "", key: str = "", name: str = ""
) -> Response:
    desk = desk_of(request)
    tokens = await desk.store.run(lambda store: store.tokens())
    address = f"?{wanted.address()}" if wanted.address() else ""
    site = site_of(request)
    made = [f"{site}/out/{key}/hits.{kind}{address}" for kind in WRITERS] if key else []
    config = desk.config()
    return await page(
        request,
        "out.html",
        status=422 if problem else 200,
        tokens=[one for one in tokens if "feeds" in one.scopes],
        choices=choices(config) | {"watchlist": sorted({topic.watchlist for topic in config.topics})},
        wanted=wanted,
        title=title_of(wanted),
        made=made,
        name=name,
        problem=problem,
    )

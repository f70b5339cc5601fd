"""One hit: its page, and what people do with it: judge, star, note, mute its story."""

from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.alerts.route import Matcher
from monitor.errors import WrongUseError
from monitor.store.judgements import Verdict
from monitor.store.records import Hit
from monitor.store.remarks import LONGEST_NOTE, note_of
from monitor.store.store import Store
from monitor.web.clean import safe_html
from monitor.web.desk import desk_of, form_of, guest_of
from monitor.web.muting import FORGOTTEN, mute_story
from monitor.web.render import page, part
from monitor.web.rules import where_to
from monitor.web.show import ShownHit, known_of, shown_hit

BRIEF = "brief"
"""What a page asks for in `X-Part` in the place of a whole line."""


async def show_hit(request: Request) -> Response:
    """One hit, whole: the entry as the feed has it, cleaned, and why it matched."""
    shown = await _shown(request)
    entry = shown.hit.entry.entry
    text = safe_html(entry.content or entry.summary)
    quiet = "\n".join(map(str, quieting(shown.hit)))
    return await page(request, "hit.html", shown=shown, text=text, quiet=quiet, longest=LONGEST_NOTE)


def quieting(hit: Hit) -> tuple[Matcher, Matcher]:
    """What silences a topic's hits in this hit's feed."""
    return (
        Matcher(label="topic", op="=", value=hit.topic),
        Matcher(label="feed", op="=", value=hit.entry.feed),
    )


async def judge(request: Request) -> Response:
    """Say whether a hit was relevant or wrong."""
    desk, form, hit_id = desk_of(request), form_of(request), _hit_id(request)
    verdict = form.text("verdict")
    if verdict not in ("relevant", "wrong"):
        raise HTTPException(400, "a hit is relevant or wrong")
    who, note, now = guest_of(request).who, form.text("note")[:LONGEST_NOTE], desk.now()
    if await desk.store.run(
        lambda store: store.judge([hit_id], verdict=cast(Verdict, verdict), who=who, note=note, now=now)
    ):
        raise HTTPException(404, FORGOTTEN)
    return await _done(request)


async def star(request: Request) -> Response:
    """Put a star on a hit, or take it off."""
    desk, said, hit_id = desk_of(request), form_of(request).text("star"), _hit_id(request)
    if said not in ("on", "off"):
        raise HTTPException(400, "a star is put on or taken off")
    who, now = guest_of(request).who, desk.now()
    if await desk.store.run(lambda store: store.star([hit_id], on=said == "on", who=who, now=now)):
        raise HTTPException(404, FORGOTTEN)
    return await _done(request)


async def note(request: Request) -> Response:
    """Put a note on a hit in place of the one it has."""
    desk, hit_id = desk_of(request), _hit_id(request)
    who, now = guest_of(request).who, desk.now()
    try:
        text = note_of(form_of(request).text("note"))
    except WrongUseError as error:
        raise HTTPException(422, str(error)) from error
    if not await desk.store.run(lambda store: store.note(hit_id, text, who=who, now=now)):
        raise HTTPException(404, FORGOTTEN)
    return await _done(request)


async def mute(request: Request) -> Response:
    """Keep the hits of this hit's story to ourselves, for as long as a story lives."""
    return await _mute(request, on=True)


async def unmute(request: Request) -> Response:
    """Tell the hits of this hit's story again, from now on."""
    return await _mute(request, on=False)


async def _mute(request: Request, *, on: bool) -> Response:
    desk, hit_id, who = desk_of(request), _hit_id(request), guest_of(request).who
    now = desk.now()
    await desk.store.run(lambda store: mute_story(store, hit_id, on=on, who=who, now=now))
    desk.ring("dispatch")
    return await _done(request)


async def _done(request: Request) -> Response:
    """The line as it is now for a page that asked for it, else the page from which somebody came."""
    wanted = request.headers.get("x-part")
    if wanted is None:
        return RedirectResponse(where_to(form_of(request).text("back")), status_code=303)
    line = await part(request, "hit_line.html", shown=await _shown(request), brief=wanted == BRIEF)
    return Response(line, media_type="text/html")


async def _shown(request: Request) -> ShownHit:
    desk, hit_id = desk_of(request), _hit_id(request)

    def look(store: Store) -> ShownHit:
        for hit in store.hits(ids=[hit_id]):
            return shown_hit(hit, known_of(store, [hit], now=desk.now()))
        raise HTTPException(404, FORGOTTEN)

    return await desk.store.run(look)


def _hit_id(request: Request) -> int:
    return cast(int, request.path_params["hit"])

"""Now: hits as they arrive, to be read, filtered and judged."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from monitor.alerts.route import Matcher
from monitor.config import Config
from monitor.errors import QueryError
from monitor.store import Store
from monitor.store.judgements import Verdict
from monitor.store.records import Hit
from monitor.topics.caret import message_of
from monitor.web.chart import Chart, chart
from monitor.web.clean import safe_html
from monitor.web.desk import desk_of, form_of, guest_of
from monitor.web.finding import Found, Sought, Wanted, find, find_new, hours, sought
from monitor.web.render import page, part
from monitor.web.rules import where_to
from monitor.web.show import shown_hit, shown_hits

A_PAGE = 50
MOST_NEW = 100
"""Hits that are shown at once when many arrive."""


async def show_now(request: Request) -> Response:
    """The newest hits, filtered."""
    desk, wanted = desk_of(request), Wanted.of(request.query_params)
    before = _id_of(request.query_params.get("before", ""))
    problem = ""
    try:
        what = sought(wanted)
    except QueryError as error:
        what, problem = sought(Wanted()), message_of(error, wanted.words)
    now = desk.now()

    def look(store: Store) -> tuple[Found, dict[int, str], int, list[int]]:
        newest = store.newest_hit_id()  # before the hits: what comes between is told live
        found = find(store, what, before=before, limit=A_PAGE)
        return found, store.verdicts([hit.hit_id for hit in found.hits]), newest, hours(store, what, now=now)

    found, verdicts, newest, counts = await desk.store.run(look)
    return await page(
        request,
        "now.html",
        wanted=wanted,
        problem=problem,
        hits=shown_hits(found.hits, verdicts),
        older=found.next,
        newest=newest,
        is_first=before is None,
        rhythm=_rhythm(counts, now=now.astimezone(desk.zone)),
        choices=choices(desk.config()),
    )


async def live(request: Request) -> Response:
    """Hits as they arrive, as server-sent events that carry the lines of the list."""
    desk = desk_of(request)
    if desk.news.is_full:
        raise HTTPException(503, "too many pages are open")
    try:
        what = sought(Wanted.of(request.query_params))
    except QueryError as error:
        raise HTTPException(400, str(error)) from error
    last = request.headers.get("last-event-id") or request.query_params.get("after", "")
    events = _events(request, what, after=_id_of(last) or 0)
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(request: Request, what: Sought, *, after: int) -> AsyncIterator[str]:
    desk = desk_of(request)
    async for _ in desk.news.ticks():
        new = partial(find_new, what=what, after=after, limit=MOST_NEW)
        for hit in await desk.store.run(new):
            line = await part(request, "hit_line.html", shown=shown_hit(hit, ""))
            yield _event("hit", line, hit.hit_id)
            after = max(after, hit.hit_id)
        yield ": so far\n\n"


async def show_hit(request: Request) -> Response:
    """One hit, whole: the entry as the feed has it, cleaned, and why it matched."""
    desk, hit_id = desk_of(request), cast(int, request.path_params["hit"])
    hits, verdicts = await desk.store.run(lambda store: (store.hits(ids=[hit_id]), store.verdicts([hit_id])))
    if not hits:
        raise HTTPException(404, "there is no such hit; it may have been forgotten")
    entry = hits[0].entry.entry
    text = safe_html(entry.content or entry.summary)
    quiet = "\n".join(map(str, quieting(hits[0])))
    shown = shown_hit(hits[0], verdicts.get(hit_id, ""))
    return await page(request, "hit.html", shown=shown, text=text, quiet=quiet)


def quieting(hit: Hit) -> tuple[Matcher, Matcher]:
    """What silences a topic's hits in this hit's feed."""
    return (
        Matcher(label="topic", op="=", value=hit.topic),
        Matcher(label="feed", op="=", value=hit.entry.feed),
    )


async def judge(request: Request) -> Response:
    """Say whether a hit was relevant or wrong."""
    desk, form, hit_id = desk_of(request), form_of(request), cast(int, request.path_params["hit"])
    verdict = form.text("verdict")
    if verdict not in ("relevant", "wrong"):
        raise HTTPException(400, "a hit is relevant or wrong")
    who, note, now = guest_of(request).who, form.text("note")[:2000], desk.now()
    missing = await desk.store.run(
        lambda store: store.judge([hit_id], verdict=cast(Verdict, verdict), who=who, note=note, now=now)
    )
    if missing:
        raise HTTPException(404, "there is no such hit; it may have been forgotten")
    if "x-part" in request.headers:
        hits = await desk.store.run(lambda store: store.hits(ids=[hit_id]))
        line = await part(request, "hit_line.html", shown=shown_hit(hits[0], verdict))
        return Response(line, media_type="text/html")
    return RedirectResponse(where_to(form.text("back")), status_code=303)


def choices(config: Config) -> dict[str, list[str]]:
    """What can be chosen in the filters."""
    topics = config.topics
    return {
        "topic": sorted((topic.name for topic in topics), key=str.casefold),
        "feed": sorted((one.name or one.url for one in config.subscriptions), key=str.casefold),
        "severity": sorted({topic.labels.get("severity", "") for topic in topics} - {""}),
    }


def _rhythm(counts: list[int], *, now: datetime) -> Chart:
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    names = [f"{first + timedelta(hours=number):%H:00}" for number in range(24)]
    return chart(zip(names, counts, strict=True))


def _event(kind: str, data: str, number: int) -> str:
    lines = "".join(f"data: {line}\n" for line in data.splitlines() if line.strip())
    return f"id: {number}\nevent: {kind}\n{lines}\n"


def _id_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

"""Now: hits as they arrive, those of one story together, to be read and filtered."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from monitor.config.config import Config
from monitor.errors import QueryError
from monitor.store.store import Store
from monitor.topics.caret import message_of
from monitor.web.chart import Chart, chart
from monitor.web.desk import desk_of, guest_of
from monitor.web.finding import Found, Sought, Wanted, find, find_new, find_story, hours, number_of, sought
from monitor.web.keys import session_of
from monitor.web.render import page, part
from monitor.web.show import Known, ShownStory, known_of, shown_stories
from monitor.web.waiting import Waiting

A_PAGE = 50
MOST_FEEDS = 200
"""So many can be chosen from a list; of more the name is typed."""
A_STORY = 20
"""Hits of a story that are shown again with a new one."""
MOST_NEW = 100
"""Hits that are shown at once when many arrive."""


async def show_now(request: Request) -> Response:
    """The newest hits, filtered."""
    desk, wanted = desk_of(request), Wanted.of(request.query_params)
    before = number_of(request.query_params.get("before", ""))
    problem = ""
    try:
        what = sought(wanted)
    except QueryError as error:
        what, problem = sought(Wanted()), message_of(error, wanted.words)
    now = desk.now()

    def look(store: Store) -> tuple[Found, Known, int, list[int]]:
        newest = store.newest_hit_id()  # before the hits: what comes between is told live
        found = find(store, what, before=before, limit=A_PAGE)
        return found, known_of(store, found.hits, now=now), newest, hours(store, what, now=now)

    found, known, newest, counts = await desk.store.run(look)
    return await page(
        request,
        "now.html",
        wanted=wanted,
        problem=problem,
        stories=shown_stories(found.hits, known),
        before=before,
        older=found.next,
        newest=newest,
        waiting=min((hit.hit_id for hit in found.hits if hit.state == "pending"), default=None),
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
    asked = request.query_params
    loaded = number_of(asked.get("after", "")) or 0
    after = number_of(request.headers.get("last-event-id", "")) or loaded
    oldest = number_of(asked.get("waiting", "")) or loaded + 1
    events = _events(request, what, after=after, oldest=oldest)
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(request: Request, what: Sought, *, after: int, oldest: int) -> AsyncIterator[str]:
    """New hits, and what becomes of those that the page shows: from the `oldest` that waits on."""
    desk, digest = desk_of(request), guest_of(request).digest
    waiting = Waiting(await desk.store.run(partial(_on_page, what=what, last=after, oldest=oldest)))
    async for _ in desk.news.ticks():
        if not await desk.store.run(lambda store: session_of(store, digest, now=desk.now())):
            return  # they have logged out, or their session was ended
        for story in await desk.store.run(partial(_news, what=what, after=after, now=desk.now())):
            number = story.lead.hit.hit_id
            yield _event("hit", await part(request, "story.html", story=story), number)
            after = max(after, number)
            waiting.shows(one.hit for one in (story.lead, *story.others))
        for became in await desk.store.run(waiting.news):
            yield _event("became", await part(request, "hit_state.html", became=became))
        yield ": so far\n\n"


def _on_page(store: Store, *, what: Sought, last: int, oldest: int) -> list[int]:
    """The hits that a page shows, those left out that are older than all that wait on it."""
    if last < oldest:
        return []
    shown = find(store, what, before=last + 1, limit=A_PAGE).hits
    return [hit.hit_id for hit in shown if hit.hit_id >= oldest]


def _news(store: Store, *, what: Sought, after: int, now: datetime) -> list[ShownStory]:
    """The stories of hits that came after one, the oldest news first, each with what it had before."""
    new = find_new(store, what=what, after=after, limit=MOST_NEW)[::-1]
    shown = []
    for story in shown_stories(new, known_of(store, new, now=now))[::-1]:
        summed = story.lead.story
        hits = find_story(store, what, summed.story_id, limit=A_STORY) if summed else ()
        newer = [hit for hit in hits if hit.hit_id <= story.lead.hit.hit_id]
        shown += shown_stories(newer, known_of(store, newer, now=now)) or [story]
    return shown


def choices(config: Config) -> dict[str, list[str]]:
    """What can be chosen in the filters; nothing where there is too much to choose from."""
    topics = config.topics
    feeds = sorted((one.name or one.url for one in config.subscriptions), key=str.casefold)
    return {
        "topic": sorted((topic.name for topic in topics), key=str.casefold),
        "feed": feeds if len(feeds) <= MOST_FEEDS else [],
        "severity": sorted({topic.labels.get("severity", "") for topic in topics} - {""}),
    }


def _rhythm(counts: list[int], *, now: datetime) -> Chart:
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    names = [f"{first + timedelta(hours=number):%H:00}" for number in range(24)]
    return chart(zip(names, counts, strict=True))


def _event(kind: str, data: str, number: int | None = None) -> str:
    """One event; the `number` is what a page that was away has heard last."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() if line.strip())
    return ("" if number is None else f"id: {number}\n") + f"event: {kind}\n{lines}\n"

"""The JSON API under /api/v1: a table of operations makes the routes and their description."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.alerts.structured_schema import WEBHOOK_SCHEMA
from monitor.cli.console import to_json
from monitor.cli.status import look, status_facts
from monitor.errors import WrongUseError
from monitor.feeds.text import clean
from monitor.store.judgements import Verdict
from monitor.store.records import Hit
from monitor.store.remarks import LONGEST_NOTE, note_of
from monitor.web.desk import desk_of, guest_of
from monitor.web.export import MOST, csv_of, facts_of, wanted_hits
from monitor.web.finding import find
from monitor.web.forms import read_body
from monitor.web.muting import mute_story
from monitor.web.openapi import Operation, Parameter, described

PREFIX = "/api/v1"
MOST_HITS = 500
MOST_BYTES = 100_000

Answer = Callable[[Request], Awaitable[Any]]


async def hits(request: Request) -> Any:
    """Hits, the newest first, and before which id to go on."""
    what = wanted_hits(request)
    before, limit = _number(request, "before"), min(_number(request, "limit") or 50, MOST_HITS)
    found = await desk_of(request).store.run(lambda store: find(store, what, before=before, limit=limit))
    return {"hits": await _facts(request, found.hits), "next_before": found.next}


async def hits_as_csv(request: Request) -> Response:
    """Hits for programs that read tables."""
    return csv_of(request)


async def one_hit(request: Request) -> Any:
    """One hit."""
    hit_id = cast(int, request.path_params["hit"])
    found = await desk_of(request).store.run(lambda store: store.hits(ids=[hit_id]))
    if not found:
        raise HTTPException(404, "there is no such hit")
    return (await _facts(request, found))[0]


async def judge(request: Request) -> Any:
    """Say whether a hit was relevant or wrong."""
    desk, said = desk_of(request), await _sent(request)
    verdict, note, hit_id = said.get("verdict"), said.get("note", ""), request.path_params["hit"]
    if verdict not in ("relevant", "wrong") or not isinstance(note, str):
        raise HTTPException(400, "verdict: relevant or wrong is expected; note: a text")
    who, now, kept = guest_of(request).who, desk.now(), clean(note)
    if await desk.store.run(
        lambda store: store.judge([hit_id], verdict=cast(Verdict, verdict), who=who, note=kept, now=now)
    ):
        raise HTTPException(404, "there is no such hit")
    return {"hit": hit_id, "verdict": verdict}


async def star(request: Request) -> Any:
    """Put a star on a hit, or take it off."""
    desk, said, hit_id = desk_of(request), await _sent(request), cast(int, request.path_params["hit"])
    on, who, now = said.get("starred"), guest_of(request).who, desk.now()
    if not isinstance(on, bool):
        raise HTTPException(400, "starred: true or false is expected")
    if await desk.store.run(lambda store: store.star([hit_id], on=on, who=who, now=now)):
        raise HTTPException(404, "there is no such hit")
    return {"hit": hit_id, "starred": on}


async def note(request: Request) -> Any:
    """Put a note on a hit in place of the one it has."""
    desk, said, hit_id = desk_of(request), await _sent(request), cast(int, request.path_params["hit"])
    text, who, now = said.get("note"), guest_of(request).who, desk.now()
    if not isinstance(text, str):
        raise HTTPException(400, "note: a text is expected")
    try:
        kept = note_of(text)
    except WrongUseError as error:
        raise HTTPException(400, f"note: {error}") from error
    if not await desk.store.run(lambda store: store.note(hit_id, kept, who=who, now=now)):
        raise HTTPException(404, "there is no such hit")
    return {"hit": hit_id, "note": kept}


async def mute(request: Request) -> Any:
    """Keep the story of a hit to ourselves for a week, or tell it again."""
    desk, said, hit_id = desk_of(request), await _sent(request), cast(int, request.path_params["hit"])
    on, who, now = said.get("muted"), guest_of(request).who, desk.now()
    if not isinstance(on, bool):
        raise HTTPException(400, "muted: true or false is expected")
    story = await desk.store.run(lambda store: mute_story(store, hit_id, on=on, who=who, now=now))
    desk.ring("dispatch")
    return {"hit": hit_id, "story": story, "muted": on}


async def topics(request: Request) -> Any:
    """The topics that run."""
    return {
        "topics": [
            {"name": topic.name, "watchlist": topic.watchlist, "query": str(topic.query)}
            | {"labels": dict(topic.labels)}
            for topic in desk_of(request).config().topics
        ]
    }


async def status(request: Request) -> Any:
    """How the daemon, the feeds, the hits and the deliveries are."""
    desk = desk_of(request)
    database = desk.config().settings.database
    return status_facts(await desk.workshop.run(lambda store: look(store, database, now=desk.now())))


async def alert_schema(_: Request) -> Any:
    """What web hooks are sent."""
    return WEBHOOK_SCHEMA


async def openapi(_: Request) -> Any:
    """This description."""
    return described((operation for operation, _ in OPERATIONS), prefix=PREFIX)


FILTERS = (
    Parameter(name="topic", about="only hits of this topic"),
    Parameter(name="watchlist", about="only hits of this watchlist's topics"),
    Parameter(name="feed", about="only hits of this feed, by name or URL"),
    Parameter(name="severity", about="only hits with this severity"),
    Parameter(name="starred", about="`yes`: only hits with a star"),
    Parameter(name="q", about="only hits that this query finds, in the language of topics"),
)
PAGING = (
    Parameter(
        name="before", about="only hits before this id: `next_before` of the page before", kind="integer"
    ),
    Parameter(name="limit", about=f"so many, {MOST_HITS} at the most", kind="integer"),
)
NO_SUCH_HIT = ((404, "there is no such hit"),)

OPERATIONS: tuple[tuple[Operation, Answer], ...] = (
    (
        Operation(
            method="GET",
            path="/hits",
            summary="Hits, the newest first",
            parameters=(*FILTERS, *PAGING),
            statuses=((400, "the query is wrong"),),
        ),
        hits,
    ),
    (
        Operation(
            method="GET",
            path="/hits.csv",
            summary=f"Hits as CSV, the newest {MOST:,} at the most",
            kind="text/csv",
            parameters=FILTERS,
            statuses=((400, "the query is wrong"),),
        ),
        hits_as_csv,
    ),
    (Operation(method="GET", path="/hits/{hit:id}", summary="One hit", statuses=NO_SUCH_HIT), one_hit),
    (
        Operation(
            method="POST",
            path="/hits/{hit:id}/judgement",
            summary="Say whether a hit was relevant or wrong",
            body={"verdict": {"enum": ["relevant", "wrong"]}, "note": {"type": "string"}},
            statuses=((400, "no verdict"), *NO_SUCH_HIT),
        ),
        judge,
    ),
    (
        Operation(
            method="POST",
            path="/hits/{hit:id}/star",
            summary="Put a star on a hit, or take it off",
            body={"starred": {"type": "boolean"}},
            statuses=((400, "neither true nor false"), *NO_SUCH_HIT),
        ),
        star,
    ),
    (
        Operation(
            method="POST",
            path="/hits/{hit:id}/note",
            summary="Put a note on a hit in place of the one it has",
            body={"note": {"type": "string", "maxLength": LONGEST_NOTE}},
            statuses=((400, "no text, or too long"), *NO_SUCH_HIT),
        ),
        note,
    ),
    (
        Operation(
            method="POST",
            path="/hits/{hit:id}/mute",
            summary="Keep the story of a hit to ourselves for a week, or tell it again",
            body={"muted": {"type": "boolean"}},
            statuses=((400, "neither true nor false"), *NO_SUCH_HIT),
        ),
        mute,
    ),
    (Operation(method="GET", path="/topics", summary="The topics that run"), topics),
    (Operation(method="GET", path="/status", summary="How everything is"), status),
    (
        Operation(method="GET", path="/alert.schema.json", summary="What web hooks are sent, as JSON Schema"),
        alert_schema,
    ),
    (Operation(method="GET", path="/openapi.json", summary="This description"), openapi),
)


def api_routes() -> list[Route]:
    """A route for each operation."""
    return [
        Route(PREFIX + operation.path, _answering(answer), methods=[operation.method])
        for operation, answer in OPERATIONS
    ]


def _answering(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        said = await answer(request)
        if isinstance(said, Response):
            return said
        return Response(to_json(said), media_type="application/json")

    return respond


async def _sent(request: Request) -> dict[str, Any]:
    body = await read_body(request, most=MOST_BYTES)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"JSON is expected: {error}") from error
    if not isinstance(value, dict):
        raise HTTPException(400, "a JSON object is expected")
    return value


async def _facts(request: Request, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    return await desk_of(request).store.run(lambda store: facts_of(store, hits))


def _number(request: Request, name: str) -> int | None:
    given = request.query_params.get(name, "")
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise HTTPException(400, f"{name}: a whole number is expected")
    return int(given)

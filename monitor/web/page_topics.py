"""Topics: the watchlists, and an editor that checks while one types, previews, and finds conflicts."""

import asyncio
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from monitor.config.editing import drafts, find_topic, list_topics, taken, watchlist_names
from monitor.config.editing_draft import read_draft, topic_key
from monitor.config.editing_files import read_standing, watchlist_path
from monitor.config.editing_splice import added, item_text, replaced
from monitor.config.problem import Problem
from monitor.config.trying import aliases_in, try_watchlist
from monitor.errors import ConfigError, EditRefusedError, QueryError, WrongUseError
from monitor.keeper import Kept, add_topics, remove_topic, replace_topic, switch_topic
from monitor.store.store import Store
from monitor.topics.caret import message_of
from monitor.topics.describe import describe
from monitor.topics.parser import parse, parse_plain
from monitor.topics.query import QueryWarning
from monitor.topics.topic import Topic
from monitor.web.desk import Desk, desk_of, form_of
from monitor.web.preview import Preview, preview
from monitor.web.render import page, part
from monitor.web.topic_form import TopicForm, form_sent, form_standing, new_topic, rewritten
from monitor.workshop.precision import records_of

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """What somebody else has made of a topic meanwhile: its lines now, and what they changed."""

    text: str
    change: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a form: problems in words, a preview, somebody else's edit. All may be empty."""

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    seen: Preview | None = None
    theirs: Theirs | None = None


NOTHING = Outcome()


async def show_topics(request: Request) -> Response:
    """All topics, by watchlist."""
    desk = desk_of(request)
    read, broken = await asyncio.to_thread(drafts, desk.directory, environ=desk.environ)
    now, zone = desk.now(), desk.zone
    since = now - LATELY
    hits, judgements = await desk.store.run(lambda store: (store.hit_counts(since=since), store.judgements()))
    records = {record.topic: record for record in records_of(judgements, now=now, zone=zone)}
    lists = [(draft.source.path.stem, list_topics(draft)) for draft in read]
    return await page(
        request,
        "topics.html",
        lists=lists,
        hits=hits,
        records=records,
        broken=[one.format() for one in broken],
    )


async def show_new(request: Request) -> Response:
    """The editor for a topic that is not there yet."""
    asked = request.query_params
    form = TopicForm(watchlist=asked.get("watchlist", ""), name=asked.get("name", ""))
    return await _editor(request, form, NOTHING)


async def show_edit(request: Request) -> Response:
    """The editor for a topic that stands in a file."""
    desk, asked = desk_of(request), request.query_params
    name, watchlist = asked.get("topic", ""), asked.get("watchlist", "")
    text = await asyncio.to_thread(_standing, desk, name, watchlist)
    return await _editor(request, form_standing(watchlist, text), NOTHING, saved=asked.get("saved", ""))


async def check(request: Request) -> Response:
    """What is wrong with a query, where, and how it is read: asked while somebody types."""
    form, desk = form_sent(form_of(request)), desk_of(request)
    return JSONResponse(await asyncio.to_thread(_checked, desk, form))


async def show_preview(request: Request) -> Response:
    """What the topic would have caught."""
    desk, form = desk_of(request), form_sent(form_of(request))
    outcome = await desk.workshop.run(lambda store: _previewed(desk, store, form))
    if "x-part" in request.headers:
        text = await part(request, "preview.html", outcome=outcome, form=form)
        return Response(text, media_type="text/html")
    return await _editor(request, form, outcome)


async def save(request: Request) -> Response:
    """Write it, if it is right and nobody else has changed it."""
    desk, form = desk_of(request), form_sent(form_of(request))
    done = await desk.workshop.run(lambda store: _saved(desk, store, form))
    if isinstance(done, Outcome):
        return await _editor(request, form, done, status=409 if done.theirs else 422)
    desk.ring("reload")
    # A name that was changed is found under the new one.
    where = {"watchlist": done.watchlist, "topic": form.name, "saved": done.version or "unchanged"}
    return RedirectResponse(f"/topics/edit?{urlencode(where)}", status_code=303)


async def switch(request: Request) -> Response:
    """Disable a topic or enable it again."""
    desk, form = desk_of(request), form_of(request)
    name, watchlist, on = form.text("topic"), form.text("watchlist"), form.text("on") == "yes"
    await desk.workshop.run(
        lambda store: switch_topic(name, on=on, keeping=desk.keeping(store), watchlist=watchlist)
    )
    desk.ring("reload")
    return RedirectResponse("/topics", status_code=303)


async def remove(request: Request) -> Response:
    """Take a topic out of its watchlist; a version brings it back."""
    desk, form = desk_of(request), form_of(request)
    name, watchlist = form.text("topic"), form.text("watchlist")
    await desk.workshop.run(
        lambda store: remove_topic(name, keeping=desk.keeping(store), watchlist=watchlist)
    )
    desk.ring("reload")
    return RedirectResponse("/topics", status_code=303)


async def _editor(
    request: Request, form: TopicForm, outcome: Outcome, *, status: int = 200, saved: str = ""
) -> Response:
    desk = desk_of(request)
    said = await asyncio.to_thread(_checked, desk, form) if form.name or form.query else None
    names = watchlist_names(desk.directory)
    return await page(
        request, "topic.html", status=status, form=form, outcome=outcome, said=said, names=names, saved=saved
    )


def _standing(desk: Desk, name: str, watchlist: str) -> str:
    """A topic's own lines; raises ConfigError where there is none."""
    return item_text(*find_topic(desk.directory, name, environ=desk.environ, watchlist=watchlist))


def _checked(desk: Desk, form: TopicForm) -> dict[str, Any]:
    """The query's problems with their places, and its reading in words."""
    try:
        path = watchlist_path(desk.directory, form.watchlist or "new")
        aliases = aliases_in(path, read_standing(path).text, environ=desk.environ)
    except ConfigError as error:
        return {"problems": [{"severity": "error", "text": str(error), "start": 0, "end": 0}], "reading": ""}
    text = form.query or form.name
    try:
        query = parse(form.query, aliases=aliases) if form.query else parse_plain(form.name, aliases)
    except QueryError as error:
        return {"problems": [_problem(error, text)], "reading": ""}
    return {"problems": [_problem(one, text) for one in query.warnings], "reading": describe(query.node)}


def _problem(problem: QueryError | QueryWarning, text: str) -> dict[str, Any]:
    return {
        "severity": "error" if isinstance(problem, QueryError) else "warning",
        "text": message_of(problem, text),
        "start": problem.start,
        "end": problem.end,
    }


def _previewed(desk: Desk, store: Store, form: TopicForm) -> Outcome:
    try:
        topic, saved, outcome = _tried(desk, form)
        if topic is None:
            return outcome
        return replace(outcome, seen=preview(store, topic, saved, now=desk.now(), zone=desk.zone))
    except (ConfigError, QueryError, WrongUseError) as error:
        return Outcome(problems=(str(error),))


def _tried(desk: Desk, form: TopicForm) -> tuple[Topic | None, Topic | None, Outcome]:
    """The topic as it would run, the one that is saved, and what is wrong with it."""
    path = watchlist_path(desk.directory, form.watchlist)
    before = read_standing(path).text
    draft = read_draft(path, before, environ=desk.environ)
    standing = draft.named(form.topic) if form.topic else []
    if standing:
        text = replaced(draft, standing[0], rewritten(form, item_text(draft, standing[0])))
    else:
        text = added(draft, [new_topic(form)])
    feeds = [one.name for one in desk.config().subscriptions if one.name]
    known = try_watchlist(path, before, environ=desk.environ, feeds=feeds)
    tried = try_watchlist(path, text, environ=desk.environ, feeds=feeds)
    news = [one for one in tried.problems if one.message not in {old.message for old in known.problems}]
    return tried.topics.get(form.name), known.topics.get(form.topic), _problems(news)


def _saved(desk: Desk, store: Store, form: TopicForm) -> Kept | Outcome:
    try:
        return _added(desk, store, form) if form.is_new else _replaced(desk, store, form)
    except EditRefusedError as error:
        problems = [one for one in error.problems if isinstance(one, Problem)]
        return _problems(problems) if problems else Outcome(problems=(str(error),))
    except (ConfigError, WrongUseError) as error:
        return Outcome(problems=(str(error),))


def _added(desk: Desk, store: Store, form: TopicForm) -> Kept | Outcome:
    if place := taken(desk.directory, environ=desk.environ).get(topic_key(form.name)):
        return Outcome(problems=(f"there is a topic {form.name!r} already: {place}",))
    note = f"topic {form.name} added"
    return add_topics(form.watchlist, [new_topic(form)], keeping=desk.keeping(store), note=note)


def _replaced(desk: Desk, store: Store, form: TopicForm) -> Kept | Outcome:
    now = _standing(desk, form.topic, form.watchlist)
    if now != form.was:
        change = difflib.unified_diff(form.was.splitlines(), now.splitlines(), lineterm="", n=9)
        return Outcome(theirs=Theirs(text=now, change=tuple(change)[2:]))
    text = rewritten(form, now)
    return replace_topic(form.topic, text, was=now, keeping=desk.keeping(store), watchlist=form.watchlist)


def _problems(problems: Sequence[Problem]) -> Outcome:
    told: Mapping[str, list[str]] = {"error": [], "warning": []}
    for problem in problems:
        told[problem.severity].append(problem.format())
    return Outcome(problems=tuple(told["error"]), warnings=tuple(told["warning"]))

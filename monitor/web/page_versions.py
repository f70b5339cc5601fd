"""A watchlist's versions: what each changed, and back to an earlier one."""

import difflib
from dataclasses import dataclass
from itertools import zip_longest
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.keeper import restore
from monitor.store.store import Store
from monitor.store.versions import Version
from monitor.web.desk import desk_of, form_of
from monitor.web.render import page

LISTED = 50
MOST_COMPARED = 200_000
"""Longer texts are not compared: that would take seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A version and what it changed: lines that begin with their sign."""

    version: Version
    lines: tuple[str, ...]
    is_newest: bool
    is_too_long: bool = False


async def show_versions(request: Request) -> Response:
    """The versions of a watchlist, the newest first, each with what it changed."""
    watchlist = cast(str, request.path_params["watchlist"])
    changes = await desk_of(request).workshop.run(lambda store: _changes(store, watchlist))
    if not changes:
        raise HTTPException(404, f"no version of a watchlist {watchlist!r} was kept")
    return await page(
        request,
        "versions.html",
        watchlist=watchlist,
        changes=changes,
        done=request.query_params.get("done", ""),
    )


async def restore_version(request: Request) -> Response:
    """Write an earlier version's text back, as a new version."""
    desk, watchlist = desk_of(request), cast(str, request.path_params["watchlist"])
    number = form_of(request).number("version")
    kept = await desk.workshop.run(lambda store: restore(watchlist, number, keeping=desk.keeping(store)))
    desk.ring("reload")
    return RedirectResponse(f"{request.url.path}?done={kept.version or 'unchanged'}", status_code=303)


def _changes(store: Store, watchlist: str) -> list[Change]:
    versions = store.versions(watchlist=watchlist, limit=LISTED + 1)
    pairs = list(zip_longest(versions, versions[1:]))[:LISTED]
    return [_change(version, old, is_newest=version is versions[0]) for version, old in pairs]


def _change(version: Version, before: Version | None, *, is_newest: bool) -> Change:
    old, new = (before.text or "" if before else ""), version.text or ""
    if len(old) + len(new) > MOST_COMPARED:
        return Change(version=version, lines=(), is_newest=is_newest, is_too_long=True)
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    return Change(version=version, lines=tuple(lines)[2:], is_newest=is_newest)

"""Feeds in and out as OPML: a list taken in, with what is left out named; the feeds that are followed."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from monitor.config.importing_feeds import ImportedFeeds, LeftOut
from monitor.errors import ConfigError, WrongUseError
from monitor.feedkeeper import add_feeds
from monitor.feedlists import export_list, new_feeds, read_list
from monitor.store.store import Store
from monitor.web.desk import desk_of, form_of
from monitor.web.render import page
from monitor.web.topic_form import labels_of

MOST_SHOWN = 200
"""Feeds and outlines of each kind that are named; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a list came to: what is new, what is followed already, what is refused and why."""

    imported: ImportedFeeds
    is_written: bool

    @property
    def known(self) -> Sequence[LeftOut]:
        """Those that are followed already, or stand in the list twice."""
        return [one for one in self.imported.left_out if one.why == "duplicate"]

    @property
    def refused(self) -> Sequence[LeftOut]:
        """Those that can not be followed."""
        return [one for one in self.imported.left_out if one.why == "broken"]


async def show_import(request: Request) -> Response:
    """Where a list is chosen."""
    return await _page(request)


async def take_in(request: Request) -> Response:
    """Write what is new in a list at the end of feeds.yaml, or only say what that would be."""
    desk, form = desk_of(request), form_of(request)
    file, is_written = form.files.get("list"), form.text("do") != "look"

    def work(store: Store) -> Taken:
        if file is None or not file.content:
            raise WrongUseError("a file is expected: choose the list that another reader has exported")
        keeping = desk.keeping(store)
        outlines = read_list(file.content, name=file.file or "the list")
        imported = new_feeds(outlines, keeping=keeping, labels=labels_of(form.get("labels", "")))
        if is_written and imported.feeds:
            add_feeds(imported.feeds, keeping=keeping)
        return Taken(imported=imported, is_written=is_written)

    try:
        return await _page(request, taken=await desk.workshop.run(work))
    except (ConfigError, WrongUseError) as error:
        return await _page(request, problem=str(error), status=422)


async def export(request: Request) -> Response:
    """The feeds for other feed readers, without those whose address holds a secret."""
    config = desk_of(request).config()
    exported = export_list(config, config.subscriptions)
    headers = {"Content-Disposition": 'attachment; filename="feeds.opml"'}
    return Response(exported.text, media_type="text/x-opml", headers=headers)


async def _page(
    request: Request, *, taken: Taken | None = None, problem: str = "", status: int = 200
) -> Response:
    config = desk_of(request).config()
    kept_back = export_list(config, config.subscriptions).left_out
    return await page(
        request,
        "opml.html",
        status=status,
        taken=taken,
        problem=problem,
        most=MOST_SHOWN,
        labels=form_of(request).get("labels", "") if request.method == "POST" else "",
        kept_back=kept_back,
    )

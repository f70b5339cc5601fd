"""All pages with their addresses, behind the gate: the one table of routes."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.config.settings import WebSettings
from monitor.errors import MonitorError, StoreError
from monitor.feeds.websub import CALLBACK
from monitor.web import (
    callback,
    export,
    health,
    page_act,
    page_alerts,
    page_coverage,
    page_feeds,
    page_finding,
    page_hit,
    page_now,
    page_opml,
    page_out,
    page_silences,
    page_topics,
    page_versions,
)
from monitor.web.api import api_routes
from monitor.web.assets import KINDS, asset, small
from monitor.web.desk import Desk, desk_of
from monitor.web.doors import Doors
from monitor.web.forms import WrongFormError
from monitor.web.gate import Gate, refused
from monitor.web.rules import hosts_of
from monitor.web.syndication import WRITERS

Page = Callable[[Request], Awaitable[Response]]


class IdConvertor(IntegerConvertor):
    """A number in an address; what is longer than any the store can hold is no page."""

    regex = "[0-9]{1,18}"


register_url_convertor("id", IdConvertor())


def site(desk: Desk, web: WebSettings, port: int) -> Starlette:
    """The desk's pages for one port."""
    tls = web.public_url.startswith("https:")

    def hosts() -> frozenset[str]:
        """How it is reached may change while it runs; links that were sent before lead to the old name."""
        reached = desk.config().settings.web.public_url
        return hosts_of(web, port) | hosts_of(replace(web, public_url=reached), port)

    gate = Middleware(Gate, desk=desk, hosts=hosts, tls=tls)
    app = Starlette(
        routes=routes(tls=tls),
        middleware=[gate],
        exception_handlers={
            HTTPException: _on_http_error,
            WrongFormError: _on_wrong_form,
            StoreError: _on_store_error,
            MonitorError: _on_error,
        },
    )
    app.router.redirect_slashes = False
    app.state.desk = desk
    return app


def routes(*, tls: bool) -> list[Route]:
    """Every address that is answered."""
    return [*_door_routes(tls=tls), *_page_routes(), *api_routes()]


def _door_routes(*, tls: bool) -> list[Route]:
    doors, acts = Doors(tls=tls), page_act.Acts()
    return [
        _get("/setup", doors.show_setup),
        _post("/setup", doors.set_up),
        _get("/login", doors.show_login),
        _post("/login", doors.log_in),
        _post("/logout", doors.log_out),
        *(_get(f"/out/{{key}}/hits.{kind}", page_out.feed_as(kind)) for kind in WRITERS),
        _get("/act/{link}", acts.show),
        _post("/act/{link}", acts.carry_out),
        _get("/healthz", health.healthz),
        _get("/readyz", health.readyz),
        _get("/metrics", health.metrics),
        _get("/static/{name}", static),
        _get(f"{CALLBACK}{{token}}", callback.answer_hub),
        _post(f"{CALLBACK}{{token}}", callback.take_push),
    ]


def _page_routes() -> list[Route]:
    return [*_hit_routes(), *_topic_routes(), *_feed_routes(), *_alert_routes()]


def _hit_routes() -> list[Route]:
    return [
        _get("/", page_now.show_now),
        _get("/live", page_now.live),
        _get("/hits/{hit:id}", page_hit.show_hit),
        _post("/hits/{hit:id}/judge", page_hit.judge),
        _post("/hits/{hit:id}/star", page_hit.star),
        _post("/hits/{hit:id}/note", page_hit.note),
        _post("/hits/{hit:id}/mute", page_hit.mute),
        _post("/hits/{hit:id}/unmute", page_hit.unmute),
        _get("/hits.csv", export.csv_for_spreadsheets),
        _get("/hits.json", export.json_file),
    ]


def _topic_routes() -> list[Route]:
    return [
        _get("/topics", page_topics.show_topics),
        _get("/topics/new", page_topics.show_new),
        _get("/topics/edit", page_topics.show_edit),
        _post("/topics/check", page_topics.check),
        _post("/topics/preview", page_topics.show_preview),
        _post("/topics/save", page_topics.save),
        _post("/topics/switch", page_topics.switch),
        _post("/topics/remove", page_topics.remove),
        _get("/watchlists/{watchlist}", page_versions.show_versions),
        _post("/watchlists/{watchlist}", page_versions.restore_version),
    ]


def _feed_routes() -> list[Route]:
    return [
        _get("/feeds", page_feeds.show_feeds),
        _get("/feeds/{feed:id}", page_feeds.show_feed),
        _post("/feeds/{feed:id}/remove", page_feeds.remove),
        _post("/feeds/find", page_finding.find),
        _post("/feeds/follow", page_finding.follow),
        _get("/feeds/opml", page_opml.show_import),
        _post("/feeds/opml", page_opml.take_in),
        _get("/feeds/feeds.opml", page_opml.export),
    ]


def _alert_routes() -> list[Route]:
    return [
        _get("/alerts", page_alerts.show_alerts),
        _post("/deliveries/{delivery:id}/again", page_alerts.send_again),
        _post("/deliveries/{delivery:id}/drop", page_alerts.drop),
        _get("/receivers", page_alerts.show_receivers),
        _get("/outgoing", page_out.show_out),
        _post("/outgoing", page_out.make_key),
        _post("/outgoing/revoke", page_out.take_back),
        _get("/silences", page_silences.show_silences),
        _post("/silences", page_silences.add_silence),
        _post("/silences/{silence:id}/end", page_silences.end_silence),
        _get("/coverage", page_coverage.show_coverage),
        _post("/receivers/try", page_alerts.try_receiver),
    ]


async def static(request: Request) -> Response:
    """A file of the desk's own; its address changes when it does."""
    name = request.path_params["name"]
    if name not in KINDS:
        raise HTTPException(404, "there is no such page")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(asset(name), media_type=KINDS[name], headers=headers)
    return Response(small(name), media_type=KINDS[name], headers=headers | {"Content-Encoding": "gzip"})


def _get(path: str, page: Page) -> Route:
    return Route(path, page, methods=["GET"])


def _post(path: str, page: Page) -> Route:
    return Route(path, page, methods=["POST"])


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette calls it for nothing else
    words = {404: "there is no such page", 405: "this can not be done here"}
    is_bare = error.detail in ("Not Found", "Method Not Allowed")
    why = words[error.status_code] if is_bare else error.detail
    return refused(request, why, error.status_code)


async def _on_wrong_form(request: Request, error: Exception) -> Response:
    return refused(request, str(error), getattr(error, "status", 400))


async def _on_store_error(request: Request, error: Exception) -> Response:
    desk_of(request).on_trouble(error)
    return refused(request, str(error), 503)


async def _on_error(request: Request, error: Exception) -> Response:
    return refused(request, str(error), 409)

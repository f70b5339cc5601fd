"""Hits to take away: all that somebody wants, as CSV or JSON, a stretch at a time."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from monitor.cli.console import to_json
from monitor.cli.facts import CSV_COLUMNS, hit_facts, hit_row, remark_facts
from monitor.errors import QueryError
from monitor.store.records import Hit
from monitor.store.store import Store
from monitor.web.desk import Desk, desk_of
from monitor.web.finding import Sought, Wanted, find, sought

MOST = 10_000
"""Hits, the newest; for more there is `monitor hits`."""
A_STRETCH = 500
MOST_STRETCHES = 2 * MOST // A_STRETCH
"""Where words are looked for a stretch may find few."""
BOM = "\ufeff"
"""Without it spreadsheets take a file for one of their own country's letters."""


async def csv_for_spreadsheets(request: Request) -> Response:
    """A file for a spreadsheet."""
    return csv_of(request, begins=BOM)


def csv_of(request: Request, *, begins: str = "") -> Response:
    """The hits that an address asks for, as CSV."""
    stretches = _stretches(desk_of(request), wanted_hits(request))
    return _file(_csv(stretches, begins), "text/csv; charset=utf-8", "hits.csv")


async def json_file(request: Request) -> Response:
    """The hits that an address asks for, as a file of JSON."""
    desk = desk_of(request)
    return _file(_json(desk, _stretches(desk, wanted_hits(request))), "application/json", "hits.json")


def wanted_hits(request: Request) -> Sought:
    """What an address asks for; a query that is wrong is told as HTTP tells it."""
    try:
        return sought(Wanted.of(request.query_params))
    except QueryError as error:
        raise HTTPException(400, f"q: {error}") from error


def facts_of(store: Store, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits with what people said of them and put on them."""
    ids = [hit.hit_id for hit in hits]
    verdicts, remarks = store.verdicts(ids), store.remarks(ids)
    return [
        hit_facts(hit) | {"verdict": verdicts.get(hit.hit_id)} | remark_facts(remarks.get(hit.hit_id))
        for hit in hits
    ]


async def _stretches(desk: Desk, what: Sought) -> AsyncIterator[tuple[Hit, ...]]:
    """The newest hits, so few at once that nobody else has to wait for long."""
    left, before = MOST, None
    for _ in range(MOST_STRETCHES):
        found = await desk.workshop.run(partial(find, what=what, before=before, limit=min(left, A_STRETCH)))
        yield found.hits
        left, before = left - len(found.hits), found.next
        if before is None or not left:
            return


async def _csv(stretches: AsyncIterator[tuple[Hit, ...]], begins: str) -> AsyncIterator[str]:
    yield begins + _lines([dict(zip(CSV_COLUMNS, CSV_COLUMNS, strict=True))])
    async for hits in stretches:
        yield _lines(map(hit_row, hits))


def _lines(rows: Iterable[Mapping[str, object]]) -> str:
    written = io.StringIO()
    csv.DictWriter(written, CSV_COLUMNS, lineterminator="\r\n").writerows(rows)
    return written.getvalue()


async def _json(desk: Desk, stretches: AsyncIterator[tuple[Hit, ...]]) -> AsyncIterator[str]:
    """A list of hits, a line each."""
    yield '{"hits": ['
    between = "\n"
    async for hits in stretches:
        for facts in await desk.workshop.run(partial(facts_of, hits=hits)):
            yield between + to_json(facts)
            between = ",\n"
    yield "\n]}\n"


def _file(content: AsyncIterator[str], kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(content, media_type=kind, headers=headers)

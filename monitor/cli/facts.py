"""Hits, spans and entries as JSON and CSV show them. Pure."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from monitor.cli.console import iso
from monitor.topics.match import Span

if TYPE_CHECKING:
    from monitor.feeds.entry import Entry
    from monitor.store.records import Hit
    from monitor.store.remarks import Remark

CSV_COLUMNS = (
    "id", "found_at", "state", "reason", "topic", "watchlist", "feed", "title", "link", "published",
    "words", "clauses",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets begin a formula with, or leave out before one: https://owasp.org/www-community/attacks/CSV_Injection"""


def span_facts(span: Span) -> dict[str, object]:
    """A span."""
    return {
        "field": span.field, "start": span.start, "end": span.end, "text": span.text, "clause": span.clause
    }  # fmt: skip


def entry_facts(entry: "Entry") -> dict[str, object]:
    """What names an entry."""
    published = entry.published or entry.updated
    return {
        "guid": entry.guid,
        "title": entry.title,
        "link": entry.link,
        "published": iso(published) if published else None,
    }


def hit_facts(hit: "Hit") -> dict[str, Any]:
    """A stored hit, whole."""
    return {
        "id": hit.hit_id,
        "found_at": iso(hit.found_at),
        "state": hit.state,
        "reason": hit.reason,
        "topic": hit.topic,
        "watchlist": hit.watchlist,
        "feed": hit.entry.feed,
        "entry": hit.entry.entry_id,
        **entry_facts(hit.entry.entry),
        "labels": dict(hit.labels),
        "spans": [span_facts(span) for span in hit.spans],
    }


def remark_facts(remark: "Remark | None") -> dict[str, Any]:
    """What somebody put on a hit."""
    return {"starred": bool(remark and remark.starred), "note": remark.note if remark else ""}


def hit_row(hit: "Hit") -> dict[str, object]:
    """A stored hit as a row of CSV; no cell can be taken for a formula."""
    facts: Mapping[str, Any] = hit_facts(hit)
    row = {column: facts.get(column) for column in CSV_COLUMNS}
    row["words"] = "; ".join(dict.fromkeys(span.text for span in hit.spans))
    row["clauses"] = "; ".join(dict.fromkeys(span.clause for span in hit.spans))
    return {column: _no_formula(value) for column, value in row.items()}


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

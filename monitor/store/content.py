"""An alert as JSON and back: what its message will say, frozen with the commit that made it."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from monitor.alerts.alert import Alert, AlertHit, Marked, Section
from monitor.store.moment import to_json


def alert_to_json(alert: Alert) -> str:
    """The alert as compact JSON; moments in ISO 8601."""
    return to_json(_plain(asdict(alert)))


def alert_from_json(text: str) -> Alert:
    """The alert that `alert_to_json` wrote."""
    value = json.loads(text)
    return Alert(
        **value
        | {
            "created_at": datetime.fromisoformat(value["created_at"]),
            "hits": tuple(_hit(hit) for hit in value["hits"]),
            # An alert that was made before there were digests does not say of what kind it is.
            "sections": tuple(Section(**section) for section in value.get("sections", ())),
            "earlier": tuple(value.get("earlier", ())),
        }
    )


def _hit(value: dict[str, Any]) -> AlertHit:
    published = value["published"]
    return AlertHit(
        **value
        | {
            "found_at": datetime.fromisoformat(value["found_at"]),
            "published": datetime.fromisoformat(published) if published else None,
            "headline": _marked(value["headline"]),
            "snippets": tuple(_marked(snippet) for snippet in value["snippets"]),
            "clauses": tuple(value["clauses"]),
        }
    )


def _marked(value: dict[str, Any]) -> Marked:
    return Marked(text=value["text"], marks=tuple((start, end, why) for start, end, why in value["marks"]))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value

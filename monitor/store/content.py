"""An alert as JSON and back: what its message will say, frozen with the commit that made it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.alerts.alert import Alert, AlertHit, Marked, Section
from monitor.store.moment import to_json


def alert_to_json(alert: Alert) -> str:
    """The alert as compact JSON; moments in ISO 8601."""
    return to_json(alert, default=_plain)


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
    """What JSON does not know: a record as its fields (whoever asks goes on with those), a moment, labels."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return {name: getattr(value, name) for name in value.__slots__}

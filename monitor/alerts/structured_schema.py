"""What a web hook is sent, as JSON Schema 2020-12: what structured.py makes, in words for programs. Data."""

from typing import Any, get_args

from monitor.alerts.act import Verb
from monitor.alerts.alert import MAX_SHOWN, AlertKind
from monitor.alerts.structured import SCHEMA


def _object(about: str, optional: tuple[str, ...] = (), **properties: dict[str, Any]) -> dict[str, Any]:
    """Fields that are always there, but for the optional ones; others may come at any time."""
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


def _text(about: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": about, **more}


def _list(about: str, items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "description": about, "items": items, **more}


def _count(about: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "description": about}


_MOMENT = {"type": "string", "format": "date-time"}

_MARKED = _object(
    "Text with the stretches that matched.",
    text=_text("Plain text: escape it for whatever it is shown in."),
    marks=_list(
        "Where words matched, from a character to before another.",
        {"type": "array", "prefixItems": [{"type": "integer"}] * 2, "minItems": 2, "maxItems": 2},
    ),
)

_ACT = _object(
    "What a POST without a body does: 200 done, now or before; 410 too late; 404 not ours.",
    name=_text("What is done.", enum=list(get_args(Verb))),
    label=_text("What a button may say."),
    url=_text("A page with a button; a POST does it, once.", format="uri"),
)
_ACTS = _list("What can be done, where `web: public_url:` is set.", _ACT)

_HIT = _object(
    "An entry that a topic asks for.",
    ("acts",),
    id=_count("As `monitor hits` shows it."),
    topic=_text("The topic."),
    severity=_text('The label `severity`, "" where there is none.'),
    headline=_MARKED,
    link=_text('Absolute, http or https; "" where the feed gives none to follow.'),
    feed=_text("The feed's name, or its address."),
    other_feeds=_count("How many other feeds carry it."),
    story=_text("Who told its story: single source, or which origins."),
    published_at={"type": ["string", "null"], "format": "date-time", "description": "As the feed says."},
    found_at=_MOMENT,
    snippets=_list("Where words matched in the text.", _MARKED),
    matched=_list("The clauses of the query that matched.", {"type": "string"}),
    acts=_ACTS,
)

_ALERT = _object(
    "The alert.",
    ("acts", "acts_until"),
    schema={"const": SCHEMA, "description": "Changes when a field changes its meaning. Ignore new fields."},
    id=_text("The same at every attempt: drop what you know already."),
    kind=_text("What the message is.", enum=list(get_args(AlertKind))),
    receiver=_text("The receiver's name."),
    created_at=_MOMENT,
    may_repeat={"type": "boolean", "description": "An earlier attempt may have arrived."},
    thread=_text('The same for all alerts of one topic or story, "" where there are several.'),
    earlier=_list("Ids of the alerts that it stands for.", {"type": "string"}),
    coverage=_text("What was looked at, in a line; in digests."),
    total=_count("How many hits it tells."),
    topics={
        "type": "object",
        "description": "How many hits of each topic, where that is known.",
        "additionalProperties": {"type": "integer", "minimum": 1},
    },
    hits=_list("The newest first.", _HIT, maxItems=MAX_SHOWN),
    acts=_ACTS,
    acts_until={**_MOMENT, "description": "Until when the acts can be done."},
)

WEBHOOK_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What feed-monitor posts to a web hook (json://, jsons://)",
    **_object(
        "One alert.",
        title=_text("What it is about, as text."),
        message=_text("The whole message, as text."),
        alert=_ALERT,
    ),
}

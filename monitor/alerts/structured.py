"""An alert as data, for web hooks that take JSON: the schema that the README documents. Pure.

Texts are as safe as in a message: nothing that can not be seen, no mentions, links absolute or "".
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from monitor.alerts.act import ON_HITS, ON_TOPICS, Act, acts_of, acts_on, until_of
from monitor.alerts.alert import Alert, AlertHit, Marked
from monitor.alerts.defuse import defuse_text
from monitor.alerts.safe import SafeHits, cut_marked, short
from monitor.alerts.signature import Signer
from monitor.alerts.subject import totals_of

SCHEMA = 1
"""Changes when a field changes its meaning or goes; new fields may come at any time."""

HEADLINE, SNIPPET = 300, 400


def alert_data(
    alert: Alert, hits: SafeHits, *, may_repeat: bool, signer: Signer | None = None
) -> dict[str, Any]:
    """The whole alert; with a signer, links to what can be done about it and about its hits."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "id": alert.id,
        "kind": alert.kind,
        "receiver": short(alert.receiver),
        "created_at": _iso(alert.created_at),
        "may_repeat": may_repeat,
        "thread": short(alert.thread, 200),
        "earlier": list(alert.earlier),
        "coverage": short(alert.coverage, 300),
        "total": len(alert.hits) + alert.more,
        "topics": {short(topic): total for topic, total in totals_of(alert).items() if total},
        "hits": [_hit(hit) for hit in hits],
    }
    return data | _with_acts(alert, data["hits"], signer) if signer else data


def _with_acts(alert: Alert, told: list[dict[str, Any]], signer: Signer) -> dict[str, Any]:
    whole = {hit.hit_id: hit for hit in alert.hits}
    return {
        "acts": _acts(signer, acts_of(alert)),
        "acts_until": _iso(until_of(alert)),
        "hits": [
            hit | {"acts": _acts(signer, acts_on(alert, whole[hit["id"]], ON_TOPICS + ON_HITS))}
            for hit in told
        ],
    }


def _acts(signer: Signer, acts: Iterable[Act]) -> list[dict[str, str]]:
    return [{"name": one.act.verb, "label": one.act.label, "url": one.url} for one in signer.offers(acts)]


def _hit(hit: AlertHit) -> dict[str, Any]:
    return {
        "id": hit.hit_id,
        "topic": hit.topic,
        "severity": hit.labels.get("severity", ""),
        "headline": _marked(hit.headline, HEADLINE),
        "link": hit.link,
        "feed": hit.feed,
        "other_feeds": hit.other_feeds,
        "story": hit.story,
        "published_at": _iso(hit.published) if hit.published else None,
        "found_at": _iso(hit.found_at),
        "snippets": [_marked(snippet, SNIPPET) for snippet in hit.snippets],
        "matched": [defuse_text(clause) for clause in hit.clauses],
    }


def _marked(marked: Marked, limit: int) -> dict[str, Any]:
    cut = cut_marked(marked, limit)
    return {"text": cut.text, "marks": [[start, end] for start, end, _ in cut.marks]}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

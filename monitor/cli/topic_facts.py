"""What topics catch, gain, lose and are judged by, as JSON shows it. Pure."""

from typing import TYPE_CHECKING, Any

from monitor.cli.console import iso
from monitor.cli.facts import entry_facts, span_facts

if TYPE_CHECKING:
    from monitor.workshop.backtest import Catch, DayCount
    from monitor.workshop.diff import Side, TopicDiff
    from monitor.workshop.precision import Precision, Record
    from monitor.workshop.suggest import Gain, Suggestions


def catch_facts(catch: "Catch") -> dict[str, Any]:
    """An entry that was caught, and why."""
    stored = catch.stored
    return {
        "entry": stored.entry_id,
        "seen_at": iso(stored.seen_at),
        "feed": stored.feed,
        **entry_facts(stored.entry),
        "spans": [span_facts(span) for span in catch.spans],
    }


def day_facts(day: "DayCount") -> dict[str, Any]:
    """How many on a day."""
    return {"day": day.day.isoformat(), "count": day.count}


def record_facts(record: "Record") -> dict[str, Any]:
    """A topic's precision over time."""
    return {
        "topic": record.topic,
        **_precision_facts(record.whole),
        "last_30_days": _precision_facts(record.lately),
        "months": [{"month": month, **_precision_facts(one)} for month, one in record.months],
        "versions": [{"version": version, **_precision_facts(one)} for version, one in record.versions],
    }


def _precision_facts(precision: "Precision") -> dict[str, Any]:
    share = precision.share
    return {
        "relevant": precision.relevant,
        "judged": precision.judged,
        "share": None if share is None else round(share, 4),
    }


def diff_facts(diff: "TopicDiff") -> dict[str, Any]:
    """What a topic gains and loses."""
    pair = diff.pair
    return {
        "topic": pair.name,
        "kind": pair.kind,
        "was": pair.before.name if pair.before else None,
        "before": str(pair.before.query) if pair.before else None,
        "after": str(pair.after.query) if pair.after else None,
        "gained": _side_facts(diff.gained),
        "lost": _side_facts(diff.lost),
    }


def _side_facts(side: "Side") -> dict[str, Any]:
    return {
        "count": side.count,
        "marked_relevant": [catch_facts(catch) for catch in side.judged.get("relevant", ())],
        "marked_wrong": [catch_facts(catch) for catch in side.judged.get("wrong", ())],
        "newest": [catch_facts(catch) for catch in side.newest],
    }


def suggestion_facts(found: "Suggestions") -> dict[str, Any]:
    """How a topic could do better."""
    return {
        "topic": found.topic.name,
        "query": str(found.topic.query),
        "hits": found.hits,
        "near": [_gain_facts(gain) for gain in found.near],
        "words": [_gain_facts(gain) | {"g2": round(gain.score, 2)} for gain in found.words],
        "exclusions": [
            {
                "not": one.edit.what,
                "query": str(one.edit.query),
                "wrong": one.wrong,
                "relevant": one.relevant,
                "hits": one.hits,
            }
            for one in found.exclusions
        ],
    }


def _gain_facts(gain: "Gain") -> dict[str, Any]:
    return {
        "kind": gain.edit.kind,
        "edit": gain.edit.what,
        "query": str(gain.edit.query),
        "adds": gain.added,
        "at_least": not gain.is_all,
        "example": catch_facts(gain.example) if gain.example else None,
    }

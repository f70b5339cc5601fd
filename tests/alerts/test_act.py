"""What a message offers to do about it, and what of a hit is silenced."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.alerts.act import (
    HOLDS,
    IN_WORDS,
    LABELS,
    LASTS,
    ON_HITS,
    ON_TOPICS,
    Act,
    Verb,
    acts_of,
    acts_on,
    silenced,
)
from monitor.alerts.alert import Alert, AlertHit, Section
from tests.alerts.examples import NOON, alert, hit, is_


def labelled(number: int, **labels: str) -> AlertHit:
    made = hit(number, topic=labels.get("topic", "Cuba"))
    return replace(made, labels={**made.labels, **labels})


ONE = labelled(1, feed="A", story="7")
OTHER = labelled(2, feed="B", story="8")


def verbs(made: Alert) -> list[Verb]:
    return [act.verb for act in acts_of(made)]


def test_about_one_hit_everything_can_be_done() -> None:
    assert verbs(alert(ONE)) == list(LABELS)


def test_about_many_hits_only_what_is_meant_of_all_of_them() -> None:
    assert verbs(alert(ONE, OTHER)) == ["ack", "snooze-1h", "snooze-8h", "more"]
    assert verbs(alert(ONE, replace(OTHER, labels=ONE.labels))) == [
        "ack", "snooze-1h", "snooze-8h", "mute-story", "more"
    ]  # fmt: skip
    assert verbs(alert(ONE, more=3)) == ["ack", "snooze-1h", "snooze-8h", "more"]


def test_a_digest_of_many_topics_has_one_acknowledge_and_leads_to_the_rest() -> None:
    sections = (Section(topic="Cuba", shown=1), Section(topic="Taiwan", shown=0, more=1))
    digest = replace(alert(ONE, more=1), kind="digest", sections=sections)
    assert verbs(digest) == ["ack", "more"]
    assert verbs(alert(ONE, labelled(3, topic="Taiwan"))) == ["ack", "more"]


def test_an_alert_without_hits_can_be_acknowledged() -> None:
    assert verbs(alert()) == ["ack", "more"]


def test_what_a_hit_has_no_label_for_can_not_be_muted() -> None:
    bare = labelled(1)
    assert [act.verb for act in acts_on(alert(bare), bare, ON_TOPICS + ON_HITS)] == [
        "snooze-1h", "snooze-8h", "wrong"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "matchers"),
    [
        ("snooze-1h", (is_("topic", "Cuba"),)),
        ("snooze-8h", (is_("topic", "Cuba"),)),
        ("mute-story", (is_("story", "7"),)),
        ("mute-feed", (is_("topic", "Cuba"), is_("feed", "A"))),
        ("wrong", ()),
        ("ack", ()),
    ],
)
def test_what_is_silenced(verb: Verb, matchers: tuple[object, ...]) -> None:
    assert silenced(verb, ONE) == matchers


@pytest.mark.parametrize("made_at", [NOON, NOON + timedelta(minutes=59, microseconds=1)])
def test_it_can_be_done_for_a_week_to_the_next_full_hour(made_at: datetime) -> None:
    (act, *_) = acts_of(replace(alert(ONE), created_at=made_at))
    assert timedelta(0) <= act.until - made_at - HOLDS < timedelta(hours=1)
    assert (act.until.minute, act.until.second, act.until.microsecond) == (0, 0, 0)


def test_acts_on_different_hits_have_different_names() -> None:
    acts = [Act(verb=verb, alert_id="A", hit_id=hit_id, until=NOON) for verb in LABELS for hit_id in (0, 1)]
    assert len({act.name for act in acts}) == len(acts)


@pytest.mark.parametrize("verb", LASTS)
def test_how_long_it_lasts_is_said_as_it_is(verb: Verb) -> None:
    number, unit = IN_WORDS[verb].split()
    assert timedelta(**{unit.removesuffix("s") + "s": int(number)}) == LASTS[verb]

"""An alert's records."""

from dataclasses import replace

from monitor.alerts.alert import Section, thread_of
from tests.alerts.examples import alert, hit


def test_the_sections_of_a_digest_part_its_hits_in_order() -> None:
    one, two, three = hit(1, topic="Cuba"), hit(2, topic="Cuba"), hit(3, topic="Taiwan")
    digest = replace(
        alert(one, two, three, more=4),
        sections=(Section(topic="Cuba", shown=2, more=4), Section(topic="Taiwan", shown=1)),
    )
    assert [(section.topic, section.more, hits) for section, hits in digest.by_topic()] == [
        ("Cuba", 4, (one, two)),
        ("Taiwan", 0, (three,)),
    ]


def test_an_alert_of_one_group_has_no_sections() -> None:
    assert list(alert(hit(1)).by_topic()) == []


def test_what_is_told_of_one_story_or_topic_is_one_thread() -> None:
    assert thread_of({"topic": "Cuba", "story": "12"}) == "story:12"
    assert thread_of({"topic": "Cuba", "story": ""}) == "topic:Cuba"
    assert thread_of({"feed": "BBC"}) == ""

"""How a message about many topics is laid out."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.alert import MAX_SHOWN, Alert, Section
from monitor.alerts.digest import by_topic, merged, sections, shown
from tests.alerts.examples import alert, hit


def test_the_topic_with_the_newest_hit_comes_first_and_of_each_the_oldest() -> None:
    hits = [hit(1, topic="Cuba"), hit(2, topic="Peru"), hit(3, topic="Cuba")]
    assert by_topic(hits) == (("Cuba", (1, 3)), ("Peru", (2,)))


def test_where_there_is_room_for_few_each_topic_has_its_newest() -> None:
    parted = (("Cuba", (1, 2, 3, 4)), ("Peru", (5,)), ("Chile", (6, 7)))
    assert shown(parted, 5) == (("Cuba", (3, 4)), ("Peru", (5,)), ("Chile", (6, 7)))
    assert shown(parted, 2) == (("Cuba", (4,)), ("Peru", (5,)), ("Chile", ()))
    assert shown(parted, 99) == parted


def test_what_is_not_shown_is_counted_by_topic() -> None:
    parted = (("Cuba", tuple(range(100))), ("Peru", (100,)))
    assert sections(parted, {"Chile": 3}) == (
        Section(topic="Cuba", shown=MAX_SHOWN - 1, more=100 - MAX_SHOWN + 1),
        Section(topic="Peru", shown=1),
        Section(topic="Chile", shown=0, more=3),
    )


ALERTS = st.lists(
    st.builds(
        lambda start, count, topic, more: alert(
            *(hit(start + n, topic=topic) for n in range(count)), more=more
        ),
        st.integers(0, 10_000).map(lambda number: number * 40),
        st.integers(1, 40),
        st.sampled_from(["Cuba", "Peru", "Chile"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one.hits[0].hit_id,
)


@given(ALERTS, ALERTS)
def test_however_often_it_is_merged_every_hit_is_shown_or_counted(
    one: list[Alert], other: list[Alert]
) -> None:
    fresh = [each for each in other if each.hits[0].hit_id not in {first.hits[0].hit_id for first in one}]
    told = [*one, *fresh]
    for alerts in (told, [_merged(one), *fresh]):
        made = _merged(alerts)
        assert len(made.hits) + made.more == sum(len(each.hits) + each.more for each in told)
        assert len(made.hits) <= MAX_SHOWN
        assert [each.topic for section, hits in made.by_topic() for each in hits] == [
            section.topic for section in made.sections for _ in range(section.shown)
        ]


def _merged(alerts: list[Alert]) -> Alert:
    hits, parted = merged(alerts)
    more = sum(section.more for section in parted)
    return replace(alerts[0], kind="catch-up", hits=hits, sections=parted, more=more)

"""What is news of a story, and how it stands."""

from monitor.alerts.pending import PendingHit
from monitor.alerts.story import Standing, counted
from tests.alerts.examples import is_, pending, route

BY_STORY = ("topic", "story")
ROOT = route(group_by=BY_STORY)
REUTERS_TOLD = {("7", "Cuba"): frozenset({"Reuters"})}


def hit(
    number: int, *told: str, story: str = "7", origin: str = "Reuters", topic: str = "Cuba", **more: str
) -> PendingHit:
    labels = {"topic": topic, "story": story, "origin": origin, **more}
    return pending(number, number, {key: value for key, value in labels.items() if value}, *told)


def test_the_first_entry_of_a_story_is_told_and_the_next_of_its_origin_are_counted() -> None:
    assert counted([hit(3), hit(1), hit(2)], told={}, root=ROOT) == {2, 3}


def test_a_new_origin_is_told() -> None:
    waiting = [hit(2), hit(3, origin="CNA"), hit(4, origin="CNA")]
    assert counted(waiting, told=REUTERS_TOLD, root=ROOT) == {2, 4}


def test_a_topic_that_joins_is_told() -> None:
    assert counted([hit(1), hit(2, topic="Haiti")], told=REUTERS_TOLD, root=ROOT) == {1}


def test_what_is_in_no_story_is_told() -> None:
    assert counted([hit(1, story=""), hit(2, story="")], told={}, root=ROOT) == frozenset()


def test_a_hit_that_one_of_several_groups_has_told_is_not_counted_for_the_others() -> None:
    assert counted([hit(1, "some group"), hit(2)], told={}, root=ROOT) == {2}


def test_where_one_of_its_routes_does_not_group_by_story_a_hit_is_told() -> None:
    branches = (
        route("desk", "0.0", group_by=BY_STORY, continues=True),
        route("log", "0.1", is_("topic", "Cuba")),
    )
    tree = route("root", group_by=BY_STORY, routes=branches)
    waiting = [hit(number, topic=topic) for number, topic in enumerate(("Cuba", "Haiti") * 2)]
    assert counted(waiting, told={}, root=tree) == {3}


def test_an_edited_entry_is_told_though_its_story_was() -> None:
    assert counted([hit(2, edited="yes")], told=REUTERS_TOLD, root=ROOT) == frozenset()


def test_a_story_stands_in_words() -> None:
    def words(copies: int, *origins: str) -> str:
        return str(Standing(copies=copies, origins=origins))

    assert words(0, "CNA") == "single source: CNA"
    assert words(9, "Reuters") == "single source: Reuters · 9 copies"
    assert words(1, "Reuters", "CNA") == "2 origins: Reuters, CNA · 1 copy"
    assert words(0, *"ABCDEF") == "6 origins: A, B, C, D and 2 more"

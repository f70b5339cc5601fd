"""Who hears of a hit, and how the way down the tree reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.route import Matcher, Operator, Route, receivers_of, walk
from tests.alerts.examples import is_, route


@pytest.mark.parametrize(
    ("op", "value", "actual", "holds"),
    [
        ("=", "Cuba", "Cuba", True),
        ("=", "Cuba", "cuba", False),
        ("!=", "Cuba", "Taiwan", True),
        ("!=", "Cuba", "Cuba", False),
        ("=~", "en|fr", "en", True),
        ("=~", "en|fr", "en-GB", False),
        ("!~", "en|fr", "en-GB", True),
        ("=~", "", "", True),
    ],
)
def test_a_matcher_compares_the_whole_value(op: Operator, value: str, actual: str, holds: bool) -> None:
    assert Matcher(label="x", op=op, value=value).matches({"x": actual}) is holds


def test_a_label_that_is_not_there_is_empty() -> None:
    assert is_("severity", "").matches({})
    assert Matcher(label="severity", op="!=", value="low").matches({})


def names(root: Route, **labels: str) -> list[str]:
    return [reached.receiver for reached in receivers_of(root, labels)]


TREE = route(
    "default",
    "0",
    routes=(
        route("archive", "0.0", is_("desk", "asia"), continues=True),
        route(
            "asia",
            "0.1",
            is_("desk", "asia"),
            routes=(route("taiwan", "0.1.0", is_("topic", "Taiwan Strait")),),
        ),
        route("never", "0.2", is_("desk", "asia")),
        route("cuba", "0.3", is_("topic", "Cuba")),
    ),
)


def test_the_root_hears_what_no_child_takes() -> None:
    assert names(TREE, topic="Spy balloon") == ["default"]


def test_the_root_takes_even_what_its_matchers_do_not() -> None:
    assert names(route("default", "0", is_("topic", "Cuba")), topic="Taiwan") == ["default"]


def test_the_first_child_that_matches_stops_its_siblings_unless_it_continues() -> None:
    assert names(TREE, desk="asia", topic="Korea") == ["archive", "asia"]


def test_the_deepest_match_hears_and_not_its_parent() -> None:
    assert names(TREE, desk="asia", topic="Taiwan Strait") == ["archive", "taiwan"]


def test_the_way_down_prints_as_a_tree_with_the_reason_at_each_node() -> None:
    assert "\n".join(map(str, walk(TREE, {"desk": "asia", "topic": "Korea"}))) == (
        "0 default: the root takes every hit\n"
        '  0.0 archive: desk="asia" holds → hears\n'
        '  0.1 asia: desk="asia" holds → hears\n'
        '    0.1.0 taiwan: topic="Taiwan Strait" does not hold: topic is "Korea"\n'
        "  0.2 never: not asked: 0.1 took the hit and does not continue\n"
        "  0.3 cuba: not asked: 0.1 took the hit and does not continue"
    )


LABELS = st.dictionaries(st.sampled_from(["topic", "desk"]), st.sampled_from(["", "a", "b", "ab"]))
MATCHERS = st.builds(
    Matcher,
    label=st.sampled_from(["topic", "desk"]),
    op=st.sampled_from(["=", "!=", "=~", "!~"]),
    value=st.sampled_from(["a", "b", "a|b", ".*"]),
)
TREES = st.recursive(
    st.builds(Route, receiver=st.just("r"), matchers=st.tuples(MATCHERS), continues=st.booleans()),
    lambda below: st.builds(
        Route,
        receiver=st.just("r"),
        matchers=st.tuples(MATCHERS),
        continues=st.booleans(),
        routes=st.lists(below, max_size=3).map(tuple),
    ),
    max_leaves=12,
)


@given(TREES, LABELS)
def test_the_steps_that_hear_are_the_routes_reached(tree: Route, labels: dict[str, str]) -> None:
    told = [step.route for step in walk(tree, labels) if step.hears]
    assert [id(one) for one in told] == [id(one) for one in receivers_of(tree, labels)]

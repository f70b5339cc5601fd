"""A topic's own lines with other values: nothing else changes, and it says what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.editing_change import changed, values_of
from monitor.config.editing_values import Data
from monitor.errors import ConfigError

CUBA = """\
# about Cuba
- name: Cuba
  # the island, not the actor
  query: Cuba NOT libre   # nor the drink
  labels: {desk: americas}
  must_match:
    - Cuba goes dark   # 2024
"""


def test_a_value_changes_in_its_place_and_comments_stay() -> None:
    assert changed(CUBA, {"query": "Cuba OR Havana"}) == CUBA.replace("Cuba NOT libre", "Cuba OR Havana")


def test_what_is_the_same_changes_nothing() -> None:
    assert changed(CUBA, {"query": "Cuba NOT libre", "labels": {"desk": "americas"}}) == CUBA


def test_an_empty_value_is_taken_out() -> None:
    assert changed(CUBA, {"labels": {}}) == CUBA.replace("  labels: {desk: americas}\n", "")


def test_a_new_value_stands_below_the_others() -> None:
    assert changed(CUBA, {"must_not_match": ["a song"]}) == CUBA + "  must_not_match:\n    - a song\n"


def test_a_bare_text_becomes_a_mapping_and_keeps_its_comment() -> None:
    text = "- Taiwan Strait   # a phrase\n"
    after = "- name: Taiwan Strait   # a phrase\n  labels: {desk: asia}\n"
    assert changed(text, {"labels": {"desk": "asia"}}) == after


def test_a_bare_text_with_another_name_stays_bare() -> None:
    assert changed("- Taiwan Strait\n", {"name": "Strait", "labels": {}}) == "- Strait\n"


def test_a_mapping_in_brackets_is_written_anew_below_its_comments() -> None:
    text = "# the island\n- {name: Cuba, query: Cuba, stem: en}\n"
    after = changed(text, {"query": "Cuba NOT libre"})
    assert after.startswith("# the island\n- name: Cuba\n")
    assert values_of(after) == {"name": "Cuba", "query": "Cuba NOT libre", "stem": "en"}


def test_a_folded_query_is_replaced_whole() -> None:
    text = "- name: Cuba\n  query: >-\n    Cuba\n    OR Havana\n  stem: en\n"
    assert changed(text, {"query": "Cuba"}) == "- name: Cuba\n  query: Cuba\n  stem: en\n"


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "name: x\n", "- [\n", "- {a: 1\n"])
def test_what_is_not_one_topic_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        changed(text, {"name": "x"})


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text.strip() == text
)
values = st.fixed_dictionaries(
    {"query": words},
    optional={
        "labels": st.dictionaries(st.sampled_from(["desk", "severity"]), words),
        "must_match": st.lists(words, max_size=3),
        "name": words,
    },
)


@given(
    values, st.sampled_from([CUBA, "- Taiwan Strait # x\n", "- {name: Cuba}\n", "- query: x\n  name: y\n"])
)
def test_whatever_is_changed_it_says_what_was_meant(new: dict[str, Data], text: str) -> None:
    after = changed(text, new)
    assert values_of(after) == {key: value for key, value in {**values_of(text), **new}.items() if value}
    assert changed(after, new) == after

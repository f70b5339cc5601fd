"""What an entry is recognised by."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.entry import Entry
from monitor.feeds.keys import content_hash, keys_of


def test_what_is_not_there_has_no_key() -> None:
    assert keys_of(Entry()).all == ()
    assert keys_of(Entry(guid=" ", title="\n", summary="<p></p>")).all == ()


def test_keys_of_different_kinds_differ() -> None:
    keys = keys_of(Entry(guid="x", link="x", title="x", summary="x"))
    assert len(set(keys.all)) == len(keys.all) == 4


def test_parts_do_not_run_into_each_other() -> None:
    assert content_hash(Entry(title="ab", summary="c")) != content_hash(Entry(title="a", summary="bc"))
    assert content_hash(Entry(summary="a")) != content_hash(Entry(content="a"))


def test_titles_are_the_same_whatever_their_case() -> None:
    assert keys_of(Entry(title="The STRAIT")).title == keys_of(Entry(title="the  strait")).title


def test_an_edit_of_case_is_an_edit() -> None:
    assert content_hash(Entry(title="The STRAIT")) != content_hash(Entry(title="The Strait"))


def test_scripts_and_styles_are_no_text() -> None:
    assert content_hash(Entry(summary="<script>n=1</script>a<style>b{}</style>")) == content_hash(
        Entry(summary="a")
    )


def test_hostile_mark_up_takes_no_longer_than_its_length() -> None:
    """This runs in the monitor itself; in a square of the length these would take hours."""
    for hostile in ("<script", "<script></style", "<a", "&", "<!--", "</script"):
        assert len(content_hash(Entry(content=hostile * 100_000))) == 16
    keys_of(Entry(guid="x", link=f"https://a.example/{'a' * 100_000}"))


@given(st.text(), st.text(), st.text())
def test_any_text_has_a_hash(title: str, summary: str, content: str) -> None:
    assert len(content_hash(Entry(title=title, summary=summary, content=content))) == 16

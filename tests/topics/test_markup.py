"""Text from mark-up: words that tags separate are separate, the others are one; plain text stays as it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.markup import text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("bal<b>loon</b>", "balloon"),
        ("<a>Taiwan</a><p>a</p>", "Taiwan\n\na"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two", "one\ntwo"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("<script>alert('Cuba')</script>x", "x"),
        ("<style>p {}</style><p>x</p>", "x"),
        ("<!-- Cuba -->x", "x"),
        ('<a href="https://cuba.example/">x</a>', "x"),
        ("<li>one</li><li>two</li>", "one\n\ntwo"),
    ],
)
def test_what_a_reader_would_see(markup: str, text: str) -> None:
    assert text_of(markup) == text


@given(st.text(alphabet=st.characters(blacklist_characters="<&\r\x00", blacklist_categories=["Cs"])))
def test_text_without_mark_up_comes_back_to_the_letter(text: str) -> None:
    assert text_of(text) == text


PIECES = ["<p>", "<br>", "<b>", "a", "b c", " ", "  ", "\n", "\t", "\xa0", "\x1f", "\u2003"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_blanks_and_breaks_become_what_two_patterns_make_of_them(markup: str) -> None:
    """The plain way looks at each character twice, and takes three times as long."""
    traces = markup.replace("<p>", "\x01\x01").replace("<br>", "\x01").replace("<b>", "")
    spaced = re.sub(r"\s\s+|[^\S ]", " ", traces)
    ends = re.sub("(?<! ) *\x01[ \x01]*", lambda one: "\n" * min(2, one[0].count("\x01")), spaced)
    assert text_of(f"<b>{markup}") == ends.strip()


@given(st.text(alphabet="<>/&;#! abp\"'=-", max_size=300))
def test_no_mark_up_is_too_broken_to_read(markup: str) -> None:
    assert isinstance(text_of(markup), str)


@pytest.mark.parametrize("piece", ["<div>", "<", "<!--", "<a href='", "&#", "<b"])
def test_hostile_mark_up_is_read_in_one_go(piece: str) -> None:
    """A hundred thousand of them: linear, and without recursion."""
    assert isinstance(text_of(piece * 100_000), str)

"""Text as entries carry it: the quick ways are the slow ones."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import text
from monitor.feeds.text import absolute, body, clean, line

BASE = "https://base.example/dir/page?q#f"
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\t\n\x0b\x7f\x85\x9f\u2028\ud800\ufffe\uffff"))
)
PIECES = [
    "<a",
    "<img",
    "<p",
    " href",
    " src",
    " class",
    " = ",
    "=",
    '"',
    "'",
    "x",
    "/y",
    "http://a.example",
    "#z",
    ">",
]


@given(TEXTS)
def test_clean_text_has_nothing_that_is_unwanted(one: str) -> None:
    cleaned = clean(one)
    assert not text._UNWANTED.search(cleaned)
    assert cleaned == "".join(
        letter if not text._UNWANTED.match(letter) else "\ufffd" if letter > "\x9f" else "" for letter in one
    )


@given(TEXTS)
def test_a_line_has_no_breaks(one: str) -> None:
    made = line(one)
    assert not text._BREAK.search(made)
    assert made == made.strip()
    assert made.replace(" ", "") == "".join(text._BLANKS.split(clean(one).strip())).replace(" ", "").strip()


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_links_in_markup_are_made_absolute_wherever_they_are(markup: str) -> None:
    expected = text._RELATIVE.sub(
        lambda found: found[1] + absolute(found[2], BASE, anything=True), markup.strip()
    )
    assert body(markup, BASE) == expected


@given(
    st.lists(
        st.sampled_from(
            [
                "http://",
                "https://",
                "HTTP://",
                "a.example",
                ":80",
                ":",
                "/",
                "//",
                "..",
                "x",
                "?",
                "#",
                ";",
                "&",
                "[",
                "é",
                "%20",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_an_absolute_link_is_what_joining_makes_of_it(url: str) -> None:
    try:
        joined = urljoin(BASE, url) if url else ""
    except ValueError:
        joined = ""
    assert absolute(url, BASE) == (joined if joined.lower().startswith(("http://", "https://")) else "")


@pytest.mark.parametrize(
    "url", ["http://a.example", "https://a.example:8080/x/y.html?a=1&b=[2]#c", "http://a/b?c=d/e"]
)
def test_a_common_link_stays_as_it_is(url: str) -> None:
    assert absolute(url, BASE) == url

"""One blank for many, as quickly as most texts allow."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.blanks import single_blanks, single_plain_blanks

BLANKS = " \t\n\r\v\f\x1c\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u3000\u200b\ufeff"


@given(st.text(st.sampled_from(f"{BLANKS}    ab台é")) | st.text())
def test_it_makes_what_splitting_and_joining_makes(text: str) -> None:
    assert single_blanks(text) == " ".join(text.split())


@given(st.text(st.sampled_from("    ab台é")))
def test_of_plain_blanks_it_makes_the_same(text: str) -> None:
    assert single_plain_blanks(text) == " ".join(text.split())

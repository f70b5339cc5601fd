"""Strangers' text: what is seen stays, what acts goes."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.alert import Marked
from monitor.alerts.defuse import _SUSPECT, defuse, defuse_text
from tests.alerts.examples import marked

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "@<!#>&:/ \n\t\x00\x1b\u200b\u200c\u200d\u202e\ufeff\ufe0f\u0301\u2800\ud800aاक👩everyonehat"
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("@everyone look", "＠everyone look"),
        ("ping @here now", "ping ＠here now"),
        ("a@everyone", "a＠everyone"),
        ("(@channel)", "(＠channel)"),
        ("@room!", "＠room!"),
        ("@Room", "＠Room"),
        ("@**all** zulip", "＠**all** zulip"),
        ("@_**someone**", "＠_**someone**"),
        ("<!channel> slack", "‹!channel> slack"),
        ("<!subteam^S123>", "‹!subteam^S123>"),
        ("<@U123> slack", "‹＠U123> slack"),
        ("<@&456> discord", "‹＠&456> discord"),
        ("<#C1>", "‹#C1>"),
        ("<:smile:123> <a:wave:1> <t:1700000000:R>", "‹:smile:123> ‹a:wave:1> ‹t:1700000000:R>"),
        ("</ban:123>", "‹/ban:123>"),
        ("<at>Desk</at> teams", "‹at>Desk‹/at> teams"),
        ('<at user_id="all"> lark', '‹at user_id="all"> lark'),
        ("<users/all> chat", "‹users/all> chat"),
        ("@user@host.social", "＠user@host.social"),
        ("@alice:matrix.example.org", "＠alice:matrix.example.org"),
        ("e\u200bv @\u200beveryone", "ev ＠everyone"),
        ("@\u202eeveryone", "＠everyone"),
    ],
)
def test_calls_are_put_out_of_action_and_stay_readable(text: str, safe: str) -> None:
    assert defuse_text(text) == safe


@pytest.mark.parametrize(
    "text",
    [
        "write to desk@example.org or info@channel4.example",
        "3 < 5 & 7 > 2",
        "5 @ 10 dollars",
        "a <b and c> d",
        "“Quoted” – with a dash… № 5, 100 % – «voilà»",
        "می‌خواهم",
        "क्‍ष",
        "👩‍👩‍👧‍👦 ❤️‍🔥 1️⃣ 👍🏽 🏳️‍🌈 🇨🇺",
        "Việt Nam, Ťaipei, नमस्ते, ไทย",
        "解放军军舰穿越台湾海峡",
        "שָׁלוֹם",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert defuse_text(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a\x1b[31mred\x1b[0m", "a[31mred[0m"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("two\nlines\r\nand\u2028more\x85end", "two lines and more end"),
        ("  many \t\u00a0 spaces \u3000", "many spaces"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("a\u2066b\u2069\u200e\u200fc", "abc"),
        ("z\u200ber\u2060o\ufeff", "zero"),
        ("soft\u00adhyphen", "softhyphen"),
        ("x\u3164\u115f\u1160\uffa0y", "xy"),
        ("blank\u2800\u2800here", "blank here"),
        ("tag\U000e0041\U000e0042s", "tags"),
        ("a\ufe0f\ufe0fb", "ab"),
        ("a\u200db", "ab"),
        ("a\u200cb", "ab"),
        ("lone\ud800surrogate", "lone\ufffdsurrogate"),
        ("non\ufffecharacter", "non\ufffdcharacter"),
        ("Z" + "\u0300" * 50 + "algo", "Z" + "\u0300" * 4 + "algo"),
    ],
    ids=ascii,
)
def test_what_cannot_be_seen_goes(text: str, safe: str) -> None:
    assert defuse_text(text) == safe


def test_marks_stay_on_their_words() -> None:
    before = marked("\u200b  @here the  Taiwan \n Strait\u202e again", "Taiwan \n Strait", "again")
    after = defuse(before)
    assert [after.text[start:end] for start, end, _ in after.marks] == ["Taiwan Strait", "again"]


def test_a_mark_on_nothing_visible_goes_with_it() -> None:
    assert defuse(Marked(text="a\u200bb", marks=((1, 2, "x"),))) == Marked(text="ab")


def test_the_quick_look_knows_every_character_that_does_not_show() -> None:
    kept = re.compile("[\u0600-\u0605\u06dd\u0890\u0891\u08e2\U000110bd\U000110cd]|[\U000f0000-\U0010ffff]")
    """Arabic and Kaithi number signs are visible; beyond is for private use."""
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
    characters = map(chr, range(sys.maxunicode + 1))
    missed = [
        hex(ord(character))
        for character in characters
        if unicodedata.category(character) in hidden
        and character != " "
        and not kept.match(character)
        and not _SUSPECT.match(character)
    ]
    assert missed == []


@given(HOSTILE)
def test_defusing_twice_is_defusing_once(text: str) -> None:
    assert defuse_text(defuse_text(text)) == defuse_text(text)


@given(HOSTILE)
def test_no_safe_text_calls_anyone_or_hides_anything(text: str) -> None:
    safe = defuse_text(text)
    assert not re.search(r"(?<!\w)@\S|@(everyone|here|channel|room)\b|<[!@#&]|</?at\b", safe, re.IGNORECASE)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]", safe)
    safe.encode()


@given(HOSTILE, st.lists(st.integers(0, 40), max_size=6))
def test_marks_of_safe_text_are_sorted_apart_and_inside(text: str, cuts: list[int]) -> None:
    ends = sorted({min(one, len(text)) for one in cuts})
    marks = tuple((start, end, "why") for start, end in zip(ends[::2], ends[1::2], strict=False))
    safe = defuse(Marked(text=text, marks=marks))
    flat = [position for start, end, _ in safe.marks for position in (start, end)]
    assert flat == sorted(flat)
    assert all(0 <= start < end <= len(safe.text) for start, end, _ in safe.marks)

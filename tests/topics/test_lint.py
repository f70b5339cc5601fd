"""Warnings: what looks unintended in a query that parses, and where it stands."""

import pytest

from monitor.topics.caret import caret
from monitor.topics.implication import Implication
from monitor.topics.parser import QueryWarning, parse, parse_aliases

ALIASES = parse_aliases({"strait": ["Taiwan Strait", "台湾海峡"], "cuba": ["Cuba", "Havana"]})


def warnings(text: str) -> tuple[QueryWarning, ...]:
    return parse(text, aliases=ALIASES).warnings


WARNINGS = [
    # rule 1: the reading chosen
    ("a AND b OR c", "AND binds tighter than OR: read as (a AND b) OR c", "^^^^^^^^^^^^"),
    ("spy balloon OR airship", "AND binds tighter than OR: read as (spy AND balloon) OR airship",
     "^^^^^^^^^^^^^^^^^^^^^^"),
    ("x (a OR b -c)", "AND binds tighter than OR: read as a OR (b NOT c)", "   ^^^^^^^^^"),
    ("Taiwan Strait NEAR/9 PLA",
     "NEAR takes only what stands directly beside it: read as Taiwan AND (Strait NEAR/9 PLA)",
     "^^^^^^^^^^^^^^^^^^^^^^^^"),
    ("a NOT b NEAR c", "NEAR takes only what stands directly beside it: read as a NOT (b NEAR/5 c)",
     "^^^^^^^^^^^^^^"),
    # rule 2: operators in lower case
    ("Taiwan or China", '"or" is read as a word: did you mean OR?', "       ^^"),
    ("Taiwan And China", '"And" is read as a word: did you mean AND?', "       ^^^"),
    ("Taiwan near China", '"near" is read as a word: did you mean NEAR?', "       ^^^^"),
    ("Cuba not baseball", '"not" is read as a word: did you mean NOT?', "     ^^^"),
    ("a w/5 b", '"w/5" is read as a word: did you mean NEAR/5?', "  ^^^"),
    ("a pre/3 b", '"pre/3" is read as a word: did you mean ONEAR/3?', "  ^^^^^"),
    ("Cuba, Iran", "a comma means nothing here: did you mean OR?", "^^^^^"),
    ("'Taiwan Strait' PLA", "single quotes do not make a phrase", "^^^^^^^"),
    # rule 10: a clause that another swallows
    ('Taiwan OR "Taiwan Strait"', '"Taiwan Strait" adds nothing: Taiwan finds all that it finds',
     "          ^^^^^^^^^^^^^^^"),
    ("balloon AND balloon*", "balloon* adds nothing: balloon asks for it already", "            ^^^^^^^^"),
    ("balloon* OR balloon", "balloon adds nothing: balloon* finds all that it finds", "            ^^^^^^^"),
    ("ballo* OR balloon*", "balloon* adds nothing: ballo* finds all that it finds", "          ^^^^^^^^"),
    ("balloon OR balloons", "balloons adds nothing: balloon finds all that it finds", "           ^^^^^^^^"),
    ("Zürich OR Zurich", "Zurich adds nothing: Zürich finds all that it finds", "          ^^^^^^"),
    ("Cuba OR cuba", "cuba adds nothing: Cuba finds all that it finds", "        ^^^^"),
    ("Cuba OR Cuba", "Cuba adds nothing: it stands here twice", "        ^^^^"),
    ("US OR =US", "=US adds nothing: US finds all that it finds", "      ^^^"),
    ("台湾 OR 台湾海峡", "台湾海峡 adds nothing: 台湾 finds all that it finds", "        ^^^^^^^^"),
    ("woman OR wom?n", "woman adds nothing: wom?n finds all that it finds", "^^^^^"),
    ('"a b" OR "a b"~3', '"a b" adds nothing: "a b"~3 finds all that it finds', "^^^^^"),
    ("a NEAR/3 b OR b NEAR/5 a", "a NEAR/3 b adds nothing: b NEAR/5 a finds all that it finds", "^^^^^^^^^^"),
    ("a OR (a b)", "a AND b adds nothing: a finds all that it finds", "      ^^^"),
    ("a AND (a OR b)", "a OR b adds nothing: a asks for it already", "       ^^^^^^"),
    ("Cuba OR title:Cuba", "title:Cuba adds nothing: Cuba finds all that it finds", "        ^^^^^^^^^^"),
    ("Cuba OR @cuba", "Cuba adds nothing: @cuba finds all that it finds", "^^^^"),
    ('title:("US Navy" OR navy)', '"US Navy" adds nothing: navy finds all that it finds', "       ^^^^^^^^^"),
    ('a NOT (b OR "b c")', '"b c" adds nothing: b finds all that it finds', "            ^^^^^"),
    ('a -b -"b c"', '"b c" adds nothing: b finds all that it finds', "      ^^^^^"),
    # rule 10: what can never match
    ("Cuba NOT Cuba", "this can never match: NOT Cuba excludes all that Cuba finds", "     ^^^^^^^^"),
    ('"Cuba Gooding" -Cuba', 'this can never match: NOT Cuba excludes all that "Cuba Gooding" finds',
     "               ^^^^^"),
    ("Cuba NOT @cuba", "this can never match: NOT @cuba excludes all that Cuba finds", "     ^^^^^^^^^"),
    ("(Cuba OR Havana) NOT Cuba", "Cuba can never match here: NOT Cuba excludes it", " ^^^^"),
    ("title:x NEAR body:y", "this can never match: NEAR stays inside one field (title, body)",
     "^^^^^^^^^^^^^^^^^^^"),
    ("x NEAR lang:en", "this can never match: NEAR stays inside one field (body/title, lang)",
     "^^^^^^^^^^^^^^"),
    ("x lang:en lang:de", "this can never match: an entry has one lang", "          ^^^^^^^"),
    ("x site:bbc.co.uk site:cnn.com", "this can never match: an entry has one site",
     "                 ^^^^^^^^^^^^"),
    ("x lang:english", "english is no language's tag", "       ^^^^^^^"),
    ('x site:"http://www.wort.lu"', '"http://www.wort.lu" is no site', "       ^^^^^^^^^^^^^^^^^^^^"),
    # rule 3 and words
    ('say"Taiwan" x', "a blank is missing beside this quote", "   ^"),
    ('"Taiwan"China x', "a blank is missing beside this quote", "       ^"),
    ("Who is Putin?", "a ? at the end of a word is read as punctuation", "       ^^^^^^"),
    ("a & b", "there is no word in &: it is left out", "  ^"),
    ("a - b", "- stands alone: it is left out", "  ^"),
    ("台湾海* x", "the * after 台湾海 is left out", "^^^^^^^"),
    ("a NOT NOT b", "this is excluded twice", "  ^^^^^^^^^"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "carets"), WARNINGS)
def test_a_warning_says_what_looks_unintended_and_where(text: str, message: str, carets: str) -> None:
    """Rules 1, 2 and 10: exactly one warning, at exactly that place."""
    (warning,) = warnings(text)
    assert warning.message == message
    assert caret(text, warning.start, warning.end) == f"{text}\n{carets}"


@pytest.mark.parametrize(
    "text",
    [
        "Taiwan OR China",
        "(a AND b) OR c",
        "a (b OR c)",
        "a b -c",
        "a NOT b",
        '"Taiwan Strait" OR Formosa',
        '"Taiwan Strait" "Strait of Taiwan"',
        'Cuba NOT ("Cuba Gooding" OR "Cuba libre")',
        '("Taiwan Strait" OR @strait) NEAR/10 (transit* OR warship* OR PLA)',
        "US NOT =us",
        "=US OR =us",
        "a NEAR/3 b OR a NEAR/3 c",
        "a ONEAR/3 b OR b ONEAR/3 a",
        "(a OR b) (a OR c)",
        "title:Cuba OR body:Cuba",
        "title:Cuba Havana",
        "balloon OR airship OR drone OR 台湾",
        "(Taiwan OR 'Taiwan Strait') NEAR PLA".replace("'", '"'),
        "lang:en OR lang:de",
        "lang:pt-BR x",
        "city OR city*",
        "a OR as",
        "the P5 nations",
        "'Taiwan' 'China'",
        '("a"|"b")(="c")',
        "AT&T OR at",
        "O'Brien AND '90s",
        "Taiwan NEAR (b OR c) NOT d",
        '"a or b" and',
        "or",
    ],
)
def test_what_is_meant_as_it_stands_has_no_warning(text: str) -> None:
    assert warnings(text) == ()


def test_warnings_come_in_the_order_of_the_text() -> None:
    found = warnings("Cuba, Iran or Iraq x~ OR y")
    assert [warning.start for warning in found] == sorted(warning.start for warning in found)
    assert len(found) == 4


def test_a_hint_says_how_to_write_what_was_meant() -> None:
    hints = {text: warnings(text)[0].hint for text in ("Taiwan or China", "lang:en lang:de x", "x Putin?")}
    assert hints == {
        "Taiwan or China": 'operators are upper-case; to look for the word, put it in quotes: "or"',
        "lang:en lang:de x": "write lang:(en OR de)",
        "x Putin?": "for other endings write Putin*",
    }


def test_repetitions_are_found_among_hundreds_of_words() -> None:
    """A long list is compared by its words, not each with each."""
    words = [f"word{number}" for number in range(800)]
    text = " OR ".join([*words, '"word7 word8"', "Word9"])
    assert [warning.message for warning in warnings(text)] == [
        '"word7 word8" adds nothing: word7 finds all that it finds',
        "Word9 adds nothing: word9 finds all that it finds",
    ]


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        ('"a b c"', '"b c"', True),
        ('"a b c"', '"a c"', False),
        ('"a b c"', '"b c dee*"', False),
        ('"a b" NEAR c', '"a b"', True),
        ("a NEAR b", "a b", True),
        ("a b", "a NEAR b", False),
        ("a NOT b", "a", True),
        ("a", "a NOT b", False),
        ("a NOT b", 'a NOT "b c"', True),
        ("title:(a b)", "title:a", True),
        ("title:a", "a", True),
        ("a", "title:a", False),
        ("url:a", "a", False),
        ("url:a", "url:a", True),
        ("(a b) OR (a c)", "a", True),
        ("(a b) OR c", "a", False),
        ("a", "a OR b", True),
        ('="a b"', '="b"', True),
        ('="a b"', '="B"', False),
        ("=a", "a", True),
        ("a", "=a", False),
        ('"a b"~2', "a", True),
        ('"a b"~2', '"b a"~4', True),
        ('"a b"~4', '"a b"~2', False),
        ("balloons", "ballo*", True),
        ("ballo*", "balloon", False),
        ("/a/", "/a/", True),
        ("/a/", "a", False),
    ],
)
def test_what_implies_what(one: str, other: str, holds: bool) -> None:
    assert Implication().holds(parse(one).node, parse(other).node) is holds

"""The language: what each line of it parses to, and where each error stands."""

import contextlib

import pytest

from monitor.errors import QueryError
from monitor.topics.caret import caret
from monitor.topics.leaves import has_word
from monitor.topics.limits import MAX_CHAIN, MAX_CLAUSES, MAX_LENGTH, MAX_NESTING, MAX_WARNINGS
from monitor.topics.parser import parse, parse_aliases, parse_plain
from monitor.topics.query import And, At, In, Near, Node, Not, Or, Phrase, Regex, Term, walk
from monitor.topics.text import tokens

ALIASES = parse_aliases({"strait": ["Taiwan Strait", "台湾海峡"], "havana": ["Havana"], "both": ["a AND b"]})


def read(text: str) -> str:
    """The tree that the text parses to, printed with parentheses around whatever has parts."""
    return str(parse(text, aliases=ALIASES))


def refused(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text, aliases=ALIASES)
    return caught.value


# --- rule 1: precedence ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b", "a AND b"),
        ("a AND b c", "a AND b AND c"),
        ("a OR b AND c", "a OR (b AND c)"),
        ("a b OR c d", "(a AND b) OR (c AND d)"),
        ("a NEAR b OR c", "(a NEAR/5 b) OR c"),
        ("a NEAR b c", "(a NEAR/5 b) AND c"),
        ("a AND b NEAR/3 c", "a AND (b NEAR/3 c)"),
        ("a NOT b c", "a NOT b AND c"),
        ("a NOT b OR c", "(a NOT b) OR c"),
        ("a AND NOT b", "a NOT b"),
        ("a -b", "a NOT b"),
        ("NOT b a", "NOT b AND a"),
        ("a NOT (b OR c)", "a NOT (b OR c)"),
        ("a NOT b NEAR/2 c", "a NOT (b NEAR/2 c)"),
        ("a NEAR/2 b NEAR/3 c", "(a NEAR/2 b) NEAR/3 c"),
        ("a NEAR/2 (b ONEAR/3 c)", "a NEAR/2 (b ONEAR/3 c)"),
        ("a | b || c", "a OR b OR c"),
        ("a|b", "a OR b"),
        ("a && b", "a AND b"),
        ("a&&b", "a AND b"),
    ],
)
def test_not_binds_tighter_than_near_than_and_than_or(text: str, tree: str) -> None:
    """Rule 1."""
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("(a b) c", "a AND b AND c"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("((a))", "a"),
        ("NOT (NOT a)", "a"),
        ("a NOT NOT b", "a AND b"),
        ("a NOT (NOT b)", "a AND b"),
        ("(NOT a) b", "NOT a AND b"),
        ("(NOT a NOT b) c", "NOT a NOT b AND c"),
        ("title:(body:x)", "body:x"),
    ],
)
def test_groups_that_say_nothing_new_are_dissolved(text: str, tree: str) -> None:
    assert read(text) == tree


def test_nodes_carry_their_place_in_the_text() -> None:
    """Parentheses belong to what is around them, signs and fields to what they begin."""
    text = "“Taiwan Strait” –(drone OR title:=US) x NEAR/3 y"
    places = {str(node): text[node.at.start : node.at.end] for node in walk(parse(text).node)}
    assert places['"Taiwan Strait"'] == "“Taiwan Strait”"
    assert places["NOT (drone OR title:=US)"] == "–(drone OR title:=US)"
    assert places["drone OR title:=US"] == "drone OR title:=US"
    assert places["title:=US"] == "title:=US"
    assert places["=US"] == "=US"
    assert places["x NEAR/3 y"] == "x NEAR/3 y"
    assert parse(text).node.at == At(0, len(text))


# --- rule 2: operators are upper-case -------------------------------------------------------------------


@pytest.mark.parametrize("word", ["and", "or", "not", "near", "onear", "And", "Or"])
def test_operators_in_lower_case_are_words(word: str) -> None:
    """Rule 2."""
    parts = (Term(text="a"), Term(text=word), Term(text="b"))
    assert parse(f"a {word} b").node == And(parts=parts)


@pytest.mark.parametrize(("text", "node"), [(r"\OR", Term(text="OR")), ('"OR"', Phrase(text="OR")),
                                            ("=OR", Term(text="OR", exact=True))])  # fmt: skip
def test_an_operator_can_be_looked_for(text: str, node: Node) -> None:
    assert parse(text).node == node


# --- rule 3: normalisation ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("“Taiwan Strait”", '"Taiwan Strait"'),
        ("„Taiwan Strait“", '"Taiwan Strait"'),
        ("«Taiwan Strait»", '"Taiwan Strait"'),
        ("「台湾海峡」", '"台湾海峡"'),
        ("＂Taiwan Strait＂", '"Taiwan Strait"'),
        ("（a OR b） c", "(a OR b) AND c"),
        ("a –b", "a NOT b"),
        ("a —b", "a NOT b"),
        ("a −b", "a NOT b"),
        ("a\u00a0OR\u00a0b", "a OR b"),
        ("a\u3000OR\u202fb", "a OR b"),
        ("\ufeffa\u200b OR b\u200f", "a OR b"),
        ("title：a", "title:a"),
        ("a ｜ b", "a OR b"),
        ("drill＊", "drill*"),
        ("＠strait", "@strait"),
        ("＝US", "=US"),
        ("O’Brien", "O'Brien"),
        ("spy–balloon", "spy-balloon"),
        ('"spy\n  balloon"', '"spy balloon"'),
        ("Cuba, Iran;", "Cuba AND Iran"),
        ("台湾，中国。", "台湾,中国"),
    ],
)
def test_what_is_typed_or_pasted_for_plain_signs_is_read_as_them(text: str, tree: str) -> None:
    """Rule 3."""
    assert read(text) == tree


def test_a_regular_expression_is_taken_as_typed() -> None:
    assert parse("/“[^”]+”/").node == Regex(pattern="“[^”]+”")


def test_a_dash_alone_is_no_exclusion() -> None:
    query = parse("Taiwan – China")
    assert str(query) == "Taiwan AND China"
    assert [warning.message for warning in query.warnings] == ["- stands alone: it is left out"]


# --- words, phrases, fields -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["U.S.", "C++", "COVID-19", "F-16", "#tag", "5G", "AT&T", "O'Brien", "Putin's", "spy-balloon", "Yahoo!",
     "12:30", "km/h", "and/or", "10%", "台湾海峡", "ไต้หวัน", "भारत", "대만", "تايوان"],
)  # fmt: skip
def test_words_with_signs_in_them_are_single_terms(word: str) -> None:
    """Rule 8."""
    assert parse(word).node == Term(text=word)
    assert str(parse(word)) == word


def test_a_mention_is_written_with_a_backslash_or_in_quotes() -> None:
    """Rule 8: `@handle` is a term; in a query @ begins an alias."""
    assert parse(r"\@handle").node == Term(text="@handle")
    assert parse('"@handle"').node == Phrase(text="@handle")
    assert parse_plain("@handle").node == Term(text="@handle")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("drill*", Term(text="drill*")),
        ("wom?n", Term(text="wom?n")),
        ("organi?ation*", Term(text="organi?ation*")),
        ("=US", Term(text="US", exact=True)),
        ('="US Navy"', Phrase(text="US Navy", exact=True)),
        ('"a b"~3', Phrase(text="a b", slop=3)),
        (r"M\*A\*S\*H", Phrase(text="M*A*S*H")),
        (r"New\ York", Phrase(text="New York")),
        (r"5\"", Term(text='5"')),
        (r'"the \"so-called\" island"', Phrase(text='the "so-called" island')),
        ("/ba(l+)oon/", Regex(pattern="ba(l+)oon")),
        (r"/a\/b/i", Regex(pattern="a/b")),
        (
            '"spy balloon*"',
            Near(left=Phrase(text="spy"), right=Term(text="balloon*"), distance=0, ordered=True),
        ),
        ('"who is who?"', Phrase(text="who is who?")),
    ],
)
def test_what_words_and_phrases_are(text: str, node: Node) -> None:
    assert parse(text).node == node


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("title:x", "title"),
        ("body:x", "body"),
        ("url:x", "url"),
        ("site:x", "site"),
        ("feed:x", "feed"),
        ("author:x", "author"),
        ("tag:x", "tag"),
        ("lang:x", "lang"),
        ("intitle:x", "title"),
        ("inurl:x", "url"),
        ("source:x", "feed"),
        ("Title: x", "title"),
    ],
)
def test_fields_and_their_other_names(text: str, field: str) -> None:
    assert parse(text).node == In(field=field, part=Term(text="x"))


def test_a_field_takes_words_phrases_groups_aliases_and_regular_expressions() -> None:
    for part in ("x", '"x y"', "(x OR y)", "@strait", "/x+/", "=X", '"x y"~2'):
        assert isinstance(parse(f"title:{part}", aliases=ALIASES).node, In)


def test_a_field_inside_a_field_counts_and_is_warned_of() -> None:
    query = parse("title:(a body:b)")
    assert query.node == In(
        field="title", part=And(parts=(Term(text="a"), In(field="body", part=Term(text="b"))))
    )
    assert [warning.message for warning in query.warnings] == [
        "body: stands inside another field: the inner one counts"
    ]


def test_near_joins_groups_of_or() -> None:
    node = parse('("Taiwan Strait" OR @strait) NEAR/10 (transit* OR PLA)', aliases=ALIASES).node
    assert isinstance(node, Near)
    assert isinstance(node.left, Or)
    assert isinstance(node.right, Or)
    assert (node.distance, node.ordered) == (10, False)


def test_onear_keeps_the_order_and_five_is_the_default_distance() -> None:
    assert parse("a ONEAR b").node == Near(
        left=Term(text="a"), right=Term(text="b"), distance=5, ordered=True
    )


def test_the_example_of_the_language_reads_as_it_is_meant() -> None:
    node = parse('Cuba NOT ("Cuba Gooding" OR "Cuba libre")').node
    excluded = Or(parts=(Phrase(text="Cuba Gooding"), Phrase(text="Cuba libre")))
    assert node == And(parts=(Term(text="Cuba"), Not(part=excluded)))


# --- rule 10: errors ------------------------------------------------------------------------------------

ERRORS = [
    ("", "the query is empty", "", "^"),
    ("   ", "the query is empty", "   ", "^^^"),
    ("…", "there is no word in the query", "…", "^"),
    ("NOT Cuba", "a query of negatives only would match nearly everything", "NOT Cuba", "^^^^^^^^"),
    ("-Cuba -Iran", "a query of negatives only would match nearly everything", "-Cuba -Iran", "^^^^^^^^^^^"),
    ("a OR NOT b", "a negative alone in an OR would match nearly everything", "a OR NOT b", "     ^^^^^"),
    ("a NOT (NOT b NOT c)", "a group of negatives only can not be excluded", "a NOT (NOT b NOT c)",
     "  ^^^^^^^^^^^^^^^^^"),
    ("a ()", "the group is empty", "a ()", "  ^^"),
    ("title:( ) a", "the group is empty", "title:( ) a", "      ^^^"),
    ("titel:x", 'there is no field "titel"', "titel:x", "^^^^^^"),
    ("a foo:(x)", 'there is no field "foo"', "a foo:(x)", "  ^^^^"),
    ("@strat x", "there is no alias @strat", "@strat x", "^^^^^^"),
    ("x @", "an alias's name follows the @: @taiwan_strait", "x @", "  ^"),
    ("a dr*", "a * needs at least 3 letters before it", "a dr*", "  ^^^"),
    ("*", "a * needs at least 3 letters before it", "*", "^"),
    ("台湾*", "a * needs at least 3 letters before it", "台湾*", "^^^^^"),
    ("col*r", "a * stands only at the end of a word", "col*r", "^^^^^"),
    ("?ow", "a ? stands only inside a word: a letter must come before it", "?ow", "^^^"),
    ("台?海", "a ? can not stand in a script without spaces", "台?海", "^^^^^"),
    ("=US*", "= takes a text as written: a * or ? can not stand in it", "=US*", "^^^^"),
    ("a = b", "= stands directly before a word or a quote", "a = b", "  ^"),
    ("=(a b)", "= stands directly before a word or a quote", "=(a b)", "^"),
    ('Cuba "Havana', "the quote is not closed", 'Cuba "Havana', "     ^"),
    ('台湾 “海峡', "the quote is not closed", "台湾 “海峡", "     ^"),
    ('""', "there is nothing in these quotes", '""', "^^"),
    ('"..." a', "there is no word in these quotes", '"..." a', "^^^^^"),
    ('"a b"~x', '~ after a phrase takes a number of words: "a b"~5', '"a b"~x', "     ^^"),
    ('"a b"~1000', "the distance 1000 is out of range: 0 to 999", '"a b"~1000', "     ^^^^^"),
    ("(a OR b", "this parenthesis is not closed", "(a OR b", "^"),
    ("a OR (", "this parenthesis is not closed", "a OR (", "     ^"),
    ("a OR b)", "this parenthesis closes nothing", "a OR b)", "      ^"),
    (")", "this parenthesis closes nothing", ")", "^"),
    ("/ab", "the regular expression is not closed with a /", "/ab", "^"),
    ("//", "the regular expression is empty", "//", "^^"),
    ("/a/x", '"x" stands after a regular expression', "/a/x", "   ^"),
    ("a AND", "AND has nothing after it", "a AND", "  ^^^"),
    ("OR a", "OR has nothing before it", "OR a", "^^"),
    ("a (OR b)", "OR has nothing before it", "a (OR b)", "   ^^"),
    ("a AND OR b", "AND has nothing after it", "a AND OR b", "  ^^^"),
    ("a NEAR/3", "NEAR/3 has nothing after it", "a NEAR/3", "  ^^^^^^"),
    ("a title:", "title: has nothing after it", "a title:", "  ^^^^^^"),
    ("title:body:x", "title: takes a word, a phrase or a group", "title:body:x", "^^^^^^"),
    ("title:-x", "title: takes a word, a phrase or a group", "title:-x", "^^^^^^"),
    ("a NEAR/5 -b", "NOT can not stand beside NEAR", "a NEAR/5 -b", "         ^^"),
    ("NOT a NEAR b", "NOT can not stand beside NEAR", "NOT a NEAR b", "^^^^^"),
    ("(a b) NEAR/2 c", "AND can not stand beside NEAR", "(a b) NEAR/2 c", " ^^^"),
    ("x NEAR/2 (c OR (a NOT b))", "AND can not stand beside NEAR", "x NEAR/2 (c OR (a NOT b))",
     "                ^^^^^^^"),
    ("x NEAR @both", "AND can not stand beside NEAR", "x NEAR @both", "       ^^^^^"),
    ("/x/ NEAR a", "a regular expression can not stand beside NEAR", "/x/ NEAR a", "^^^"),
    ("a NEAR/1000 b", "the distance 1000 is out of range: 0 to 999", "a NEAR/1000 b", "  ^^^^^^^^^"),
    ("a NEAR/ b", "NEAR/ takes a number of words and then a blank: NEAR/5", "a NEAR/ b", "  ^^^^^"),
    ("a\\", "nothing stands after the backslash", "a\\", " ^"),
    ('"Putin"-based', "a blank is missing between the quote and this", '"Putin"-based', "       ^"),
    ("a\nOR (b", "this parenthesis is not closed", "OR (b", "   ^"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "line", "carets"), ERRORS)
def test_an_error_says_what_is_wrong_and_where(text: str, message: str, line: str, carets: str) -> None:
    """Rule 10."""
    error = refused(text)
    assert str(error) == message
    assert caret(text, error.start, error.end) == f"{line}\n{carets}"


def test_a_wrong_regular_expression_is_an_error_at_its_place() -> None:
    """Rule 11: RE2's own message."""
    error = refused("a /b(c/")
    assert str(error).startswith("the regular expression is wrong: ")
    assert (error.start, error.end) == (2, 7)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("titel:x", "did you mean title:? If not, put the text in quotes"),
        (
            "@strat",
            'did you mean @strait? If not, to look for the mention itself, put it in quotes: "@strat"',
        ),
        ("@handle", 'to look for the mention itself, put it in quotes: "@handle"'),
        ("col*r", r"write a regular expression: /\bcol\w*r\b/"),
        ("台湾*", "in a script without spaces leave the * out"),
        ("https://example.org/x", 'to look for an address, write url:"…" with the address in the quotes'),
        ("title:-x", "write -title:…"),
    ],
)
def test_an_error_says_what_helps(text: str, hint: str) -> None:
    assert refused(text).hint == hint


# --- limits ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(" * 60_000,
        "(" * 60_000 + "a",
        "(" * 20_000 + "a" + ")" * 20_000,
        "-(" * 20_000 + "a" + ")" * 20_000,
        "NOT " * 16_000,
        "title:" * 10_000,
        "title:(" * 8_000 + "a",
        "a NEAR " * 9_000 + "a",
        "a" * 70_000,
        '"' * 60_001,
        "/" * 60_001,
        "\\" * 60_001,
        "a" + "?" * 60_000 + "b",
        '"' + "a?b " * 15_000 + '"',
        '"' + "abc* " * 12_000 + '"',
        "[ " * 30_000 + "OR",
        '"a ' + "* " * 30_000 + 'b"',
    ],
)
def test_a_hostile_text_is_an_error_and_no_crash(text: str) -> None:
    assert str(refused(text))


@pytest.mark.parametrize(
    "text",
    [
        "a OR " * 12_000 + "a",
        "a " * 30_000,
        "- " * 30_000 + "a",
        "+" * 60_000 + " a",
        "NOT " * 16_000 + "a",
        "source:a.b " * 5_000,
        "a~^2 " * 10_000,
        '"a" ' * 12_000,
    ],
)
def test_a_long_text_takes_no_longer_than_it_is(text: str) -> None:
    """It parses or has too many clauses, in either case at once."""
    with contextlib.suppress(QueryError):
        assert len(parse(text).warnings) <= MAX_WARNINGS


def test_the_limits_themselves_are_allowed() -> None:
    assert parse("(" * MAX_NESTING + "a" + ")" * MAX_NESTING).node == Term(text="a")
    assert "nested too deep" in str(refused("(" * (MAX_NESTING + 1) + "a"))
    assert isinstance(parse("a" + " NEAR a" * MAX_CHAIN).node, Near)
    assert "NEARs in a row" in str(refused("a" + " NEAR a" * (MAX_CHAIN + 1)))
    assert "too long" in str(refused("a" * (MAX_LENGTH + 1)))
    assert "too many clauses" in str(refused("a " * (MAX_CLAUSES + 1)))


def test_a_tree_can_not_become_too_deep_for_those_who_walk_it() -> None:
    """Chains of NEAR within chains of NEAR."""
    text = "a"
    for _ in range(12):
        text = f"({text})" + " NEAR a" * 10
    assert "nested too deep" in str(refused(text))


# --- plain topics ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("Taiwan Strait", Phrase(text="Taiwan Strait")),
        ("  spy   balloon ", Phrase(text="spy balloon")),
        ("Cuba", Term(text="Cuba")),
        ("C++", Term(text="C++")),
        ("台湾海峡", Term(text="台湾海峡")),
        ('"Taiwan Strait"', Phrase(text="Taiwan Strait")),
        ("“Cuba”", Term(text="Cuba")),
        ("Romeo and Juliet", Phrase(text="Romeo and Juliet")),
        ("Who is it?", Phrase(text="Who is it?")),
        ("Putin?", Term(text="Putin")),
        ("drill*", Phrase(text="drill*")),
        ("Star Trek: Picard", Phrase(text="Star Trek: Picard")),
        ("@handle", Term(text="@handle")),
    ],
)
def test_a_plain_topic_is_a_phrase_and_one_word_a_term(text: str, node: Node) -> None:
    assert parse_plain(text).node == node


@pytest.mark.parametrize(
    "text",
    ["Taiwan Strait", "C++", "AT&T", "Romeo and Juliet", "Who is it?", "and/or", "O'Brien", "spy-balloon",
     "Re:Zero", '"Taiwan Strait"', "@handle", "Taiwan – China", "5G", "U.S."],
)  # fmt: skip
def test_an_ordinary_plain_topic_has_no_warning(text: str) -> None:
    assert parse_plain(text, ALIASES).warnings == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cuba OR Havana", "OR"),
        ("Cuba NOT baseball", "NOT"),
        ("Taiwan NEAR/5 PLA", "NEAR/5"),
        ("Cuba -baseball", "-"),
        ("drill*", "l*"),
        ("wom?n", "m?n"),
        ('Cuba "Havana', '"'),
        ('"a" OR "b"', '"'),
        ("(Cuba)", "("),
        ("=US", "="),
        ("title:Cuba", "title:"),
        ("/ba+/", "/ba+/"),
        ("@strait transit", "@strait"),
    ],
)
def test_a_plain_topic_that_looks_like_a_query_has_a_warning_there(text: str, found: str) -> None:
    warning = parse_plain(text, ALIASES).warnings[0]
    assert text[warning.start : warning.end] == found
    assert warning.message == f"a plain topic is read as a phrase: {found} means nothing special in it"
    assert "query:" in warning.hint


@pytest.mark.parametrize("text", ["", "  ", "...", '""'])
def test_a_plain_topic_without_a_word_is_an_error(text: str) -> None:
    with pytest.raises(QueryError):
        parse_plain(text)


def test_whether_there_is_a_word_is_what_the_tokens_say() -> None:
    """The quick answer is the slow one's for every letter of an alphabet, Arabic's many forms among them."""
    letters = [char for char in map(chr, (*range(0x2000), *range(0xFB50, 0xFFFF))) if char.isalnum()]
    assert [char for char in letters if has_word(char) != bool(tokens(char))] == []

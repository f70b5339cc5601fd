"""Aliases: what their values mean, how they use each other, and where their errors stand."""

import pytest

from monitor.errors import QueryError
from monitor.topics.parser import AliasProblem, parse, parse_aliases
from monitor.topics.query import Alias, And, In, Near, Or, Phrase, Term, expanded


def problems(texts: dict[str, list[str]]) -> list[tuple[str, int, str]]:
    """Alias, value and message of all that is wrong or looks unintended."""
    found = parse_aliases(texts).problems
    return [(problem.name, problem.index, _message(problem)) for problem in found]


def _message(problem: AliasProblem) -> str:
    return str(problem.problem) if isinstance(problem.problem, QueryError) else problem.problem.message


def test_an_alias_is_any_of_its_values() -> None:
    aliases = parse_aliases({"strait": ["Taiwan Strait", "台湾海峡"]})
    assert parse("@strait", aliases=aliases).node == Alias(name="strait", part=Term(text="x"))
    assert aliases.nodes["strait"] == Or(parts=(Phrase(text="Taiwan Strait"), Term(text="台湾海峡")))
    assert aliases.problems == ()


def test_an_alias_of_one_value_is_that_value() -> None:
    assert parse_aliases({"cuba": ["Cuba"]}).nodes["cuba"] == Term(text="Cuba")


@pytest.mark.parametrize(
    ("value", "node"),
    [
        ("Taiwan Strait", Phrase(text="Taiwan Strait")),
        ("Romeo and Juliet", Phrase(text="Romeo and Juliet")),
        ("and/or", Term(text="and/or")),
        ("AT&T", Term(text="AT&T")),
        ("C++", Term(text="C++")),
        ("Who is it?", Phrase(text="Who is it?")),
        ("Re:Zero", Term(text="Re:Zero")),
        ('"Taiwan Strait"', Phrase(text="Taiwan Strait")),
        ('"@handle"', Term(text="@handle")),
        ("=US", Term(text="US", exact=True)),
        ('="US Navy"', Phrase(text="US Navy", exact=True)),
        ("drill*", Term(text="drill*")),
        ("wom?n", Term(text="wom?n")),
        ("title:Cuba", In(field="title", part=Term(text="Cuba"))),
        ("PLA NEAR/5 navy", Near(left=Term(text="PLA"), right=Term(text="navy"))),
        ("a AND b", And(parts=(Term(text="a"), Term(text="b")))),
        (
            '"Taiwan Strait*"',
            Near(left=Phrase(text="Taiwan"), right=Term(text="Strait*"), distance=0, ordered=True),
        ),
    ],
)
def test_a_value_is_a_phrase_unless_it_holds_what_means_something_in_a_query(
    value: str, node: object
) -> None:
    assert parse_aliases({"x": [value]}).nodes["x"] == node


def test_aliases_may_use_each_other_in_any_order() -> None:
    aliases = parse_aliases(
        {"all": ["@strait", "@pla AND navy"], "strait": ["Taiwan Strait"], "pla": ["PLA"]}
    )
    assert aliases.problems == ()
    assert str(expanded(parse("@all", aliases=aliases).node)) == '"Taiwan Strait" OR (PLA AND navy)'


def test_a_circle_is_an_error_that_names_the_way_round_at_its_place() -> None:
    texts = {"a": ["x", "y OR @b"], "b": ["@c"], "c": ["@a"], "d": ["@a"], "e": ["fine"], "f": ["@f"]}
    aliases = parse_aliases(texts)
    assert problems(texts) == [
        ("a", 1, "the alias goes round: @a → @b → @c → @a"),
        ("b", 0, "the alias goes round: @b → @c → @a → @b"),
        ("c", 0, "the alias goes round: @c → @a → @b → @c"),
        ("d", 0, "the alias @a is wrong"),
        ("f", 0, "the alias goes round: @f → @f"),
    ]
    assert set(aliases.nodes) == {"e"}
    assert (aliases.errors[0].problem.start, aliases.errors[0].problem.end) == (5, 7)


def test_each_error_has_its_alias_its_value_and_its_place_in_it() -> None:
    aliases = parse_aliases({"x": ["fine", "y (a", "NOT b"], "y": ["ok"]})
    assert [(problem.name, problem.index, problem.problem.start) for problem in aliases.errors] == [
        ("x", 1, 2),
        ("x", 2, 0),
    ]
    assert aliases.broken == {"x"}


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        ({"x": []}, ("x", -1, "the alias is empty")),
        ({"x": [""]}, ("x", 0, "the text is empty")),
        ({"x": ["..."]}, ("x", 0, "there is no word in this text")),
        ({"x": ["half a \ud800 character"]}, ("x", 0, "this is not a character")),
        ({"a b": ["x"]}, ("a b", -1, "an alias's name is made of letters, digits, - and _")),
        ({"x": ["@nobody"]}, ("x", 0, "there is no alias @nobody")),
        ({"x": ["Taiwan Strait*"]}, ("x", 0, "this value is read as a query: Taiwan AND Strait*")),
        (
            {"x": ["People's Army (PLA)"]},
            ("x", 0, "this value is read as a query: People's AND Army AND PLA"),
        ),
        ({"x": ["Cuba", "Cuba libre"]}, ("x", 1, '"Cuba libre" adds nothing: Cuba finds all that it finds')),
    ],
)
def test_what_is_wrong_or_odd_in_an_alias_is_said(
    texts: dict[str, list[str]], problem: tuple[str, int, str]
) -> None:
    assert problems(texts) == [problem]


def test_a_query_with_a_broken_alias_is_refused_at_the_place_where_it_is_used() -> None:
    with pytest.raises(QueryError) as caught:
        parse("Cuba OR @x", aliases={"x": ["(a"]})
    assert str(caught.value) == "the alias @x is wrong: this parenthesis is not closed"
    assert (caught.value.start, caught.value.end) == (8, 10)


def test_aliases_can_not_grow_without_end() -> None:
    """Each twice the one before."""
    texts = {"a0": ["x"]} | {f"a{n}": [f"@a{n - 1} OR (@a{n - 1} y{n})"] for n in range(1, 30)}
    messages = [message for _, _, message in problems(texts)]
    assert any("too many clauses" in message for message in messages)
    with pytest.raises(QueryError):
        parse("@a29", aliases=texts)


def test_a_long_way_through_aliases_is_nested_too_deep() -> None:
    texts = {"a0": ["x"]} | {f"a{n}": [f"y{n} NEAR (z OR @a{n - 1})"] for n in range(1, 1000)}
    assert any("nested too deep" in message for _, _, message in problems(texts))


def test_a_mention_is_read_as_an_alias_and_the_error_says_how_to_write_it() -> None:
    (problem,) = parse_aliases({"x": ["@reuters"]}).errors
    assert isinstance(problem.problem, QueryError)
    assert problem.problem.hint == 'to look for the mention itself, put it in quotes: "@reuters"'

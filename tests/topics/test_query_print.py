"""A query prints itself so that it reads back as the same query; the small helpers on trees."""

import pytest
from hypothesis import given

from monitor.topics.parser import parse, parse_aliases
from monitor.topics.query import (
    And,
    At,
    In,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Term,
    expanded,
    leaves,
)
from tests.topics.strategies import queries

ALIASES = parse_aliases(
    {"strait": ["Taiwan Strait", "台湾海峡"], "pla": ["PLA", "@strait NEAR/5 navy", "navy"]}
)


@given(queries())
def test_a_tree_prints_as_a_query_that_reads_back_as_the_same_tree(node: Node) -> None:
    """Rule 12, over trees in several scripts and with words full of syntax."""
    assert parse(str(node)).node == node


@pytest.mark.parametrize(
    ("node", "printed"),
    [
        (Term(text="Taiwan"), "Taiwan"),
        (Term(text="drill*"), "drill*"),
        (Term(text="wom?n"), "wom?n"),
        (Term(text="US", exact=True), "=US"),
        (Term(text="M*A*S*H", exact=True), r"=M\*A\*S\*H"),
        (Term(text="C++"), "C++"),
        (Term(text="COVID-19"), "COVID-19"),
        (Term(text="AT&T"), "AT&T"),
        (Term(text="12:30"), "12:30"),
        (Term(text="@handle"), r"\@handle"),
        (Term(text="OR"), r"\OR"),
        (Term(text="near/5"), r"\near/5"),
        (Term(text="-x"), r"\-x"),
        (Term(text="title:x"), r"\title:x"),
        (Term(text="a|b"), r"a\|b"),
        (Phrase(text="Taiwan Strait"), '"Taiwan Strait"'),
        (Phrase(text='the "so-called" island'), r'"the \"so-called\" island"'),
        (Phrase(text="M*A*S*H, who?"), r'"M\*A\*S\*H, who?"'),
        (Phrase(text="wh?t"), r'"wh\?t"'),
        (Phrase(text="who is who", exact=True), '="who is who"'),
        (Phrase(text="a b", slop=3), '"a b"~3'),
        (Regex(pattern=r"a/b\d"), r"/a\/b\d/"),
        (Near(left=Term(text="a"), right=Term(text="b")), "a NEAR/5 b"),
        (Near(left=Term(text="a"), right=Term(text="b"), distance=0, ordered=True), "a ONEAR/0 b"),
        (And(parts=(Term(text="a"), Not(part=Term(text="b")))), "a NOT b"),
        (And(parts=(Not(part=Term(text="b")), Term(text="a"))), "NOT b AND a"),
        (And(parts=(Term(text="a"), Or(parts=(Term(text="b"), Term(text="c"))))), "a AND (b OR c)"),
        (Or(parts=(And(parts=(Term(text="a"), Term(text="b"))), Term(text="c"))), "(a AND b) OR c"),
        (In(field="title", part=Or(parts=(Term(text="a"), Term(text="b")))), "title:(a OR b)"),
        (In(field="title", part=Phrase(text="a b")), 'title:"a b"'),
    ],
)
def test_how_nodes_print(node: Node, printed: str) -> None:
    """Parentheses around whatever has parts; a backslash only where it is needed."""
    assert str(node) == printed
    assert parse(printed).node == node


def test_an_alias_prints_as_its_name_and_reads_back() -> None:
    query = parse("@pla NOT @strait", aliases=ALIASES)
    assert str(query) == "@pla NOT @strait"
    assert parse(str(query), aliases=ALIASES).node == query.node


# --- helpers on trees -----------------------------------------------------------------------------------


def test_expanded_puts_in_what_an_alias_stands_for_with_its_own_places() -> None:
    node = expanded(parse("x OR @pla", aliases=ALIASES).node)
    strait = Or(parts=(Phrase(text="Taiwan Strait"), Term(text="台湾海峡")))
    near = Near(left=strait, right=Term(text="navy"), distance=5)
    assert node == Or(parts=(Term(text="x"), Term(text="PLA"), near, Term(text="navy")))
    assert [leaf.at for leaf in leaves(node)][:2] == [At(0, 1), At(0, 3)]


def test_leaves_are_what_is_looked_for_in_the_order_of_the_text() -> None:
    query = parse('a NOT ("b c" OR title:/d/) AND @strait', aliases=ALIASES)
    assert [str(leaf) for leaf in leaves(query.node)] == ["a", '"b c"', "/d/", '"Taiwan Strait"', "台湾海峡"]

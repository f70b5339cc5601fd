"""Any text at all: it parses and prints as what reads back the same, or it is wrong at a place inside it.

FUZZ_SECONDS=60 in the environment lets the last test run that long.
"""

import os
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.topics.caret import message_of
from monitor.topics.describe import describe
from monitor.topics.parser import Aliases, Query, parse, parse_aliases, parse_plain
from monitor.topics.query import Alias, Phrase, Term, expanded
from tests.examples import examples
from tests.topics.strategies import WORDS, queries

ALIASES = parse_aliases(
    {"strait": ["Taiwan Strait", "台湾海峡"], "pla": ["PLA", "@strait NEAR/5 navy", "navy"]}
)
FUZZ_SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))

_OPERATORS = [
    "AND", "OR", "NOT", "NEAR", "ONEAR/3", "NEAR/0", "near/4", "AROUND(2)", "&&", "||", "|", "!", "+", "-",
]  # fmt: skip
_SIGNS = [
    '"', "(", ")", "/", "\\", "@", "*", "?", ":", "&", ",", "'", ".", "~", "~2", "^2", "=", "“", "”", "（",
    "）", "「", "–", "—", " ", "\u00a0", "\u3000", "\n", "\u200b", "\0", "🎈",
]  # fmt: skip
_CLAUSES = [
    "title:", "body:", "lang:en", "sourcetype:", "source:bbc.co.uk", "foo:", "[a TO b]", "http://x.y/z", "or",
    "@strait", "@pla", "drill*", "wom?n", "台?", '"a b"', '"a b"~2', '="a b"', '"spy balloon*"', '"a * b"',
    "/x+/", "/x/i", "(a OR b)", "\\*", '\\"', "w/5",
]  # fmt: skip
_PIECES = st.one_of(*map(st.sampled_from, (_OPERATORS, _SIGNS, _CLAUSES, WORDS)))
QUERYISH = st.lists(st.tuples(_PIECES, st.sampled_from(["", " ", " ", " "])), max_size=14).map(
    lambda pairs: "".join(piece + blank for piece, blank in pairs)
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A query that was right before something was put into it or taken out."""
    text = str(draw(queries()))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        taken = draw(st.integers(0, 3))
        text = text[:place] + draw(st.one_of(st.just(""), _PIECES)) + text[place + taken :]
    return text


TEXTS = st.one_of(
    QUERYISH, mutated(), st.text(max_size=60), st.text(alphabet='ab "()-/\\*?~=@:^|&!+[]', max_size=40)
)


@examples(120)
@given(TEXTS)
@example("\\")
@example('"')
@example("a\\")
@example("a\\\\~")
@example('"\\"')
@example("//")
@example("^2")
@example("---")
@example('"* *"')
@example('"a* b* c*"~2')
def test_no_text_crashes_the_parser_or_prints_as_another_query(text: str) -> None:
    check(text)


@given(st.one_of(QUERYISH, st.text(max_size=40)))
def test_any_text_is_a_plain_topic_or_has_no_word(text: str) -> None:
    """A plain topic's tree prints as a query with the same tree."""
    read = _read(parse_plain, text)
    if isinstance(read, Query):
        assert isinstance(read.node, Term | Phrase)
        assert parse(str(read)).node == read.node


@examples(60)
@given(
    st.dictionaries(st.sampled_from(["a", "b", "c", "strait"]), st.lists(QUERYISH, max_size=3), max_size=4)
)
def test_an_alias_is_usable_or_has_an_error_of_its_own(texts: dict[str, list[str]]) -> None:
    aliases = parse_aliases(texts)
    wrong = {problem.name for problem in aliases.errors}
    assert wrong == set(aliases.broken)
    assert wrong | set(aliases.nodes) == set(texts)
    for name in aliases.nodes:
        assert parse(f"@{name}", aliases=aliases).node == Alias(name=name, part=Term(text="x"))


@pytest.mark.skipif(not FUZZ_SECONDS, reason="FUZZ_SECONDS=60 runs it for a minute")
def test_a_long_fuzz_finds_nothing() -> None:
    """Batch after batch of new texts, longer ones too."""
    texts = st.one_of(TEXTS, st.lists(TEXTS, max_size=6).map(" ".join))

    @settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(texts)
    def batch(text: str) -> None:
        check(text)

    until = time.monotonic() + FUZZ_SECONDS
    while time.monotonic() < until:
        batch()


def check(text: str) -> None:
    """The property itself."""
    read = _read(parse, text, aliases=ALIASES)
    if isinstance(read, QueryError):
        assert str(read)
        assert "^" in message_of(read, text)
        return
    assert parse(str(read), aliases=ALIASES).node == read.node
    assert parse(str(expanded(read.node))).node == expanded(read.node)
    assert describe(read.node)
    for warning in read.warnings:
        assert 0 <= warning.start <= warning.end <= len(text)
        assert "^" in message_of(warning, text)


def _read(parser: Callable[..., Query], text: str, **options: Aliases) -> Query | QueryError:
    """What the parser makes of the text: its error has a place inside the text."""
    try:
        return parser(text, **options)
    except QueryError as error:
        inside = 0 <= error.start <= error.end <= len(text)
        assert inside, f"{error} at {error.start}–{error.end} of {text!r}"  # noqa: PT017  # it is the result
        return error

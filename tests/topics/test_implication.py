"""What the lint believes of two clauses, held against what the matcher finds."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.document import Document
from monitor.topics.implication import Implication
from monitor.topics.matcher import compile_topic
from monitor.topics.parser import parse
from monitor.topics.sheet import lay_out
from monitor.topics.topic import Topic

CLAUSES = (
    "ball", "balls", "Ball", "=ball", "=Ball", "ball*", "ballo*", "b?ll", "city", "cities", "cit*", "city*",
    "at", "box", "b?x", "spy", "spy-ball", "U.S.", "US's", "us", "AT&T", "café", "cafés",
    "台湾", "台湾海", "海", "title:ball", "body:ball", "url:ball", "title:(ball OR spy)",
    "title:(ball body:city)", '"ball city"', '"city ball"', '="Ball city"', '"ball city"~0', '"city ball"~2',
    '"ball city ball"', "ball city", "ball NOT city", "ball NOT (city OR spy)", "ball OR city",
    "(ball city) OR spy", "ball NEAR/1 city", "city NEAR/3 ball", "ball ONEAR/1 city",
    "(ball OR spy) NEAR/1 city", "title:(ball NEAR/1 city)", "ball AND url:spy",
)  # fmt: skip
NODES = {clause: parse(clause).node for clause in CLAUSES}
IMPLIED = [
    (one, other) for one, other in permutations(CLAUSES, 2) if Implication().holds(NODES[one], NODES[other])
]
TOPICS = {clause: compile_topic(Topic(name=clause, query=node)) for clause, node in NODES.items()}

_WORDS = (
    "ball", "balls", "Ball", "city", "cities", "Ball city", "ball city", "ballroom", "spy", "spy ball",
    "U.S.", "us", "boxes", "US", "AT&T", "at", "at t", "café", "cafe", "CAFÉS", "bill",
    "台湾", "台湾海", "海", "湾",
)  # fmt: skip
_TEXTS = st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join)


def test_much_is_implied_among_these_clauses() -> None:
    """The test below tests something."""
    assert len(IMPLIED) > 100


@given(st.builds(Document, title=_TEXTS, summary=_TEXTS, content=_TEXTS, url=_TEXTS))
def test_where_a_clause_is_said_to_imply_another_it_does(document: Document) -> None:
    matching = {
        clause for clause, topic in TOPICS.items() if topic.match(lay_out(document, topic.fields)) is not None
    }
    assert [(one, other) for one, other in IMPLIED if one in matching and other not in matching] == []

"""A query in words."""

import pytest

from monitor.topics.describe import describe
from monitor.topics.parser import parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("balloon", "balloon"),
        ("=US", "US (exactly so)"),
        ("transit*", "a word starting with transit"),
        ("wom?n", "a word like wom?n, any letter for each ?"),
        ('"Taiwan Strait"', '"Taiwan Strait"'),
        ('"a b"~1', 'the words "a b" in any order with at most 1 word between'),
        ("/ba+/", "text like /ba+/"),
        ("a OR b OR c", "a, b, or c"),
        ("a b", "a and b"),
        ("a NOT b", "a, but not b"),
        ("a NOT (b OR c) NOT d", "a, but not (b, or c), nor d"),
        ("title:Cuba", "in the title Cuba"),
        ("site:bbc.co.uk x", "on the site bbc.co.uk and x"),
        ("a ONEAR/3 b", "a and then, within 3 words, b"),
        ("a ONEAR/0 b", "a and, directly after it, b"),
        ("@strait", "any of @strait"),
        (
            '"Taiwan Strait" NEAR/10 (transit* OR PLA)',
            '"Taiwan Strait" and, within 10 words, (a word starting with transit, or PLA)',
        ),
    ],
)
def test_a_query_is_said_in_words(text: str, words: str) -> None:
    assert describe(parse(text, aliases={"strait": ["Taiwan Strait"]}).node) == words

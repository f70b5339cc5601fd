"""Label matchers are read as they are written, errors point at their place."""

import pytest

from monitor.alerts.route import Matcher
from monitor.config.matchers import MatcherError, parse_matcher


@pytest.mark.parametrize(
    ("text", "label", "op", "value"),
    [
        ('topic="Cuba"', "topic", "=", "Cuba"),
        ("topic = Cuba", "topic", "=", "Cuba"),
        ("topic=Spy balloon ", "topic", "=", "Spy balloon"),
        ('severity=~"high|critical"', "severity", "=~", "high|critical"),
        ("severity =~ high|critical", "severity", "=~", "high|critical"),
        ("desk!=x", "desk", "!=", "x"),
        ("desk !~ 'a.*'", "desk", "!~", "a.*"),
        ('a="say \\"b\\""', "a", "=", 'say "b"'),
        ('a=~"\\d+"', "a", "=~", "\\d+"),
        ('desk=""', "desk", "=", ""),
        ("desk=", "desk", "=", ""),
        ("a=b=c", "a", "=", "b=c"),
    ],
)
def test_matchers(text: str, label: str, op: str, value: str) -> None:
    assert parse_matcher(text) == Matcher(label=label, op=op, value=value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ('="x"', "=", "a label's name is expected here"),
        ("", "", "a label's name is expected here"),
        ("topic: Cuba", ": Cuba", "=, !=, =~ or !~ is expected here"),
        ("topic", "", "=, !=, =~ or !~ is expected here"),
        ("topic==Cuba", "==", "equality is one `=`"),
        ('topic="Cuba', '"', "this quote is never closed"),
        ('a="b", c="d"', ', c="d"', "there is text after the closing quote"),
        ('a=~"b(c"', "(", "this is no regular expression: missing ), unterminated subpattern"),
        ("a=~*b", "*", "this is no regular expression: nothing to repeat"),
    ],
)
def test_errors_point_at_their_place(text: str, marked: str, message: str) -> None:
    with pytest.raises(MatcherError) as caught:
        parse_matcher(text)
    assert str(caught.value) == message
    assert text[caught.value.start : caught.value.end] == marked


def test_a_colon_is_taken_for_an_equals_sign() -> None:
    with pytest.raises(MatcherError) as caught:
        parse_matcher("topic: Cuba")
    assert caught.value.hint == 'did you mean topic="Cuba"?'

"""Label matchers as they are written: `topic="Cuba"`, `severity =~ high|critical`, `desk != x`.

Errors carry their place in the text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import cast

from monitor.alerts.route import Matcher, Operator
from monitor.config.labels import LABEL_NAME
from monitor.config.problem import Problem
from monitor.config.tree import Scalar

_OPERATOR = re.compile(r"\s*(?P<op>=~|!~|!=|==|=)\s*")
_QUOTED = re.compile(r'"(?P<double>(?:[^"\\]|\\.)*)"|\'(?P<single>[^\']*)\'', re.DOTALL)


class MatcherError(ValueError):
    """A matcher can not be read; [start, end) is the place in its text."""

    def __init__(self, message: str, start: int, end: int, *, hint: str = "") -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.hint = hint


def parse_matcher(text: str) -> Matcher:
    """The matcher that a text stands for."""
    start = len(text) - len(text.lstrip())
    label = LABEL_NAME.match(text, start)
    if label is None:
        raise MatcherError("a label's name is expected here", start, start + 1, hint='label="value"')
    operator = _OPERATOR.match(text, label.end())
    if operator is None:
        raise MatcherError("=, !=, =~ or !~ is expected here", label.end(), len(text), hint=_meant(text))
    if operator["op"] == "==":
        raise MatcherError("equality is one `=`", *operator.span("op"), hint="label=value, or label=~regex")
    value, at = _value(text, operator.end())
    if operator["op"] in ("=~", "!~"):
        _check_regex(value, at)
    return Matcher(label=label[0], op=cast(Operator, operator["op"]), value=value)


def read_matchers(scalars: Iterable[Scalar], problems: list[Problem]) -> Iterator[Matcher]:
    """The matchers of a list; bad ones are reported and left out."""
    for scalar in scalars:
        try:
            yield parse_matcher(scalar.text)
        except MatcherError as error:
            problems.append(scalar.problem(str(error), error.start, error.end, hint=error.hint))


def _value(text: str, start: int) -> tuple[str, int]:
    """The value and where its text begins; without quotes it is all of the rest."""
    rest = text[start:].rstrip()
    if not rest.startswith(('"', "'")):
        return rest, start
    found = _QUOTED.match(text, start)
    if found is None:
        raise MatcherError("this quote is never closed", start, start + 1)
    if text[found.end() :].strip():
        raise MatcherError(
            "there is text after the closing quote", found.end(), len(text), hint="one matcher an item"
        )
    if found["single"] is not None:
        return found["single"], start + 1
    return re.sub(r'\\(["\\])', r"\1", found["double"]), start + 1


def _check_regex(value: str, at: int) -> None:
    try:
        re.compile(value)
    except re.error as error:
        start = at + (error.pos or 0)
        raise MatcherError(f"this is no regular expression: {error.msg}", start, start + 1) from error
    except (RecursionError, OverflowError) as error:
        raise MatcherError("this regular expression is too large", at, at + len(value)) from error


def _meant(text: str) -> str:
    label, colon, value = text.strip().partition(":")
    return f'did you mean {label.strip()}="{value.strip()}"?' if colon and value.strip() else 'label="value"'

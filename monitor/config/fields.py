"""What a value in a configuration file may be: the field types of the schema.

Each function takes a node of the tree and gives the value, or raises WrongValueError in words for the file's
writer; the readers at the end are what the schema names.
"""

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import TYPE_CHECKING, TypeVar

from monitor.config.addresses import parse_address, parse_site
from monitor.config.problem import Problem
from monitor.config.suggest import did_you_mean
from monitor.config.tree import Mapping, Node, Scalar, Sequence
from monitor.config.units import parse_duration, parse_size

if TYPE_CHECKING:
    from monitor.feeds.subscription import FullText

T = TypeVar("T")

Reader = Callable[[Node, list[Problem]], T | None]
"""Reads a value; None where it can not be used, with what is wrong among the problems."""

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


class WrongValueError(ValueError):
    """A value is not what is expected; .hint may help."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def kind_of(node: object) -> str:
    """What a node is, in the words of messages."""
    if isinstance(node, Sequence):
        return "a list"
    return "a mapping" if isinstance(node, Mapping) else "a text"


def is_empty(node: object) -> bool:
    """Whether nothing at all was written: `key:` and then the end of the line."""
    return isinstance(node, Scalar) and not node.typed and not node.style


def as_words(node: object) -> Scalar:
    """A text that keeps its place, for errors inside it."""
    if not isinstance(node, Scalar):
        raise WrongValueError(f"a text is expected here, this is {kind_of(node)}")
    if is_empty(node):
        raise WrongValueError("a text is expected here, there is nothing")
    if not node.text.strip():
        raise WrongValueError("this text is empty")
    return node


def as_text(node: object) -> str:
    """A text; `no`, `1.10` and `2024-01-01` are the texts that they look like."""
    return as_words(node).text.strip()


def as_name(node: object) -> Scalar:
    """A text that names something: it is printed everywhere, so it has no control characters."""
    scalar = as_words(node)
    if _CONTROLS.search(scalar.text):
        raise WrongValueError("a text without control characters is expected here")
    return scalar


def as_line(node: object) -> str:
    """A text on one line, without control characters; line breaks are read as blanks."""
    return " ".join(as_name(node).text.split())


def as_flag(node: object) -> bool:
    """`true` or `false`, not quoted."""
    scalar = _scalar(node, "true or false")
    if scalar.style == "" and scalar.text in ("true", "false", "True", "False"):
        return scalar.text in ("true", "True")
    raise WrongValueError(f"true or false is expected here, this is `{_shown(scalar)}`")


def as_full_text(node: object) -> "FullText":
    """Whether pages are read: `true`, `false`, or `when_short`."""
    scalar = _scalar(node, "true, false or when_short")
    if scalar.text == "when_short":
        return "when_short"
    if scalar.style == "" and scalar.text in ("true", "false", "True", "False"):
        return "always" if scalar.text in ("true", "True") else "never"
    raise WrongValueError(f"true, false or when_short is expected here, this is `{_shown(scalar)}`")


def as_count(node: object) -> int:
    """A whole number from 1."""
    scalar = _scalar(node, "a whole number")
    if scalar.text.isascii() and scalar.text.isdigit() and int(scalar.text[:9]) > 0:
        return int(scalar.text[:9])
    raise WrongValueError(f"a whole number from 1 is expected here, this is `{_shown(scalar)}`")


def as_duration(node: object) -> timedelta:
    """A duration like 15m or 1h30m; a number alone counts seconds."""
    return _read(parse_duration, _scalar(node, "a duration").text)


def as_period(node: object) -> timedelta:
    """A duration longer than nothing."""
    duration = as_duration(node)
    if not duration:
        raise WrongValueError("a duration above zero is expected here")
    return duration


def as_size(node: object) -> int:
    """A size like 10MiB."""
    size = _read(parse_size, _scalar(node, "a size").text)
    if not size:
        raise WrongValueError("a size above zero is expected here")
    return size


def as_mapping(node: object) -> Mapping:
    """A mapping, left as it is."""
    if not isinstance(node, Mapping):
        raise WrongValueError(f"a mapping (`name: value`) is expected here, this is {kind_of(node)}")
    return node


def as_items(node: object) -> list[Node]:
    """A list's items."""
    if not isinstance(node, Sequence):
        raise WrongValueError(f"a list is expected here, this is {kind_of(node)}", hint=_list_hint(node))
    return list(node.items)


def as_one_or_more(node: object) -> list[Node]:
    """A list's items; a text alone is a list of one."""
    return [node] if isinstance(node, Scalar) else as_items(node)


def one_of(*choices: str) -> Callable[[object], str]:
    """Reads one of these words."""

    def as_choice(node: object) -> str:
        text = as_text(node)
        if text not in choices:
            expected = ", ".join(choices[:-1]) + f" or {choices[-1]}"
            raise WrongValueError(
                f"{expected} is expected here, this is `{text}`", hint=did_you_mean(text, choices)
            )
        return text

    return as_choice


def as_clock_time(node: object) -> time:
    """A time of the clock like 08:00."""
    text = _scalar(node, "a time like 08:00").text.strip()
    if not re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", text):
        raise WrongValueError(f"a time like 08:00 is expected here, this is `{text}`")
    hour, minute = map(int, text.split(":"))
    if hour > 23 or minute > 59:
        raise WrongValueError(f"there is no time `{text}` on the clock")
    return time(hour, minute)


def as_time_zone(node: object) -> str:
    """An IANA name, or `local`."""
    from zoneinfo import ZoneInfo, available_timezones  # most configurations name none

    name = as_text(node)
    if name != "local":
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:  # unknown, not a name at all, a directory's name
            hint = did_you_mean(name, available_timezones()) or "a name like Europe/Prague or UTC, or `local`"
            raise WrongValueError(f"there is no time zone `{name}`", hint=hint) from error
    return name


def as_address(node: object) -> str:
    """A host and a port to listen on, as `host:port`."""
    return _read(parse_address, as_text(node))


def as_web_url(node: object) -> str:
    """The address of a site of one's own: http or https, without a path's last slash."""
    return _read(parse_site, as_text(node))


def value(read: Callable[[object], T]) -> Reader[T]:
    """Reads a value with a function."""

    def read_it(node: Node, problems: list[Problem]) -> T | None:
        try:
            return read(node)
        except WrongValueError as wrong:
            problems.append(node.problem(str(wrong), hint=wrong.hint))
            return None

    return read_it


def one_or_more(read: Reader[T]) -> Reader[list[T]]:
    """Reads a list, all of its items however many of them are wrong; a value alone is a list of one."""
    split = value(as_one_or_more)

    def read_all(node: Node, problems: list[Problem]) -> list[T] | None:
        if (items := split(node, problems)) is None:
            return None
        found = [read(item, problems) for item in items]
        good = [one for one in found if one is not None]
        return good if len(good) == len(found) else None

    return read_all


def left_as_it_is(node: Node, _: list[Problem]) -> Node:
    """Reads nothing yet: what the value may be is known elsewhere."""
    return node


WORDS = value(as_words)
NAME = value(as_name)
LINE = value(as_line)
TEXT = value(as_text)
TIME_ZONE = value(as_time_zone)
CLOCK_TIME = value(as_clock_time)
FLAG = value(as_flag)
FULL_TEXT = value(as_full_text)
COUNT = value(as_count)
DURATION = value(as_duration)
PERIOD = value(as_period)
SIZE = value(as_size)
ADDRESS = value(as_address)
WEB_URL = value(as_web_url)
PAIRS = value(as_mapping)
ITEMS = value(as_items)


def _scalar(node: object, expected: str) -> Scalar:
    if not isinstance(node, Scalar):
        raise WrongValueError(f"{expected} is expected here, this is {kind_of(node)}")
    return node


def _read(parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise WrongValueError(str(error)) from error


def _shown(scalar: Scalar) -> str:
    quote = scalar.style if scalar.style in ("'", '"') else ""
    return f"{quote}{scalar.text.strip()}{quote}"


def _list_hint(node: object) -> str:
    return (
        "a list's items begin with `- `" if isinstance(node, Mapping) else "write `- ` before it, or [a, b]"
    )

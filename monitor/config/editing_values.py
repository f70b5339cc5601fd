"""Writes topics and feeds as YAML: only as many quotes as are needed, long queries folded. Knows no files."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

WIDTH = 100
"""Longer queries are written on several lines."""

Data = str | list["Data"] | dict[str, "Data"]
"""What a value of a watchlist says, without its places."""

_PLAIN = re.compile(r"[\w(/+$<][^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]*(?<!\s)(?<!:)")
_SPOILS_PLAIN = re.compile(r":\s|\s#|\s$")
_SPOILS_FLOW = re.compile(r"[,\[\]{}:#]")
# Not texts for other programs that read the file, and for people who know YAML.
_NO_TEXT = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null)|[+\d][\d_.:,xob+-]*(?:e[+-]?\d+)?")
_NOT_IN_QUOTES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")
_REFERENCE = re.compile(r"\$(?=[${])")


class Bare(str):
    """A value that is no text: it is written without quotes."""

    __slots__ = ()


class New(Protocol):
    """What can be written into a list."""

    def data(self) -> Data:
        """What the file will say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTopic:
    """A topic to write. Without a query its name is the phrase."""

    name: str
    query: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    must_match: Sequence[str] = ()
    must_not_match: Sequence[str] = ()

    def data(self) -> Data:
        """What the file will say: a text where the name is all."""
        given: dict[str, Data] = {
            "name": typed(self.name),
            "query": typed(self.query),
            "labels": {name: typed(value) for name, value in self.labels.items()},
            "must_match": [typed(text) for text in self.must_match],
            "must_not_match": [typed(text) for text in self.must_not_match],
        }
        written = {key: value for key, value in given.items() if value}
        return written["name"] if written.keys() == {"name"} else written


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed to write."""

    url: str
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    interval: timedelta | None = None
    allow_private: bool = False

    def data(self) -> Data:
        """What the file will say: a text where the URL is all."""
        given: dict[str, Data] = {
            "name": typed(self.name),
            "url": typed(self.url),
            "labels": {name: typed(value) for name, value in self.labels.items()},
            "interval": _duration(self.interval) if self.interval else "",
            "allow_private": Bare("true") if self.allow_private else "",
        }
        written = {key: value for key, value in given.items() if value}
        return written["url"] if written.keys() == {"url"} else written


def typed(text: str) -> str:
    """The text as it is typed into a file where `$` begins a reference."""
    return _REFERENCE.sub("$$", text)


def _duration(span: timedelta) -> str:
    """The duration in the largest unit in which it is a whole number."""
    seconds = round(span.total_seconds())
    units = ((86400, "d"), (3600, "h"), (60, "m"))
    return next((f"{seconds // size}{unit}" for size, unit in units if seconds % size == 0), f"{seconds}s")


def as_item(data: Data) -> list[str]:
    """The lines of a list's item, from `- ` on; mappings with a line a key."""
    if not isinstance(data, dict):
        return [f"- {_line(data)}"]
    lines = [line for key, value in data.items() for line in pair_lines(key, value)]
    return ["- " + lines[0], *("  " + line for line in lines[1:])]


def as_flow(data: Data) -> str:
    """The value on one line, as it stands between brackets."""
    if isinstance(data, str):
        return quoted(data, flow=True)
    if isinstance(data, list):
        return f"[{', '.join(as_flow(item) for item in data)}]"
    return "{" + ", ".join(f"{quoted(key, flow=True)}: {as_flow(value)}" for key, value in data.items()) + "}"


def quoted(text: str, *, flow: bool = False) -> str:
    """The text as YAML: as it is if it can be, else in quotes."""
    if isinstance(text, Bare):
        return text
    spoiled = _SPOILS_PLAIN.search(text) or (flow and _SPOILS_FLOW.search(text))
    if _PLAIN.fullmatch(text) and not spoiled and not _NO_TEXT.fullmatch(text):
        return text
    if not _NOT_IN_QUOTES.search(text):
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _NOT_IN_QUOTES.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


def _line(data: Data) -> str:
    return quoted(data) if isinstance(data, str) else as_flow(data)


def pair_lines(key: str, value: Data) -> Iterator[str]:
    """The lines of a mapping's key and value, in a block."""
    if isinstance(value, list):
        yield f"{quoted(key)}:"
        yield from (f"  - {_line(item)}" for item in value)
    elif isinstance(value, str) and len(value) + len(key) > WIDTH and _can_be_folded(value):
        yield f"{quoted(key)}: >-"
        yield from ("  " + line for line in _folded(value))
    else:
        yield f"{quoted(key)}: {_line(value)}"


def _can_be_folded(text: str) -> bool:
    """Whether line breaks for blanks are read back as these blanks."""
    return " ".join(text.split()) == text and not _NOT_IN_QUOTES.search(text)


def _folded(text: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line

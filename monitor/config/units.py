"""Durations (`15m`, `1h30m`) and sizes (`10MiB`) as they are written in the configuration."""

import re
from datetime import timedelta

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h|d|w)")
_PARTS = re.compile(rf"(?:{_PART.pattern})+\s*")
_BYTES = {
    "": 1, "b": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "kb": 10**3, "mb": 10**6, "gb": 10**9,
}  # fmt: skip
_SIZE = re.compile(r"\s*(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[a-z]*)\s*", re.IGNORECASE)
LONGEST = timedelta(days=36500)


def parse_duration(text: str) -> timedelta:
    """A duration: `90s`, `15m`, `1h30m`, `2d`; a number alone counts seconds. Raises ValueError."""
    if re.fullmatch(r"\s*[0-9]+\s*", text):
        return _in_range(text, float(text))
    if not _PARTS.fullmatch(text):
        raise ValueError(f"a duration is expected here (90s, 15m, 1h30m, 2d), this is {_quoted(text)}")
    return _in_range(text, sum(float(count) * _SECONDS[unit] for count, unit in _PART.findall(text)))


def parse_size(text: str) -> int:
    """A size in bytes: `10MiB`, `500 kB`; a number alone counts bytes. Raises ValueError."""
    found = _SIZE.fullmatch(text)
    if found is None or found["unit"].lower() not in _BYTES:
        raise ValueError(f"a size is expected here (10MiB, 500kB), this is {_quoted(text)}")
    return int(float(found["number"]) * _BYTES[found["unit"].lower()])


def _in_range(text: str, seconds: float) -> timedelta:
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"{text.strip()} is longer than a hundred years")
    return timedelta(milliseconds=round(seconds * 1000))


def _quoted(text: str) -> str:
    return f"`{text}`" if text.strip() else "empty"

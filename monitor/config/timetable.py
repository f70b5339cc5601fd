"""Times of the week as they are written: `Mon-Fri 08:00 Europe/Prague`, `22:00-07:00`, `Sat-Sun`.

Errors carry their place in the text.
"""

import re
from collections.abc import Iterator
from datetime import time, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from monitor.alerts.limit import Limit
from monitor.alerts.times import DAYS, EVERY_DAY, Schedule, Stretch
from monitor.config.suggest import did_you_mean
from monitor.config.units import parse_duration

_WORD = re.compile(r"\S+")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_LIMIT = re.compile(r"\s*([0-9]{1,6})\s*(?:/|per|an?\s|each)\s*(\S.*)", re.IGNORECASE)
_PERIODS = {"minute": "1m", "hour": "1h", "day": "1d", "m": "1m", "h": "1h", "d": "1d"}
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class TimesError(ValueError):
    """Times of the week can not be read; [start, end) is the place in their text."""

    def __init__(self, message: str, start: int, end: int, *, hint: str = "") -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.hint = hint


def parse_schedule(text: str) -> Schedule:
    """The moments that a text stands for: days (every day), times, a time zone (the reader's)."""
    days, times, zone = _parts(text, wanted="a time like 08:00")
    if times is None:
        raise TimesError("a time is missing here", 0, len(text), hint=f"{text.strip()} 08:00")
    clocks = [_clock(word, start) for word, start in _pieces(*times, ",")]
    return Schedule(days=days, times=tuple(sorted(set(clocks))), zone=zone)


def parse_stretch(text: str) -> Stretch:
    """The stretch that a text stands for: days (every day), hours (all day), a time zone (the reader's)."""
    days, hours, zone = _parts(text, wanted="hours like 22:00-07:00")
    if hours is None:
        return Stretch(days=days, zone=zone)
    word, at = hours
    pieces = list(_pieces(word, at, "-"))
    if len(pieces) != 2:
        raise TimesError("from when until when?", at, at + len(word), hint=f"{pieces[0][0]}-07:00")
    start, end = (_clock(piece, place, is_end=bool(n)) for n, (piece, place) in enumerate(pieces))
    if start == end and start != time():
        hint = "leave the hours out for all day"
        raise TimesError("this begins when it ends", at, at + len(word), hint=hint)
    return Stretch(days=days, start=start, end=end, zone=zone)


def parse_limit(text: str) -> Limit | None:
    """A limit like `20/h`, `5/10m`; `none` for no limit. Raises ValueError."""
    if text.strip().lower() == "none":
        return None
    found = _LIMIT.fullmatch(text)
    if found is None or not int(found[1]):
        raise ValueError(f"a limit is expected here (20/h, 5/10m, none), this is `{text.strip()}`")
    period = parse_duration(_PERIODS.get(found[2].lower(), found[2]))
    if period < timedelta(seconds=1):
        raise ValueError("a limit is for a second at the least")
    return Limit(messages=int(found[1]), period=period)


_Placed = tuple[str, int]


def _parts(text: str, *, wanted: str) -> tuple[frozenset[int], _Placed | None, tzinfo | None]:
    """Days, times with their place, and zone; each may be left out, in this order."""
    words = [(found[0], found.start()) for found in _WORD.finditer(text)]
    days, times, zone = EVERY_DAY, None, None
    if words and words[0][0][0].isalpha() and "/" not in words[0][0] and not _is_zone(words[0][0]):
        days = _days(*words.pop(0))
    if words and words[0][0][0].isdigit():
        times = words.pop(0)
    if words:
        zone = _zone(*words.pop(0))
    if words:
        hint = f"days, {wanted}, a time zone; each may be left out"
        raise TimesError("this is too much here", words[0][1], len(text), hint=hint)
    return days, times, zone


def _days(word: str, at: int) -> frozenset[int]:
    found: set[int] = set()
    for piece, start in _pieces(word, at, ","):
        first, *rest = (_day(name, place) for name, place in _pieces(piece, start, "-"))
        if len(rest) > 1:
            raise TimesError("from which day to which?", start, start + len(piece), hint="Mon-Fri")
        last = rest[0] if rest else first
        found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    return frozenset(found)


def _day(name: str, at: int) -> int:
    low = name.lower()
    for number, full in enumerate(_FULL_NAMES):
        if low in (full, full[:3]):
            return number
    hint = did_you_mean(name, DAYS) or f"days are {', '.join(DAYS)}"
    raise TimesError(f"`{name}` is no day of the week", at, at + len(name), hint=hint)


def _clock(word: str, at: int, *, is_end: bool = False) -> time:
    found = _CLOCK.fullmatch(word)
    hour, minute = (int(found[1]), int(found[2])) if found else (99, 99)
    if is_end and (hour, minute) == (24, 0):
        return time()
    if hour > 23 or minute > 59:
        raise TimesError(f"`{word}` is no time of the day", at, at + max(len(word), 1), hint="08:00, 17:30")
    return time(hour, minute)


def _zone(name: str, at: int) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, not a name at all, a directory's name
        hint = did_you_mean(name, available_timezones()) or "a name like Europe/Prague or UTC"
        raise TimesError(f"there is no time zone `{name}`", at, at + len(name), hint=hint) from error


def _is_zone(word: str) -> bool:
    return word in ("UTC", "GMT")


def _pieces(word: str, at: int, separator: str) -> Iterator[_Placed]:
    """The pieces of a word between separators, each with its place."""
    for piece in word.split(separator):
        yield piece, at
        at += len(piece) + 1

"""The dates of nearly all feeds (RFC 822, RFC 3339), read as feedparser reads them. Pure."""

import re
from datetime import UTC, datetime, timedelta

from monitor.feeds.plain.unsure import UnsureError

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_HOURS = {"GMT": 0, "UTC": 0, "UT": 0, "Z": 0}
_HOURS |= {"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8}
_RFC822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +)?"
    rf"([0-9]{{1,2}}) +({'|'.join(_MONTHS)})[a-z]* +([0-9]{{4}}|[0-9]{{2}}) +"
    r"([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))? +"
    rf"(?:({'|'.join(_HOURS)})|([+-])([0-9]{{2}}):?([0-9]{{2}}))"
)
_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,12})?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))?)?"
)


def moment(text: str) -> tuple[int, ...] | None:
    """Year to second in UTC, None where there is no text; raises UnsureError for a date in another form."""
    if not text:
        return None
    try:
        if found := _RFC822.fullmatch(text):
            at = _rfc822(*found.groups())
        elif found := _RFC3339.fullmatch(text):
            at = _rfc3339(*found.groups())
        else:
            raise UnsureError("a date in another form")
    except (ValueError, OverflowError) as error:
        raise UnsureError("a date that does not exist") from error
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def _rfc822(day: str, month: str, year: str, *rest: str | None) -> datetime:
    hour, minute, second, zone, *offset = rest
    clock = int(hour or 0), int(minute or 0), int(second or 0)
    east = timedelta(hours=_HOURS[zone]) if zone else _east(*offset)
    at = datetime(_year(year), _MONTHS[month], int(day), *clock, tzinfo=UTC)
    return at - east if east else at


def _rfc3339(*parts: str | None) -> datetime:
    year, month, day, hour, minute, second = (int(part or 0) for part in parts[:6])
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC) - _east(*parts[6:])


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 90 else 1900)


def _east(sign: str | None, hours: str | None, minutes: str | None) -> timedelta:
    if sign is None:
        return timedelta()
    east = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return -east if sign == "-" else east

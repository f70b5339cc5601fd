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


def moment(text: str) -> datetime | None:
    """A moment in UTC, None where there is no text; raises UnsureError for a date in another form."""
    if not text:
        return None
    try:
        if found := _RFC822.fullmatch(text):
            return _rfc822(*found.groups("0"))
        if found := _RFC3339.fullmatch(text):
            return _rfc3339(*found.groups("0"))
    except (ValueError, OverflowError) as error:
        raise UnsureError("a date that does not exist") from error
    raise UnsureError("a date in another form")


def _rfc822(day: str, month: str, year: str, *rest: str) -> datetime:
    hour, minute, second, zone, *offset = rest
    at = datetime(_year(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    east = timedelta(hours=_HOURS[zone]) if zone != "0" else _east(*offset)
    return at - east if east else at


def _rfc3339(*parts: str) -> datetime:
    year, month, day, hour, minute, second = map(int, parts[:6])
    at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    east = _east(*parts[6:])
    return at - east if east else at


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 90 else 1900)


def _east(sign: str, hours: str, minutes: str) -> timedelta | None:
    """How far east of Greenwich; None for in it."""
    minutes_east = 60 * int(hours) + int(minutes)
    return timedelta(minutes=-minutes_east if sign == "-" else minutes_east) if minutes_east else None

"""The wall clock, and the zone it is told in: the only place that reads either."""

from datetime import UTC, datetime, tzinfo


def clock() -> datetime:
    """What time it is, aware and in UTC."""
    return datetime.now(UTC)


def zone_of(name: str) -> tzinfo:
    """The time zone of an IANA name; "local" is the machine's own."""
    from zoneinfo import ZoneInfo  # only where times are shown

    if name != "local":
        return ZoneInfo(name)
    from tzlocal import get_localzone

    return get_localzone()

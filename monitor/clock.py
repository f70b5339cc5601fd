"""The wall clock: the only place that reads it."""

from datetime import UTC, datetime


def clock() -> datetime:
    """What time it is, aware and in UTC."""
    return datetime.now(UTC)

"""Whether a feed's window ran over: nothing of the document before is left, so entries may be lost. Pure."""

from datetime import timedelta


def ran_over(*, before: int, stayed: int, shown: int, new: int) -> bool:
    """Whether entries may have come and gone between two documents.

    `before` entries were in the last one, `stayed` of these are in this one, which shows `shown` entries,
    `new` of them unknown. Where most are known the feed only shows another part of what it has.
    """
    return before > 0 and stayed == 0 and new * 2 > shown


def lost_words(lost: timedelta) -> str:
    """What a user should know of it."""
    return f"nothing of the document of {_span(lost)} before was left in it: entries may be lost"


def _span(lost: timedelta) -> str:
    minutes = max(1, round(lost.total_seconds() / 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"

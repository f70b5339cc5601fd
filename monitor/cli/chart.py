"""Counts a day as one line of block characters. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.workshop.backtest import DayCount

BLOCKS = "▁▂▃▄▅▆▇█"
NONE = "·"
WIDTH = 60
"""Signs in a line, at most: with a date before and behind it, it fits into 80 columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A line of signs, each for so many days."""

    line: str
    days_a_sign: int


def chart(days: "Sequence[DayCount]", *, width: int = WIDTH) -> Chart:
    """The days from left to right; where they are too many, several share a sign."""
    each = max(1, -(-len(days) // width))
    counts = [sum(day.count for day in days[start : start + each]) for start in range(0, len(days), each)]
    return Chart(line=signs(counts), days_a_sign=each)


def signs(counts: Sequence[int]) -> str:
    """A sign for each count, the highest for the most."""
    most = max(counts, default=0)
    return "".join(_sign(count, most) for count in counts)


def day_name(day: date, *, year: int) -> str:
    """`Nov 3`, with the year where it is not this one."""
    name = f"{day:%b} {day.day}"
    return name if day.year == year else f"{name} {day.year}"


def _sign(count: int, most: int) -> str:
    """The higher the more; the lowest is for any at all."""
    return BLOCKS[-(-len(BLOCKS) * count // most) - 1] if count else NONE

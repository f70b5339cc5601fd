"""Bars in a row: how many in each stretch of time. Pure; a template draws them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 720, 48, 1
LOWEST = 2
"""Where there is anything at all it is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, in the chart's own units."""

    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars, and what they come to."""

    bars: tuple[Bar, ...]
    total: int
    most: int
    first: str
    last: str


def chart(counts: Iterable[tuple[str, int]]) -> Chart:
    """A bar for each count, with its name; the highest fills the chart."""
    pairs = list(counts)
    most = max((count for _, count in pairs), default=0)
    return Chart(
        bars=tuple(_bars(pairs, most)),
        total=sum(count for _, count in pairs),
        most=most,
        first=pairs[0][0] if pairs else "",
        last=pairs[-1][0] if pairs else "",
    )


def _bars(pairs: Sequence[tuple[str, int]], most: int) -> Iterable[Bar]:
    step = WIDTH / max(len(pairs), 1)
    for number, (name, count) in enumerate(pairs):
        height = max(round(HEIGHT * count / most, 1), LOWEST) if count else 0
        yield Bar(
            x=round(number * step, 1),
            y=HEIGHT - height,
            width=round(max(step - GAP, 0.5), 1),
            height=height,
            label=f"{name}: {count:,}",
        )

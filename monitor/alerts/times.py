"""Times of the week in a time zone: when digests are due, and stretches that come again. Pure.

A clock that is put forward or back changes no count: a time that is skipped comes an hour later, one that is
shown twice counts the first time. So there is one digest a local day. (APScheduler's CronTrigger fires twice
in the hour that comes twice, and may leave out the midnight after a change when it looks days ahead.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

EVERY_DAY = frozenset(range(7))
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Moments of the week: at each of `times` on each of `days` (0 is Monday); no `zone`: the reader's."""

    times: tuple[time, ...]
    days: frozenset[int] = EVERY_DAY
    zone: tzinfo | None = None

    def next_after(self, moment: datetime, zone: tzinfo) -> datetime:
        """The first of its moments after this one; `zone` is the reader's."""
        here = self.zone or zone
        found = (
            at
            for day in _days(moment, here, back=0, ahead=8)
            if day.weekday() in self.days
            for at in sorted(_moment(day, each, here) for each in self.times)
            if at > moment
        )
        return next(found)

    def __str__(self) -> str:
        return " ".join(filter(None, (_named(self.days), ",".join(f"{one:%H:%M}" for one in self.times))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of some days of the week: from `start` until `end`, of the next day where that is earlier.

    It belongs to the day on which it starts. An `end` of 00:00 is the end of the day.
    """

    start: time = time()
    end: time = time()
    days: frozenset[int] = EVERY_DAY
    zone: tzinfo | None = None

    def bounds(self, moment: datetime, zone: tzinfo, *, back: int = 1) -> Iterator[tuple[datetime, datetime]]:
        """Where it begins and ends, each time that it began since so many days before a moment."""
        here = self.zone or zone
        for day in _days(moment, here, back=back, ahead=0):
            if day.weekday() in self.days:
                last = day + _DAY if self.end <= self.start else day
                yield _moment(day, self.start, here), _moment(last, self.end, here)

    def __str__(self) -> str:
        hours = "" if self.start == self.end == time() else f"{self.start:%H:%M}-{self.end:%H:%M}"
        return " ".join(filter(None, (_named(self.days), hours))) or "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Stretches of the week that have a name, or "" where they need none."""

    name: str = ""
    stretches: tuple[Stretch, ...]

    def until(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """When the interval ends that a moment lies in; None where it lies in none."""
        found, at = None, moment
        while end := self._end(at, zone):
            found = at = end  # the next stretch may begin where this one ends
            if at > moment + 8 * _DAY:
                break  # it never ends
        return found

    def covers(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether a moment lies in it."""
        return self._end(moment, zone) is not None

    @property
    def never_ends(self) -> bool:
        """Whether it covers the whole week."""
        monday = datetime(2024, 1, 1, tzinfo=UTC)
        end = self.until(monday, UTC)
        return end is not None and end > monday + 8 * _DAY

    def last_end(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """When one of its stretches was last over; None: not within the last week."""
        bounds = [one for stretch in self.stretches for one in stretch.bounds(moment, zone, back=8)]
        return max((end for start, end in bounds if start < end <= moment), default=None)

    def _end(self, moment: datetime, zone: tzinfo) -> datetime | None:
        bounds = [one for stretch in self.stretches for one in stretch.bounds(moment, zone)]
        return max((end for start, end in bounds if start <= moment < end), default=None)


def _days(moment: datetime, zone: tzinfo, *, back: int, ahead: int) -> Iterator[date]:
    today = moment.astimezone(zone).date()
    for days in range(-back, ahead + 1):
        yield today + days * _DAY


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _named(days: frozenset[int]) -> str:
    """The days as they are written: `Mon-Fri`, `Sat,Sun`; "" for every day."""
    if days == EVERY_DAY:
        return ""
    first, last = min(days), max(days)
    if len(days) > 2 and last - first + 1 == len(days):
        return f"{DAYS[first]}-{DAYS[last]}"
    return ",".join(DAYS[day] for day in sorted(days))

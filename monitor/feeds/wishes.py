"""What a feed asks of those who poll it: how often, and at which hours and days not. Pure."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.records import dataclass

if TYPE_CHECKING:
    from monitor.feeds.entry import Feed

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the head of a feed's last document asked for: `every` so long (zero: no matter), `by` a word."""

    every: timedelta = timedelta()
    by: str = ""
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()

    def skips(self, at: datetime) -> bool:
        """Whether the feed asks not to be polled at this moment."""
        moment = at.astimezone(UTC)
        return moment.hour in self.skip_hours or _WEEK[moment.weekday()] in self.skip_days


NO_WISHES = Wishes()


def wishes_of(feed: "Feed") -> Wishes:
    """What a feed asks for; of ttl and updatePeriod the longer."""
    ttl = min(timedelta(minutes=min(feed.ttl or 0, 10**6)), _LONGEST)
    period = _PERIODS.get(feed.update_period, timedelta()) / max(feed.update_frequency or 1, 1)
    every, by = max((ttl, "ttl"), (period, "updatePeriod"), key=lambda pair: pair[0])
    return Wishes(every=every, by=by if every else "", skip_hours=feed.skip_hours, skip_days=feed.skip_days)

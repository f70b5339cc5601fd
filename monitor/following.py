"""What is followed and watched, made of a configuration: all that polls ask for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from monitor.config.config import Intake
from monitor.config.settings import PollSettings
from monitor.feeds.subscription import Subscription
from monitor.records import dataclass
from monitor.store.feeds import Follow
from monitor.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Subscriptions by URL, and the topics that run."""

    subscriptions: Mapping[str, Subscription]
    watch: Watch

    @classmethod
    def of(cls, intake: Intake, *, backfill: timedelta | None = None) -> "Following":
        """What a configuration means for its polls; with `backfill` for all feeds, where one is given."""
        subscriptions = intake.subscriptions
        if backfill is not None:
            subscriptions = tuple(replace(one, backfill=backfill) for one in subscriptions)
        return cls(subscriptions={one.url: one for one in subscriptions}, watch=Watch.of(intake.topics))


def follows_of(intake: Intake) -> list[Follow]:
    """The feeds that the store is to follow."""
    return [follow_of(one, intake.settings.poll) for one in intake.subscriptions]


def follow_of(subscription: Subscription, poll: PollSettings) -> Follow:
    """How often a feed is polled: an interval of its own is meant as it stands, unless it has limits too."""
    own = subscription.interval is not None
    shortest = subscription.min_interval or (None if own else min(poll.min_interval, poll.interval))
    longest = subscription.max_interval or (None if own else max(poll.max_interval, poll.interval))
    interval = subscription.interval or poll.interval
    if subscription.min_interval:  # what is said of the feed itself wins
        interval = max(interval, subscription.min_interval)
        longest = max(longest, interval) if longest else None
    if subscription.max_interval:
        interval = min(interval, subscription.max_interval)
        shortest = min(shortest, interval) if shortest else None
    return Follow(
        url=subscription.url,
        name=subscription.name,
        interval=interval,
        min_interval=shortest,
        max_interval=longest,
    )

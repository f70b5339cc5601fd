"""What runs now, made of a configuration: swapped whole on a reload, asked anew for each piece of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

from tzlocal import get_localzone

from monitor.alerts.pending import Rules
from monitor.alerts.retry import Policy
from monitor.alerts.route import Receiver, Route
from monitor.alerts.template import Template
from monitor.config import Config
from monitor.config.settings import PollSettings
from monitor.feeds.subscription import Subscription
from monitor.store.feeds import Follow
from monitor.watch import Watch


@dataclass(slots=True, kw_only=True)
class Setup:
    """The configuration that runs, in the shapes that poller, dispatcher and courier ask for."""

    subscriptions: Mapping[str, Subscription]
    watch: Watch
    rules: Rules
    templates: Mapping[str, Template]
    policy: Policy
    send_seconds: float
    site: str
    """Where the desk is reached from elsewhere, "" if it is not."""
    callback_site: str
    """Where hubs reach us, "" where they are not to be asked."""
    allow_private: bool

    @classmethod
    def of(cls, config: Config, *, web: bool = True) -> "Setup":
        """What a configuration means for those who work by it, with a desk or without."""
        delivery = config.settings.delivery
        site = config.settings.web.public_url if web else ""
        return cls(
            subscriptions={one.url: one for one in config.subscriptions},
            watch=Watch.of(config.topics),
            rules=rules_of(config),
            templates=config.templates,
            policy=Policy(
                first=delivery.first_retry,
                longest=delivery.longest_retry,
                give_up=delivery.give_up_after,
            ),
            send_seconds=delivery.timeout.total_seconds(),
            site=site,
            callback_site=site if config.settings.push.ask_hubs else "",
            allow_private=config.settings.allow_private,
        )

    @property
    def route(self) -> Route:
        """The root of the route tree."""
        return self.rules.root

    @property
    def receivers(self) -> Mapping[str, Receiver]:
        """Receivers by name."""
        return self.rules.receivers

    @property
    def zone(self) -> tzinfo:
        """The reader's time zone."""
        return self.rules.zone

    def take(self, other: "Setup") -> None:
        """Become the other one: whoever holds this setup works by it from now on."""
        self.subscriptions = other.subscriptions
        self.watch = other.watch
        self.rules = other.rules
        self.templates = other.templates
        self.policy = other.policy
        self.send_seconds = other.send_seconds
        self.site = other.site
        self.callback_site = other.callback_site
        self.allow_private = other.allow_private


def rules_of(config: Config) -> Rules:
    """Who hears of what, and when."""
    return Rules(root=config.route, receivers=config.receivers, zone=zone_of(config.settings.time_zone))


def zone_of(name: str) -> tzinfo:
    """The time zone of an IANA name; "local" is the machine's own."""
    return get_localzone() if name == "local" else ZoneInfo(name)


def follows_of(config: Config) -> list[Follow]:
    """The feeds that the store is to follow."""
    return [follow_of(one, config.settings.poll) for one in config.subscriptions]


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

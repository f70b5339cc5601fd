"""What runs now, made of a configuration: swapped whole on a reload, asked anew for each piece of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from monitor.alerts.pending import Rules
from monitor.alerts.retry import Policy
from monitor.alerts.route import Receiver, Route
from monitor.alerts.template import Template
from monitor.clock import zone_of
from monitor.config.config import Config
from monitor.feeds.subscription import Subscription
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

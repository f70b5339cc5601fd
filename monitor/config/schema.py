"""What may stand in the configuration files, one model a mapping.

Only shapes and single values are checked here; what they mean together (names that must exist, queries,
matchers) is checked where it is read. The items of lists are validated one by one there, so that one bad
item hides nothing of the others. A value of None was not written, its default is applied later.
"""

from typing import Annotated

from pydantic import Field

from monitor.config.fields import (
    Address,
    AnyNode,
    ClockTime,
    Count,
    Duration,
    Flag,
    Items,
    Line,
    Name,
    OneOrMore,
    Pairs,
    Period,
    Reads,
    Size,
    Text,
    TimeZone,
    WebUrl,
    Words,
    as_full_text,
    one_of,
)
from monitor.config.section import Section
from monitor.feeds.subscription import FullText
from monitor.topics.topic import OnEdit

# --- monitor.yaml ---


class Limits(Section):
    """How often a feed is polled."""

    interval: Period | None = None
    min_interval: Period | None = None
    max_interval: Period | None = None


class PollSection(Limits):
    """`poll:`"""

    concurrency: Count | None = None
    timeout: Period | None = None
    max_bytes: Size | None = None
    user_agent: Line | None = None


class ParseSection(Section):
    """`parse:`"""

    workers: Count | None = None


class PagesSection(Section):
    """`pages:`"""

    concurrency: Count | None = None
    timeout: Period | None = None
    pause: Duration | None = None


class DeliverySection(Section):
    """`delivery:`"""

    workers: Count | None = None
    timeout: Period | None = None
    first_retry: Period | None = None
    longest_retry: Period | None = None
    give_up_after: Period | None = None


class HealthSection(Section):
    """`health:`"""

    dead_after: Period | None = None
    silent_at_least: Period | None = None
    daily_coverage: ClockTime | None = None
    canary: Period | None = None


class PushSection(Section):
    """`push:`"""

    ask_hubs: Flag | None = None
    allow_sha1: Flag | None = None


class LocalSection(Section):
    """`local:`"""

    files: Flag | None = None
    commands: Flag | None = None


class LogSection(Section):
    """`log:`"""

    level: Annotated[str, Reads(one_of("debug", "info", "warning", "error"))] | None = None
    format: Annotated[str, Reads(one_of("auto", "human", "json"))] | None = None


class WebSection(Section):
    """`web:`"""

    listen: Address | None = None
    public_url: WebUrl | None = None


class SettingsFile(Section):
    """monitor.yaml"""

    database: Text | None = None
    time_zone: TimeZone | None = None
    retention: Period | None = None
    allow_private: Flag | None = None
    poll: PollSection | None = None
    parse: ParseSection | None = None
    pages: PagesSection | None = None
    delivery: DeliverySection | None = None
    health: HealthSection | None = None
    push: PushSection | None = None
    local: LocalSection | None = None
    log: LogSection | None = None
    web: WebSection | None = None


# --- feeds.yaml ---


class LabelItem(Limits):
    """What holds for the feeds with these labels."""

    labels: Pairs


class FeedDefaults(Limits):
    """What a feed may say of itself, and `defaults:` for all."""

    labels: Pairs | None = None
    backfill: Duration | None = None
    full_text: Annotated[FullText, Reads(as_full_text)] | None = None
    allow_private: Flag | None = None
    user_agent: Line | None = None
    owner: Line | None = None
    headers: Pairs | None = None
    proxy: Words | None = None


class LoginItem(Section):
    """A user's name and password."""

    user: Words
    password: Text


class CertificateItem(Section):
    """A client certificate; a bare text is the file that holds it and its key."""

    bare = "certificate"
    certificate: Words
    key: Words | None = None
    password: Text | None = None


class FeedItem(FeedDefaults):
    """One subscription; a bare text is its URL."""

    bare = "url"
    url: Words
    name: Line | None = None
    login: LoginItem | None = None
    token: Words | None = None
    cookies: Pairs | None = None
    client_certificate: CertificateItem | None = None


class FeedsFile(Section):
    """feeds.yaml; a bare list is the list of feeds."""

    listed = "feeds"
    defaults: AnyNode | None = None
    by_label: Items[AnyNode] | None = None
    feeds: Items[AnyNode] | None = None


# --- alerts.yaml ---


class TargetItem(Section):
    """One Apprise URL; a bare text is the URL."""

    bare = "url"
    url: Words
    label: Line | None = None


class QuietSection(Section):
    """`quiet:` of a receiver; a bare text or list are its times."""

    bare = "times"
    listed = "times"
    times: OneOrMore[Words]
    but: OneOrMore[Words] | None = Field(default=None, alias="except")


class EscalationItem(Section):
    """One step of a receiver's chain."""

    after: Period
    receiver: Words
    matchers: OneOrMore[Words] | None = None


class ReceiverItem(Section):
    """One receiver."""

    name: Name
    urls: OneOrMore[TargetItem]
    allow_private: Flag | None = None
    canary: Flag | None = None
    acts: Flag | None = None
    digest: Words | None = None
    quiet: QuietSection | None = None
    limit: Words | None = None
    escalate: Items[AnyNode] | None = None


class RouteItem(Section):
    """One node of the route tree."""

    receiver: Words | None = None
    matchers: OneOrMore[Words] | None = None
    continues: Flag | None = Field(default=None, alias="continue")
    group_by: OneOrMore[Words] | None = None
    group_wait: Duration | None = None
    group_interval: Duration | None = None
    store_only: Flag | None = None
    digest: Words | None = None
    immediate: Flag | None = None
    cooldown: Duration | None = None
    mute_time_intervals: OneOrMore[Words] | None = None
    active_time_intervals: OneOrMore[Words] | None = None
    routes: Items[AnyNode] | None = None


class TemplateItem(Section):
    """Whose messages are written by which files."""

    for_: OneOrMore[Words] = Field(alias="for")
    title: Words | None = None
    text: Words | None = None
    html: Words | None = None


class AlertsFile(Section):
    """alerts.yaml"""

    time_intervals: Pairs | None = None
    route: AnyNode | None = None
    receivers: Items[AnyNode] | None = None
    templates: Items[AnyNode] | None = None


# --- watchlists/*.yaml ---


class TopicItem(Section):
    """One topic; a bare text is its name and, as a phrase, its query."""

    bare = "name"
    name: Name
    query: Words | None = None
    fields_: OneOrMore[Words] | None = Field(default=None, alias="in")
    feeds: OneOrMore[Words] | None = None
    langs: OneOrMore[Words] | None = None
    stem: Words | None = None
    labels: Pairs | None = None
    full_text: Flag | None = None
    on_edit: Annotated[OnEdit, Reads(one_of("silent", "alert"))] | None = None
    must_match: OneOrMore[Words] | None = None
    must_not_match: OneOrMore[Words] | None = None
    disabled: Flag | None = None


class WatchlistFile(Section):
    """A watchlist; a bare list is its topics."""

    listed = "topics"
    topics: Items[AnyNode] | None = None
    aliases: Pairs | None = None
    labels: Pairs | None = None

"""What may stand in the configuration files, one model a mapping.

Only shapes and single values are checked here; what they mean together (names that must exist, queries,
matchers) is checked where it is read. The items of lists are validated one by one there, so that one bad
item hides nothing of the others. A value of None was not written, its default is applied later.
"""

from monitor.config.fields import (
    ADDRESS,
    CLOCK_TIME,
    COUNT,
    DURATION,
    FLAG,
    FULL_TEXT,
    ITEMS,
    LINE,
    NAME,
    PAIRS,
    PERIOD,
    SIZE,
    TEXT,
    TIME_ZONE,
    WEB_URL,
    WORDS,
    left_as_it_is,
    one_of,
    one_or_more,
    value,
)
from monitor.config.section import Given, Needed, Section, part
from monitor.config.tree import Node

# --- monitor.yaml ---


class Limits(Section):
    """How often a feed is polled."""

    interval = Given(PERIOD)
    min_interval = Given(PERIOD)
    max_interval = Given(PERIOD)


class PollSection(Limits):
    """`poll:`"""

    concurrency = Given(COUNT)
    timeout = Given(PERIOD)
    max_bytes = Given(SIZE)
    user_agent = Given(LINE)


class ParseSection(Section):
    """`parse:`"""

    workers = Given(COUNT)


class PagesSection(Section):
    """`pages:`"""

    concurrency = Given(COUNT)
    timeout = Given(PERIOD)
    pause = Given(DURATION)


class DeliverySection(Section):
    """`delivery:`"""

    workers = Given(COUNT)
    timeout = Given(PERIOD)
    first_retry = Given(PERIOD)
    longest_retry = Given(PERIOD)
    give_up_after = Given(PERIOD)


class HealthSection(Section):
    """`health:`"""

    dead_after = Given(PERIOD)
    silent_at_least = Given(PERIOD)
    daily_coverage = Given(CLOCK_TIME)
    canary = Given(PERIOD)


class PushSection(Section):
    """`push:`"""

    ask_hubs = Given(FLAG)
    allow_sha1 = Given(FLAG)


class LocalSection(Section):
    """`local:`"""

    files = Given(FLAG)
    commands = Given(FLAG)


class LogSection(Section):
    """`log:`"""

    level = Given(value(one_of("debug", "info", "warning", "error")))
    format = Given(value(one_of("auto", "human", "json")))


class WebSection(Section):
    """`web:`"""

    listen = Given(ADDRESS)
    public_url = Given(WEB_URL)


class SettingsFile(Section):
    """monitor.yaml"""

    database = Given(TEXT)
    time_zone = Given(TIME_ZONE)
    retention = Given(PERIOD)
    allow_private = Given(FLAG)
    poll = Given(part(PollSection))
    parse = Given(part(ParseSection))
    pages = Given(part(PagesSection))
    delivery = Given(part(DeliverySection))
    health = Given(part(HealthSection))
    push = Given(part(PushSection))
    local = Given(part(LocalSection))
    log = Given(part(LogSection))
    web = Given(part(WebSection))


# --- feeds.yaml ---


class LabelItem(Limits):
    """What holds for the feeds with these labels."""

    labels = Needed(PAIRS)


class FeedDefaults(Limits):
    """What a feed may say of itself, and `defaults:` for all."""

    labels = Given(PAIRS)
    backfill = Given(DURATION)
    full_text = Given(FULL_TEXT)
    allow_private = Given(FLAG)
    user_agent = Given(LINE)
    owner = Given(LINE)
    headers = Given(PAIRS)
    proxy = Given(WORDS)


class LoginItem(Section):
    """A user's name and password."""

    user = Needed(WORDS)
    password = Needed(TEXT)


class CertificateItem(Section):
    """A client certificate; a bare text is the file that holds it and its key."""

    bare = "certificate"
    certificate = Needed(WORDS)
    key = Given(WORDS)
    password = Given(TEXT)


class FeedItem(FeedDefaults):
    """One subscription; a bare text is its URL."""

    bare = "url"
    url = Needed(WORDS)
    name = Given(LINE)
    login = Given(part(LoginItem))
    token = Given(WORDS)
    cookies = Given(PAIRS)
    client_certificate = Given(part(CertificateItem))


class FeedsFile(Section):
    """feeds.yaml; a bare list is the list of feeds."""

    listed = "feeds"
    defaults = Given[Node](left_as_it_is)
    by_label = Given(ITEMS)
    feeds = Given(ITEMS)


# --- alerts.yaml ---


class TargetItem(Section):
    """One Apprise URL; a bare text is the URL."""

    bare = "url"
    url = Needed(WORDS)
    label = Given(LINE)


class QuietSection(Section):
    """`quiet:` of a receiver; a bare text or list are its times."""

    bare = "times"
    listed = "times"
    times = Needed(one_or_more(WORDS))
    but = Given(one_or_more(WORDS), key="except")


class EscalationItem(Section):
    """One step of a receiver's chain."""

    after = Needed(PERIOD)
    receiver = Needed(WORDS)
    matchers = Given(one_or_more(WORDS))


class ReceiverItem(Section):
    """One receiver."""

    name = Needed(NAME)
    urls = Needed(one_or_more(part(TargetItem)))
    allow_private = Given(FLAG)
    canary = Given(FLAG)
    acts = Given(FLAG)
    digest = Given(WORDS)
    quiet = Given(part(QuietSection))
    limit = Given(WORDS)
    escalate = Given(ITEMS)


class RouteItem(Section):
    """One node of the route tree."""

    receiver = Given(WORDS)
    matchers = Given(one_or_more(WORDS))
    continues = Given(FLAG, key="continue")
    group_by = Given(one_or_more(WORDS))
    group_wait = Given(DURATION)
    group_interval = Given(DURATION)
    store_only = Given(FLAG)
    digest = Given(WORDS)
    immediate = Given(FLAG)
    cooldown = Given(DURATION)
    mute_time_intervals = Given(one_or_more(WORDS))
    active_time_intervals = Given(one_or_more(WORDS))
    routes = Given(ITEMS)


class TemplateItem(Section):
    """Whose messages are written by which files."""

    for_ = Needed(one_or_more(WORDS), key="for")
    title = Given(WORDS)
    text = Given(WORDS)
    html = Given(WORDS)


class AlertsFile(Section):
    """alerts.yaml"""

    time_intervals = Given(PAIRS)
    route = Given[Node](left_as_it_is)
    receivers = Given(ITEMS)
    templates = Given(ITEMS)


# --- watchlists/*.yaml ---


class TopicItem(Section):
    """One topic; a bare text is its name and, as a phrase, its query."""

    bare = "name"
    name = Needed(NAME)
    query = Given(WORDS)
    fields_ = Given(one_or_more(WORDS), key="in")
    feeds = Given(one_or_more(WORDS))
    langs = Given(one_or_more(WORDS))
    stem = Given(WORDS)
    labels = Given(PAIRS)
    full_text = Given(FLAG)
    on_edit = Given(value(one_of("silent", "alert")))
    must_match = Given(one_or_more(WORDS))
    must_not_match = Given(one_or_more(WORDS))
    disabled = Given(FLAG)


class WatchlistFile(Section):
    """A watchlist; a bare list is its topics."""

    listed = "topics"
    topics = Given(ITEMS)
    aliases = Given(PAIRS)
    labels = Given(PAIRS)

"""WebSub (W3C, 2018), the subscriber's side: what a hub is asked, and what it may ask us. Pure.

    settle        with which hubs to agree, and which pacts are over
    request_of    the form that asks a hub to tell us, or to tell us no more
    standing      how we stand with a hub, for people
    answer        whether a hub's question is about what we have asked for, and until when it tells us

A pact is what we have agreed with the hub of a feed: it tells us until its lease ends.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode, urlsplit

from monitor.addresses import is_address, why_not_public
from monitor.feeds.cadence import JITTER, share
from monitor.feeds.local import scheme_of
from monitor.feeds.offers import Offer
from monitor.feeds.subscription import Subscription
from monitor.feeds.text import line

PactState = Literal["due", "live", "denied", "leaving"]
Standing = Literal["", "pushed", "asked", "refused", "denied", "lapsed"]
Verdict = Literal["agreed", "left", "denied", "unknown", "other topic", "not asked"]

STANDINGS: Mapping[Standing, str] = {
    "pushed": "it tells us",
    "asked": "it was asked and has not come back to us yet",
    "refused": "it refuses, and is asked again",
    "denied": "it has refused to tell us",
    "lapsed": "its lease has ended, and is to be renewed",
}
CALLBACK = "/push/"
"""Where on our site hubs reach us; a pact's token follows."""
LEASE_WANTED = timedelta(days=10)
LEASE_LONGEST = timedelta(days=30)
"""What hubs promise for longer is agreed anew after this."""
OPEN = timedelta(hours=1)
"""As long as a hub may come back to us after we have asked it; then it is asked again."""
RENEW_FROM, RENEW_TO = 0.5, 0.8
"""The part of a lease after which it is renewed, for each feed another."""
RENEW_SOONEST = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=24)
DENIED_REST = timedelta(days=7)
"""A hub that has refused is not asked again before."""
FAREWELLS = 3
"""So often a hub is asked to tell us no more; then its lease may end by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """A feed with what it offers."""

    feed_id: int
    url: str
    offer: Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pact:
    """What we have agreed, or want to agree, with the hub of a feed.

    `token` ends the callback's address and `secret` signs what comes there. `next_at` is when the hub is
    asked (again), `asked_at` when it was asked last, `since` and `until` when its lease began and ends.
    `missed_at` is when a poll last found what no push had told.
    """

    pact_id: int
    feed_id: int
    feed_url: str
    hub: str
    topic: str
    site: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    state: PactState = "due"
    next_at: datetime
    attempts: int = 0
    reason: str = ""
    asked_at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    pushed_at: datetime | None = None
    missed_at: datetime | None = None
    pushes: int = 0
    ignored: int = 0

    @property
    def callback(self) -> str:
        """Where the hub is to tell us; with the token it is a secret too."""
        return f"{self.site}{CALLBACK}{self.token}"

    @property
    def offer(self) -> Offer:
        """What it was made of."""
        return Offer(hub=self.hub, topic=self.topic)

    def is_live(self, now: datetime) -> bool:
        """Whether the hub tells us now."""
        return self.state == "live" and self.until is not None and self.until > now


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Pacts to make, and those to give up."""

    new: tuple[Offering, ...] = ()
    over: tuple[Pact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a hub asks at a callback, as it came."""

    mode: str = ""
    topic: str = ""
    challenge: str = ""
    lease_seconds: str = ""
    reason: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Question":
        """The question in the query of a request."""
        names = ("mode", "topic", "challenge", "lease_seconds", "reason")
        return cls(**{name: query.get(f"hub.{name}", "") for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a hub is told, and what it means for the pact."""

    verdict: Verdict
    until: datetime | None = None
    next_at: datetime | None = None
    reason: str = ""


# --- what is to be agreed ---


def settle(
    offerings: Iterable[Offering], pacts: Iterable[Pact], *, site: str, wanted: Collection[str]
) -> Settlement:
    """What to agree with whom, when feeds offer this; nothing where there is no `site` that hubs reach.

    `wanted` are the addresses of the feeds of which we want to be told.
    """
    open_ = {one.feed_id: one for one in offerings if site and one.url in wanted}
    over: list[Pact] = []
    for pact in pacts:
        if pact.state == "leaving":
            continue
        offering = open_.get(pact.feed_id)
        if offering and offering.offer == pact.offer and pact.site == site:
            del open_[pact.feed_id]
        else:
            over.append(pact)
    return Settlement(new=tuple(open_.values()), over=tuple(over))


def may_be_pushed(subscription: Subscription, *, site: str) -> bool:
    """Whether the hub of a feed may be asked: it learns that we follow the feed, and that we are at `site`.

    Not of a file, nor where we take a detour to the feed. A site in a private network is named only to the
    hubs of feeds that may lead into one: to others it says nothing but what is in there.
    """
    if scheme_of(subscription.url) or subscription.passage.proxy:
        return False
    return subscription.allow_private or not _is_inside(site)


def _is_inside(site: str) -> bool:
    host = urlsplit(site).hostname or ""
    return host == "localhost" or (is_address(host) and bool(why_not_public(host)))


def request_of(pact: Pact) -> bytes:
    """The form that asks a hub to tell us, or to tell us no more."""
    fields = {
        "hub.callback": pact.callback,
        "hub.mode": "unsubscribe" if pact.state == "leaving" else "subscribe",
        "hub.topic": pact.topic,
    }
    if pact.state != "leaving":
        fields |= {"hub.lease_seconds": str(LEASE_WANTED // timedelta(seconds=1)), "hub.secret": pact.secret}
    return urlencode(fields).encode("ascii")


def retry_after(pact: Pact) -> timedelta:
    """How long to wait after so many attempts that failed; for each feed a little different."""
    wait = min(FIRST_RETRY * 2.0 ** min(max(pact.attempts, 1) - 1, 20), LONGEST_RETRY)
    return wait * (1 + JITTER * (2 * share(f"{pact.attempts} {pact.feed_url}") - 1))


def standing(pact: Pact | None, *, now: datetime) -> Standing:
    """How we stand with the hub of a feed, in a word; "" where we have nothing with it."""
    if pact is None or pact.state == "leaving":
        return ""
    match pact.state:
        case "live":
            return "pushed" if pact.is_live(now) else "lapsed"
        case "denied":
            return "denied"
    return "refused" if pact.reason else "asked"


# --- what a hub asks us ---


def answer(question: Question, pact: Pact | None, *, now: datetime) -> Answer:
    """Whether a hub's question is about what we have asked for: only then it is told yes."""
    if pact is None:
        return Answer(verdict="unknown")
    if question.topic != pact.topic:
        return Answer(verdict="other topic")
    if question.mode == "denied":
        reason = line(question.reason)[:300] or "it gave no reason"
        return Answer(verdict="denied", next_at=now + DENIED_REST, reason=reason)
    leaving = pact.state == "leaving"
    is_asked = question.mode == ("unsubscribe" if leaving else "subscribe") and _is_open(pact, now)
    if not is_asked or not question.challenge:
        return Answer(verdict="not asked")
    return Answer(verdict="left") if leaving else _agreed(question, pact, now)


def _agreed(question: Question, pact: Pact, now: datetime) -> Answer:
    lease = lease_of(question.lease_seconds)
    return Answer(verdict="agreed", until=now + lease, next_at=now + renew_after(lease, pact.feed_url))


def lease_of(text: str) -> timedelta:
    """How long a hub promises to tell us; what we have asked for where it says nothing that can be read."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return LEASE_WANTED
    return min(timedelta(seconds=min(int(text[:12]), 10**9)), LEASE_LONGEST)


def renew_after(lease: timedelta, feed_url: str) -> timedelta:
    """When in a lease it is renewed: for each feed at another moment, early enough for some attempts."""
    part = RENEW_FROM + (RENEW_TO - RENEW_FROM) * share(feed_url)
    return max(lease * part, RENEW_SOONEST)


def _is_open(pact: Pact, now: datetime) -> bool:
    """Whether we have asked the hub a while ago and it may come back to us."""
    return pact.asked_at is not None and timedelta() <= now - pact.asked_at <= OPEN

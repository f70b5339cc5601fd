"""Feeds that have moved for good: after three equal answers the new address is asked at once. Pure.

The configuration stays the user's: this is only what the monitor remembers, until the new address fails.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription

TIMES = 3
"""So often in a row the old address must have named the same new one."""


def asked_url(subscription: Subscription, state: FeedState) -> str:
    """Where to ask for the feed: its own address, or the one it has moved to."""
    return state.moved_to if has_moved(state) and _may_follow(subscription, state) else subscription.url


def has_moved(state: FeedState) -> bool:
    """Whether the new address is believed."""
    return state.moved_times >= TIMES


def after_answer(state: FeedState, subscription: Subscription, moved_to: str) -> FeedState:
    """The state after a good answer, which permanent redirects led to `moved_to` ("": none did)."""
    if has_moved(state) and _may_follow(subscription, state) and not moved_to:
        return state  # it was asked at its new address, and is still there
    if not (moved_to or state.moved_to or state.moved_times):
        return state
    times = state.moved_times + 1 if moved_to == state.moved_to else 1
    return replace(state, moved_to=moved_to, moved_times=min(times, TIMES) if moved_to else 0)


def after_failure(state: FeedState) -> FeedState:
    """The state after a failure: its own address is asked next."""
    return replace(state, moved_to="", moved_times=0)


def _may_follow(subscription: Subscription, state: FeedState) -> bool:
    """Not with secrets: who is asked directly would get those of another, or the feed would lack its own."""
    secrets = subscription.headers or subscription.passage.certificate or urlsplit(subscription.url).username
    return bool(state.moved_to) and not secrets

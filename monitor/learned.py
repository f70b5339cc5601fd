"""What a poll teaches of its feed, where it went well, where it failed, and where we are to blame. Pure."""

from dataclasses import replace
from datetime import datetime

from monitor.arrival import Arrival
from monitor.errors import MonitorError, ParseError, RetrieveError, SandboxError
from monitor.feeds.moved import after_failure
from monitor.feeds.network import again_at
from monitor.feeds.retrieve import Retrieved
from monitor.feeds.state import FeedState


def good(state: FeedState, retrieved: Retrieved, *, hashed: str, now: datetime) -> FeedState:
    """The state after a poll that went well; `hashed` is the document's hash, "" where none came.

    A document that is the same keeps the validators that an answer leaves out.
    """
    same = not hashed or hashed == state.body_hash
    return replace(
        state,
        last_polled_at=now,
        last_ok_at=now,
        failures=0,
        error="",
        etag=retrieved.etag or (state.etag if same else ""),
        last_modified=retrieved.last_modified or (state.last_modified if same else ""),
        body_hash=hashed or state.body_hash,
    )


def bad(state: FeedState, error: str, now: datetime) -> FeedState:
    """The state after a poll that failed."""
    return replace(after_failure(state), last_polled_at=now, failures=state.failures + 1, error=error)


def words_of(error: MonitorError) -> str:
    """What went wrong with a poll, in words for the feed's reader."""
    match error:
        case RetrieveError() | ParseError():
            return str(error)
        case SandboxError():
            return f"the document could not be read: {error}"
        case _:
            return f"the poll failed: {error}"


def as_before(arrival: Arrival, state: FeedState, now: datetime) -> Arrival:
    """The arrival of a feed that could not be polled through no fault of its own."""
    note = "our network is down: polled again when it is back"
    return replace(arrival, state=state, next_poll_at=again_at(state.url, now=now), note=note)

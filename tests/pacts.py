"""A pact with the hub of a feed that a store follows, for tests of what shows it."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.feeds.websub import Answer, Pact
from monitor.store.store import Store

HUB = "https://hub.example/"


def offer_hub(store: Store, url: str, *, now: datetime) -> None:
    """The feed was polled and names a hub."""
    (state,) = store.claim_all(now=now, lease=timedelta(), urls=[url])
    state = replace(state, hub=HUB, topic=url, baseline_at=now, last_polled_at=now, last_ok_at=now)
    store.save_poll(state, next_poll_at=now + timedelta(minutes=15))


def ask_hub(store: Store, url: str, *, now: datetime) -> Pact:
    """The hub was asked."""
    offer_hub(store, url, now=now)
    keys = iter(["t0ken", "s3cret"])
    store.add_pacts(store.offerings(), site="https://news.example.org", new_key=keys.__next__, now=now)
    (pact,) = store.claim_pacts(now=now, limit=1)
    return pact


def agree_with_hub(store: Store, url: str, *, now: datetime, days: int = 10) -> Pact:
    """The hub tells; one push was read, and one was not signed as it should be."""
    lease = timedelta(days=days, hours=1)  # who reads the real clock may be late
    answer = Answer(verdict="agreed", until=now + lease, next_at=now + lease / 2)
    store.save_answer(ask_hub(store, url, now=now), answer, now=now)
    (pact,) = store.pacts()
    store.add_push(pact, content_type="", body=b"<rss/>", now=now)
    (push,) = store.free_pushes(now=now, limit=1)
    (state,) = store.claim_all(now=now, lease=timedelta(), urls=[url])
    store.save_push(push.push_id, state, now=now)
    store.ignore_push(pact, "wrong")
    (pact,) = store.pacts()
    return pact

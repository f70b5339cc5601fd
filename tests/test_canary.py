"""The canary: a made-up entry on the way of all entries, and what is told where it breaks off."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.pending import Rules
from monitor.alerts.route import Receiver, Route, Target
from monitor.canary import LATE, listen, sing
from monitor.coverage import coverage_of
from monitor.dispatcher import dispatch
from monitor.store import open_store
from monitor.store.store import Store

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ROOT = Route(receiver="desk")


def receiver(name: str, *, canary: bool) -> Receiver:
    return Receiver(name=name, targets=(Target(key=name, url="stdout://", label="here"),), canary=canary)


RECEIVERS = {"desk": receiver("desk", canary=False), "phone": receiver("phone", canary=True)}


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_store(":memory:")
    yield store
    store.close()


def test_a_receiver_that_opts_in_gets_an_alert_and_nobody_else(store: Store) -> None:
    assert sing(store, root=ROOT, receivers=RECEIVERS, now=NOW).receivers == ("phone",)
    (one,) = store.deliveries()
    assert (one.receiver, one.alert.hits[0].headline.text) == (
        "phone",
        "Canary of 12:00 UTC: the chain works",
    )
    assert dispatch(store, rules=Rules(root=ROOT, receivers=RECEIVERS), now=NOW + HOUR).alerts == ()


def test_a_silent_canary_tries_the_chain_up_to_the_send(store: Store) -> None:
    song = sing(store, root=ROOT, receivers={"desk": RECEIVERS["desk"]}, now=NOW)
    assert (song.receivers, song.noticed) == ((), ())
    (hit,) = store.hits()
    assert (hit.topic, hit.state, hit.reason) == ("_canary", "kept", "canary: it tries the chain")
    assert store.deliveries() == []


def test_each_hour_has_a_canary_of_its_own(store: Store) -> None:
    for hours in range(3):
        assert sing(store, root=ROOT, receivers=RECEIVERS, now=NOW + hours * HOUR).receivers
    assert len(store.deliveries()) == 3


def test_a_route_tree_that_leads_nowhere_is_told(store: Store) -> None:
    song = sing(store, root=Route(receiver="nobody"), receivers=RECEIVERS, now=NOW)
    assert len(song.noticed) == 1
    (told,) = [hit for hit in store.hits() if hit.topic == "_monitor"]
    assert "the routes lead it to no receiver" in told.entry.entry.summary
    assert told.labels["severity"] == "critical"


def test_a_canary_that_is_late_is_told_once_a_day(store: Store) -> None:
    sing(store, root=ROOT, receivers=RECEIVERS, now=NOW)
    assert listen(store, now=NOW + LATE - MINUTE) == ()
    assert len(listen(store, now=NOW + LATE)) == 1
    assert listen(store, now=NOW + HOUR) == ()
    (told,) = [hit for hit in store.hits() if hit.topic == "_monitor"]
    assert told.entry.entry.title == "A canary to phone (here) is late"


def test_a_canary_that_arrived_proves_its_receiver(store: Store) -> None:
    sing(store, root=ROOT, receivers=RECEIVERS, now=NOW)
    (one,) = store.deliveries()
    store.save_attempt(one.delivery_id, state="delivered", now=NOW + MINUTE)
    assert listen(store, now=NOW + HOUR) == ()
    seen = coverage_of(store, RECEIVERS, since=NOW, now=NOW + HOUR)
    assert {proof.receiver: proof.arrived_at for proof in seen.proofs} == {
        "desk": None,
        "phone": NOW + MINUTE,
    }
    assert (seen.hits, seen.entries) == ({}, 0)

"""What links in messages do: each once, and nothing when somebody only looks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.acting import KEY, Opened, carry_out, open_link, signer
from monitor.alerts.act import LABELS, Verb, acts_of
from monitor.alerts.alert import Alert
from monitor.alerts.escalate import NewStep
from monitor.store import open_store
from monitor.store.store import Store
from tests.alerts.examples import NOON, alert, hit
from tests.store.contract import stored_hit

SITE = "https://news.example.org"
DAY = timedelta(days=1)


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_store(":memory:")
    yield store
    store.close()


def told(store: Store, **changes: object) -> Alert:
    """An alert about a stored hit, in the store."""
    hit_id = stored_hit(store)
    about = hit(hit_id)
    about = replace(about, labels={**about.labels, "feed": "A", "story": "7"})
    made = replace(alert(about), **changes)  # type: ignore[arg-type]  # fields of an alert
    store.add_alert(made, [], hit_ids=[hit_id], now=NOON)
    return made


def links(store: Store, made: Alert) -> dict[Verb, str]:
    signs = signer(store, SITE, now=NOON)
    assert signs
    return {one.act.verb: one.url.rpartition("/")[2] for one in signs.offers(acts_of(made))}


def opened(store: Store, link: str) -> Opened:
    found = open_link(store, link, now=NOON)
    assert isinstance(found, Opened), found
    return found


def test_without_a_site_there_are_no_links_and_no_key() -> None:
    store = open_store(":memory:")
    assert signer(store, "", now=NOON) is None
    assert store.secret(KEY) == ""


def test_the_key_is_made_once_and_is_nobody_elses(store: Store) -> None:
    first, other = signer(store, SITE, now=NOON), open_store(":memory:")
    assert first == signer(store, SITE, now=NOON + DAY)
    assert first != signer(other, SITE, now=NOON)


def test_looking_changes_nothing(store: Store) -> None:
    made = told(store)
    for link in links(store, made).values():
        opened(store, link)
    assert (store.silences(), store.judgements(), store.acknowledgements([made.id])) == ([], [], [])


@pytest.mark.parametrize(
    ("verb", "matchers", "lasts"),
    [
        ("snooze-1h", ['topic="Cuba"'], timedelta(hours=1)),
        ("snooze-8h", ['topic="Cuba"'], timedelta(hours=8)),
        ("mute-story", ['story="7"'], 7 * DAY),
        ("mute-feed", ['topic="Cuba"', 'feed="A"'], 30 * DAY),
    ],
)
def test_what_is_snoozed_or_muted_is_a_silence(
    store: Store, verb: Verb, matchers: list[str], lasts: timedelta
) -> None:
    made = told(store)
    carry_out(store, opened(store, links(store, made)[verb]), now=NOON)
    (silence,) = store.silences()
    assert [str(one) for one in silence.matchers] == matchers
    assert (silence.ends_at - silence.starts_at, silence.who) == (lasts, "message to desk")
    assert made.id in silence.comment


def test_a_wrong_hit_is_judged(store: Store) -> None:
    made = told(store)
    carry_out(store, opened(store, links(store, made)["wrong"]), now=NOON)
    (judgement,) = store.judgements()
    assert (judgement.hit_id, judgement.verdict, judgement.who) == (
        made.hits[0].hit_id, "wrong", "message to desk"
    )  # fmt: skip


def test_whoever_acknowledges_ends_the_chain_of_all_that_the_alert_tells_of(store: Store) -> None:
    first = told(store, id="A-11111-11111")
    store.add_steps(first.id, [NewStep(receiver="chief", due_at=NOON + DAY)])
    second = replace(first, id="A-22222-22222", earlier=(first.id,))
    store.add_alert(second, [], hit_ids=[], now=NOON)
    said = carry_out(store, opened(store, links(store, second)["ack"]), now=NOON)
    assert said.startswith("Acknowledged")
    assert store.waiting_steps() == []


def test_who_was_first_to_acknowledge_is_said(store: Store) -> None:
    made = told(store)
    store.acknowledge([made.id], who="ann", note="", now=NOON)
    said = carry_out(store, opened(store, links(store, made)["ack"]), now=NOON)
    assert said == "It was acknowledged already, by ann."


@pytest.mark.parametrize("verb", [verb for verb in LABELS if verb != "more"])
def test_a_link_works_once(store: Store, verb: Verb) -> None:
    link = links(store, told(store))[verb]
    seen_before = opened(store, link)
    said = carry_out(store, seen_before, now=NOON)
    again = carry_out(store, seen_before, now=NOON + DAY)  # two who pressed at the same time
    assert said == again == opened(store, link).said
    assert len(store.silences()) + len(store.judgements()) <= 1
    assert opened(store, link).at == NOON


def test_a_link_that_nobody_has_signed_does_nothing(store: Store) -> None:
    assert open_link(store, "ack.A-7K3QX-9ZD4M.0.1.x", now=NOON) == "forged"
    made = told(store)
    other = open_store(":memory:")
    assert open_link(store, links(other, made)["ack"], now=NOON) == "forged"
    link = links(store, made)["ack"]
    assert open_link(store, link, now=NOON + 8 * DAY) == "expired"


def test_what_was_forgotten_can_not_be_acted_on(store: Store) -> None:
    made = told(store)
    link = links(store, made)["wrong"]
    store.forget(before=NOON + DAY, left_before=NOON + DAY)
    assert open_link(store, link, now=NOON) == "gone"

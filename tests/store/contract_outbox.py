"""What every store must do for the outbox: joins the contract."""

from monitor.store.records import NewDelivery
from monitor.store.store import Store
from tests.store.contract import LEASE, MINUTE, NOW, new_alert, stored_hit


def outbox(store: Store, *targets: str, alerts: int = 1) -> list[int]:
    """Alerts A-1, A-2 … a minute apart, each with a delivery to each target; returns the deliveries' ids."""
    hit_id = stored_hit(store)
    for number in range(alerts):
        new = [NewDelivery(target=target, label=target.upper()) for target in targets]
        made = new_alert(hit_id, key=f"A-{number + 1}", at=NOW + number * MINUTE)
        store.add_alert(made, new, hit_ids=[hit_id], now=NOW)
    return sorted(one.delivery_id for one in store.deliveries())


class OutboxContract:
    """Alerts and what somebody decides on their deliveries."""

    def test_alerts_are_listed_the_newest_first(self, store: Store) -> None:
        outbox(store, "t", alerts=3)
        assert [alert.id for alert in store.alerts()] == ["A-3", "A-2", "A-1"]
        assert [alert.id for alert in store.alerts(limit=1, since=NOW + MINUTE)] == ["A-3"]
        assert store.alerts(receiver="nobody") == []

    def test_alerts_can_be_asked_by_what_became_of_a_delivery(self, store: Store) -> None:
        first, _ = outbox(store, "t", alerts=2)
        store.save_attempt(first, state="delivered", now=NOW)
        assert [alert.id for alert in store.alerts(state="delivered")] == ["A-1"]
        assert [alert.id for alert in store.alerts(state="due")] == ["A-2"]

    def test_the_deliveries_of_an_alert_can_be_asked_for(self, store: Store) -> None:
        outbox(store, "t", "u", alerts=2)
        assert {one.target for one in store.deliveries(alert_ids=["A-2"])} == {"t", "u"}
        assert store.deliveries(receiver="nobody") == []

    def test_a_dead_letter_sent_again_has_all_its_patience(self, store: Store) -> None:
        (key,) = outbox(store, "t")
        store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        store.save_attempt(key, state="dead", now=NOW, error="gone")
        assert store.send_again([key], now=NOW + MINUTE) == [key]
        (again,) = store.claim_deliveries(now=NOW + MINUTE, limit=1, lease=LEASE)
        assert (again.first_at, again.ended_at, again.error) == (NOW + MINUTE, None, "gone")

    def test_what_has_arrived_is_neither_sent_again_nor_dropped(self, store: Store) -> None:
        (key,) = outbox(store, "t")
        store.save_attempt(key, state="delivered", now=NOW)
        assert store.send_again([key], now=NOW) == store.drop([key], now=NOW) == []

    def test_what_is_being_sent_is_left_alone(self, store: Store) -> None:
        (key,) = outbox(store, "t")
        store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        assert store.send_again([key], now=NOW) == store.drop([key], now=NOW) == []
        assert store.drop([key], now=NOW + LEASE) == [key]

    def test_what_was_dropped_is_tried_no_more_and_is_no_dead_letter(self, store: Store) -> None:
        (key,) = outbox(store, "t")
        assert store.drop([key], now=NOW) == [key]
        assert store.drop([key], now=NOW) == []
        assert store.claim_deliveries(now=NOW, limit=1, lease=LEASE) == []
        assert store.deliveries(state="dead") == []
        (dropped,) = store.deliveries(state="dropped")
        assert (dropped.state, dropped.ended_at) == ("dropped", NOW)
        assert store.counts().deliveries == {"dropped": 1}

    def test_what_was_dropped_can_be_sent_again(self, store: Store) -> None:
        (key,) = outbox(store, "t")
        store.drop([key], now=NOW)
        assert store.send_again([key], now=NOW) == [key]
        assert store.deliveries()[0].state == "due"

    def test_a_resting_target_gets_nothing(self, store: Store) -> None:
        outbox(store, "t", "u")
        assert store.is_delivery_due(now=NOW)
        claimed = store.claim_deliveries(now=NOW, limit=9, lease=LEASE, resting=["t"])
        assert [one.target for one in claimed] == ["u"]

    def test_a_target_where_an_attempt_failed_is_not_sound_until_something_arrives(
        self, store: Store
    ) -> None:
        first, _ = outbox(store, "t", alerts=2)
        store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        store.save_attempt(first, state="due", now=NOW, next_at=NOW + 9 * MINUTE)
        assert store.claim_deliveries(now=NOW, limit=9, lease=LEASE, sound_only=True) == []
        store.save_attempt(first, state="delivered", now=NOW)
        claimed = store.claim_deliveries(now=NOW, limit=9, lease=LEASE, sound_only=True)
        assert [one.alert.id for one in claimed] == ["A-2"]

    def test_when_a_message_last_arrived_at_a_target(self, store: Store) -> None:
        keys = outbox(store, "t", "u", alerts=2)
        for minute, key in enumerate(keys[:3]):
            store.save_attempt(key, state="delivered", now=NOW + minute * MINUTE)
        store.save_attempt(keys[3], state="dead", now=NOW + 9 * MINUTE)
        assert store.last_arrivals() == {"t": NOW + 2 * MINUTE, "u": NOW + MINUTE}

    def test_a_message_refused_as_it_was_is_plain_from_then_on(self, store: Store) -> None:
        (key,) = outbox(store, "t")
        assert not store.deliveries()[0].plain
        store.save_attempt(key, state="due", now=NOW, next_at=NOW, plain=True)
        store.save_attempt(key, state="due", now=NOW, next_at=NOW)
        assert store.deliveries()[0].plain

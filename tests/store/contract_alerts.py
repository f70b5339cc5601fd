"""What every store must do with alerts and their deliveries."""

from monitor.store.records import NewDelivery
from monitor.store.store import Store
from tests.store.contract import LEASE, MINUTE, NOW, claimed, followed, new_alert, stored_hit


class AlertContract:
    """Alerts, and deliveries that are claimed, tried again and given up."""

    def test_an_alert_comes_back_whole(self, store: Store) -> None:
        alert = new_alert(stored_hit(store))
        store.add_alert(alert, [], hit_ids=[], now=NOW)
        assert store.alert("A-1") == alert
        assert store.alert("A-2") is None

    def test_a_delivery_is_due_at_once_and_claimed_once(self, store: Store) -> None:
        alert = new_alert(stored_hit(store))
        store.add_alert(alert, [NewDelivery(target="t1", label="json://***")], hit_ids=[], now=NOW)
        (delivery,) = store.claim_deliveries(now=NOW, limit=9, lease=LEASE)
        assert (delivery.alert, delivery.target, delivery.attempts) == (alert, "t1", 0)
        assert store.claim_deliveries(now=NOW, limit=9, lease=LEASE) == []
        assert len(store.claim_deliveries(now=NOW + LEASE, limit=9, lease=LEASE)) == 1

    def test_a_target_gets_one_delivery_at_a_time_the_oldest_first(self, store: Store) -> None:
        hit_id = stored_hit(store)
        for key in ("A-1", "A-2"):
            targets = [NewDelivery(target=target, label="") for target in ("t1", "t2")]
            store.add_alert(new_alert(hit_id, key=key), targets, hit_ids=[hit_id], now=NOW)
        first = store.claim_deliveries(now=NOW, limit=9, lease=LEASE)
        assert [(one.alert.id, one.target) for one in first] == [("A-1", "t1"), ("A-1", "t2")]
        store.save_attempt(first[0].delivery_id, state="delivered", now=NOW)
        second = store.claim_deliveries(now=NOW, limit=9, lease=LEASE)
        assert [(one.alert.id, one.target) for one in second] == [("A-2", "t1")]

    def test_a_failed_delivery_is_due_again_when_it_is_said(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.add_alert(new_alert(hit_id), [NewDelivery(target="t1", label="")], hit_ids=[hit_id], now=NOW)
        (delivery,) = store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        store.save_attempt(
            delivery.delivery_id, state="due", now=NOW, next_at=NOW + 2 * MINUTE, error="refused"
        )
        assert store.claim_deliveries(now=NOW + MINUTE, limit=1, lease=LEASE) == []
        (again,) = store.claim_deliveries(now=NOW + 2 * MINUTE, limit=1, lease=LEASE)
        assert (again.attempts, again.first_at, again.error) == (1, NOW, "refused")

    def test_a_dead_letter_stays_to_be_seen(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.add_alert(new_alert(hit_id), [NewDelivery(target="t1", label="")], hit_ids=[hit_id], now=NOW)
        (delivery,) = store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        store.save_attempt(delivery.delivery_id, state="dead", now=NOW + MINUTE, error="gave up")
        (dead,) = store.deliveries(state="dead")
        assert (dead.error, dead.ended_at) == ("gave up", NOW + MINUTE)
        assert store.counts().deliveries == {"dead": 1}

    def test_a_delivery_that_was_in_flight_when_its_daemon_died_may_repeat(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.add_alert(new_alert(hit_id), [NewDelivery(target="t1", label="")], hit_ids=[hit_id], now=NOW)
        (delivery,) = store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        assert not delivery.may_repeat
        store.release_leases()
        (again,) = store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        assert again.may_repeat

    def test_a_new_daemon_takes_over_what_a_killed_one_had_claimed(self, store: Store) -> None:
        state = followed(store)
        store.release_leases()
        assert claimed(store) == [state.url]

"""What every store must do for what was done from messages: joins the contract."""

from datetime import timedelta

from monitor.store.acts import ActDone
from monitor.store.store import Store
from tests.store.contract import NOW, new_alert


class ActContract:
    """What was done from messages."""

    def test_an_act_is_done_once(self, store: Store) -> None:
        store.add_alert(new_alert(1, key="A-1"), [], hit_ids=[], now=NOW)
        assert store.act_done("ack.A-1.0") is None
        assert store.keep_act("ack.A-1.0", alert_id="A-1", said="Done.", now=NOW)
        assert not store.keep_act("ack.A-1.0", alert_id="A-1", said="Again.", now=NOW)
        assert store.act_done("ack.A-1.0") == ActDone(at=NOW, said="Done.")
        assert store.act_done("wrong.A-1.1") is None

    def test_with_its_alert_it_is_forgotten_what_was_done(self, store: Store) -> None:
        store.add_alert(new_alert(1, key="A-1"), [], hit_ids=[], now=NOW)
        store.keep_act("ack.A-1.0", alert_id="A-1", said="Done.", now=NOW)
        later = NOW + timedelta(days=1)
        store.forget(before=later, left_before=later)
        assert (store.act_done("ack.A-1.0"), store.alert("A-1")) == (None, None)

"""What every store must do for silences, limits, cooldowns and escalations: joins the contract."""

from datetime import timedelta

from monitor.alerts.escalate import NewStep
from monitor.alerts.limit import Bucket
from monitor.alerts.route import Matcher
from monitor.alerts.silence import Silence
from monitor.store.store import Store
from tests.store.contract import MINUTE, NOW, new_alert, stored_hit

HOUR = timedelta(hours=1)
CUBA = Matcher(label="topic", op="=~", value='Cu"ba|台湾')


def silenced(store: Store, *, hours: int = 8) -> int:
    return store.add_silence([CUBA], starts_at=NOW, ends_at=NOW + hours * HOUR, comment="fair", who="ann")


def alerted(store: Store, key: str = "A-1") -> str:
    store.add_alert(new_alert(1, key=key), [], hit_ids=[], now=NOW)
    return key


class PolicyContract:
    """What decides on telling."""

    def test_a_silence_comes_back_whole(self, store: Store) -> None:
        number = silenced(store)
        whole = Silence(
            number=number,
            matchers=(CUBA,),
            starts_at=NOW,
            ends_at=NOW + 8 * HOUR,
            comment="fair",
            who="ann",
        )
        assert store.silences() == [whole]

    def test_silences_that_are_over_can_be_left_out(self, store: Store) -> None:
        first, second = silenced(store, hours=1), silenced(store, hours=3)
        assert [one.number for one in store.silences(since=NOW + HOUR)] == [second]
        assert [one.number for one in store.silences()] == [first, second]

    def test_a_silence_ends_when_it_is_said_and_only_once(self, store: Store) -> None:
        number = silenced(store)
        assert store.expire_silences([number, 99], now=NOW + MINUTE) == [number]
        assert store.silences()[0].ends_at == NOW + MINUTE
        assert store.expire_silences([number], now=NOW + 2 * MINUTE) == []

    def test_a_silence_that_has_not_begun_never_begins(self, store: Store) -> None:
        number = silenced(store)
        store.expire_silences([number], now=NOW - HOUR)
        (silence,) = store.silences()
        assert silence.starts_at == silence.ends_at == NOW

    def test_buckets_and_topics_that_were_heard_are_remembered(self, store: Store) -> None:
        for tokens, moment in ((3.5, NOW), (2.25, NOW + MINUTE)):
            store.save_buckets({"desk": Bucket(tokens=tokens, at=moment)})
            store.tell_topics("desk", {"Cuba"}, now=moment)
        assert store.buckets() == {"desk": Bucket(tokens=2.25, at=NOW + MINUTE)}
        assert store.told_topics() == {("desk", "Cuba"): NOW + MINUTE}

    def test_an_alert_of_many_groups_tells_each_of_them(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.add_alert(new_alert(hit_id), [], hit_ids=[hit_id], groups={"a": [hit_id], "b": []}, now=NOW)
        assert store.waiting_hits()[0].told_groups == {"a"}
        assert set(store.group_states()) == {"a", "b"}
        assert store.group_states(since=NOW + MINUTE) == {}

    def test_what_a_hit_waits_for_can_be_said(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.say_waits([(hit_id, "quiet until 07:00")])
        assert store.waiting_hits()[0].reason == store.hits()[0].reason == "quiet until 07:00"

    def test_steps_wait_until_they_are_settled_the_first_due_first(self, store: Store) -> None:
        key = alerted(store)
        later, sooner = (
            NewStep(receiver=name, due_at=NOW + n * MINUTE) for name, n in (("boss", 9), ("chief", 5))
        )
        store.add_steps(key, [later, sooner])
        steps = store.waiting_steps()
        assert [(one.receiver, one.alert.id, one.due_at) for one in steps] == [
            ("chief", key, NOW + 5 * MINUTE),
            ("boss", key, NOW + 9 * MINUTE),
        ]
        store.settle_steps([steps[0].number], "A-2")
        assert [one.receiver for one in store.waiting_steps()] == ["boss"]
        said = [(one.receiver, one.due_at, one.outcome) for one in store.escalations([key, "A-9"])]
        assert said == [("chief", NOW + 5 * MINUTE, "A-2"), ("boss", NOW + 9 * MINUTE, None)]

    def test_an_alert_that_is_acknowledged_goes_to_nobody_else(self, store: Store) -> None:
        key, other = alerted(store), alerted(store, "A-2")
        store.add_steps(key, [NewStep(receiver="chief", due_at=NOW)])
        store.add_steps(other, [NewStep(receiver="chief", due_at=NOW)])
        assert store.acknowledge([key], who="ann", note="on it", now=NOW + MINUTE) == [key]
        assert [one.alert.id for one in store.waiting_steps()] == [other]
        (said,) = store.acknowledgements([key, other])
        assert (said.alert_id, said.at, said.who, said.note) == (key, NOW + MINUTE, "ann", "on it")

    def test_who_acknowledged_first_stays(self, store: Store) -> None:
        key = alerted(store)
        store.acknowledge([key], who="ann", note="", now=NOW)
        assert store.acknowledge([key], who="bob", note="", now=NOW) == []
        assert store.acknowledgements([key])[0].who == "ann"

    def test_what_waits_is_the_same_as_long_as_nothing_changes(self, store: Store) -> None:
        assert not store.waiting()
        stored_hit(store)
        before = store.waiting()
        assert before
        assert store.waiting() == before
        silenced(store)
        between = store.waiting()
        assert between != before
        store.expire_silences([1], now=NOW)
        assert store.waiting() not in (before, between)

    def test_what_was_decided_long_ago_is_forgotten_with_its_alert(self, store: Store) -> None:
        key = alerted(store)
        store.add_steps(key, [NewStep(receiver="chief", due_at=NOW)])
        store.acknowledge([key], who="ann", note="", now=NOW)
        silenced(store, hours=0)
        store.tell_topics("desk", ["Cuba"], now=NOW)
        later = NOW + MINUTE
        assert store.forget(before=later, left_before=later) == 1
        left = store.acknowledgements([key]), store.silences(), store.waiting_steps()
        assert left == ([], [], [])
        assert (store.group_states(), store.told_topics()) == ({}, {})

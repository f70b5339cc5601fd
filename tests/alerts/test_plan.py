"""What is due when, what is settled and why; and that every hit is told once by each of its groups."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.alert import MAX_SHOWN
from monitor.alerts.pending import GroupState, Memory, PendingHit, Rules
from monitor.alerts.plan import Plan, plan
from monitor.alerts.route import Receiver, Route
from monitor.alerts.tell import PlannedAlert
from tests.alerts.examples import NOON, is_, later, pending, route

DESK = '1:0:"desk":{topic="Cuba"}'


def planned(
    *hits: PendingHit, root: Route | None = None, at: float = 0, told_at: Mapping[str, float] | None = None
) -> Plan:
    groups = {
        key: GroupState(key=key, last_told_at=later(seconds)) for key, seconds in (told_at or {}).items()
    }
    return plan(hits, rules=rules_of(root or route()), memory=Memory(groups=groups), now=later(at))


def rules_of(root: Route) -> Rules:
    """These routes to receivers without limits."""
    return Rules(root=root, receivers={name: Receiver(name=name, limit=None) for name in _names(root)})


def _names(route: Route) -> set[str]:
    return {route.receiver}.union(*map(_names, route.routes))


def test_a_first_hit_waits_for_company() -> None:
    assert planned(pending(1), at=29) == Plan(next_at=later(30))


def test_a_group_is_told_when_its_oldest_hit_has_waited() -> None:
    assert planned(pending(2, 20), pending(1, 0), at=30) == Plan(
        alerts=(
            PlannedAlert(
                group_key=DESK,
                group_labels={"topic": "Cuba"},
                receiver="desk",
                hit_ids=(1, 2),
                told=((DESK, (1, 2)),),
                reason="group_wait",
            ),
        ),
        settled=((1, "told"), (2, "told")),
    )


def test_a_group_rests_between_two_alerts() -> None:
    assert planned(pending(1, 10), at=60, told_at={DESK: 0}).next_at == later(300)
    alert = planned(pending(1, 10), at=300, told_at={DESK: 0}).alerts[0]
    assert alert.reason == "group_interval"


def test_the_earliest_moment_of_all_groups_is_when_to_ask_again() -> None:
    hits = pending(1, 10), pending(2, 5, {"topic": "Taiwan"})
    assert planned(*hits, at=11).next_at == later(35)


def test_groups_with_other_labels_are_other_alerts_the_longest_waiting_first() -> None:
    hits = pending(1, 9, {"topic": "Cuba"}), pending(2, 3, {"topic": "Taiwan"})
    assert [alert.hit_ids for alert in planned(*hits, at=60).alerts] == [(2,), (1,)]


def test_grouping_by_nothing_is_one_group_a_route() -> None:
    hits = pending(1), pending(2, 0, {"topic": "Taiwan"})
    alert = planned(*hits, root=route(group_by=()), at=60).alerts[0]
    assert (alert.hit_ids, alert.group_key) == ((1, 2), '1:0:"desk":{}')


def test_grouping_by_three_dots_is_a_group_for_each_set_of_labels() -> None:
    hits = pending(1, 0, {"topic": "Cuba", "feed": "a"}), pending(2, 0, {"topic": "Cuba", "feed": "b"})
    alerts = planned(*hits, root=route(group_by=("...",)), at=60).alerts
    assert [alert.group_labels for alert in alerts] == [
        {"feed": "a", "topic": "Cuba"},
        {"feed": "b", "topic": "Cuba"},
    ]


def test_keys_of_groups_do_not_run_together() -> None:
    hits = pending(1, 0, {"a": '1",b="2'}), pending(2, 0, {"a": "1", "b": "2"})
    keys = [alert.group_key for alert in planned(*hits, root=route(group_by=("a", "b")), at=60).alerts]
    assert len(set(keys)) == 2


def test_the_order_of_labels_in_the_configuration_changes_no_key() -> None:
    one, other = route(group_by=("topic", "feed")), route(group_by=("feed", "topic"))
    first, second = (planned(pending(1), root=root, at=60).alerts[0].group_key for root in (one, other))
    assert first == second


def test_a_hit_that_is_only_to_be_stored_is_settled_with_its_route() -> None:
    root = route(routes=(route("desk", "0.0", is_("topic", "Cuba"), store_only=True),))
    assert planned(pending(1), root=root) == Plan(settled=((1, "store_only: route 0.0"),))


def test_a_hit_without_a_receiver_is_settled_with_its_route() -> None:
    assert planned(pending(1), root=route("")) == Plan(settled=((1, "no receiver: route 0"),))


def test_a_hit_that_every_group_has_told_is_settled() -> None:
    assert planned(pending(1, 0, None, DESK)) == Plan(settled=((1, "told"),))


def test_a_hit_that_one_of_two_groups_has_told_waits_for_the_other() -> None:
    slow = route("slow", "0.1", group_wait=timedelta(hours=1))
    root = route(routes=(route("desk", "0.0", continues=True), slow))
    now = planned(pending(1), root=root, at=30)
    assert [alert.receiver for alert in now.alerts] == ["desk"]
    assert (now.settled, now.next_at) == ((), later(3600))
    told = now.alerts[0].group_key
    assert planned(pending(1, 0, None, told), root=root, at=3600).settled == ((1, "told"),)


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    year = 365 * 86400
    assert planned(pending(1, year), at=0).alerts
    assert planned(pending(1, -60), at=0, told_at={DESK: year}).alerts


def test_ten_thousand_hits_of_a_group_are_one_alert_that_shows_the_newest() -> None:
    hits = [pending(number, number) for number in range(10_000)]
    started = time.process_time()
    alerts = planned(*hits, at=20_000).alerts
    assert time.process_time() - started < 1
    assert [len(alert.hit_ids) for alert in alerts] == [10_000]
    assert alerts[0].shown_ids == tuple(range(10_000 - MAX_SHOWN, 10_000))


@dataclass
class World:
    """A store and a clock, as little of them as telling takes."""

    root: Route
    waiting: dict[int, PendingHit] = field(default_factory=dict)
    groups: dict[str, GroupState] = field(default_factory=dict)
    told: Counter[tuple[int, str]] = field(default_factory=Counter)

    def tick(self, now: datetime) -> Plan:
        memory = Memory(groups=self.groups)
        made = plan(list(self.waiting.values()), rules=rules_of(self.root), memory=memory, now=now)
        for alert in made.alerts:
            self.groups[alert.group_key] = GroupState(key=alert.group_key, last_told_at=now)
            for hit_id in alert.hit_ids:
                self.told[hit_id, alert.group_key] += 1
                before = self.waiting[hit_id]
                self.waiting[hit_id] = PendingHit(
                    hit_id=hit_id,
                    labels=before.labels,
                    found_at=before.found_at,
                    told_groups=before.told_groups | {alert.group_key},
                )
        for hit_id, _reason in made.settled:
            del self.waiting[hit_id]
        return made


HITS = st.lists(
    st.tuples(st.integers(0, 2000), st.sampled_from(["Cuba", "Taiwan", "quiet"]), st.sampled_from("ab")),
    max_size=20,
)
TICKS = st.lists(st.integers(0, 3000), max_size=30).map(sorted)
ROOT = route(
    "all",
    routes=(
        route("both", "0.0", is_("topic", "Cuba"), continues=True, group_by=("feed",)),
        route("cuba", "0.1", is_("topic", "Cuba"), group_interval=timedelta(minutes=30)),
        route("none", "0.2", is_("topic", "quiet"), store_only=True),
    ),
)
GROUPS_OF = {"Cuba": 2, "Taiwan": 1, "quiet": 0}


@given(HITS, TICKS)
def test_every_hit_is_told_once_by_each_of_its_groups_whatever_the_ticks(
    hits: Sequence[tuple[int, str, str]], ticks: Sequence[int]
) -> None:
    world = World(root=ROOT)
    coming = [pending(n, at, {"topic": topic, "feed": feed}) for n, (at, topic, feed) in enumerate(hits)]
    next_at: datetime | None = None
    for seconds in ticks:
        now = later(seconds)
        world.waiting |= {hit.hit_id: hit for hit in coming if hit.found_at <= now}
        coming = [hit for hit in coming if hit.found_at > now]
        next_at = world.tick(now).next_at
    world.waiting |= {hit.hit_id: hit for hit in coming}
    next_at = world.tick(max(later(3000), next_at or NOON)).next_at
    while next_at:
        next_at = world.tick(next_at).next_at
    assert world.waiting == {}
    assert set(world.told.values()) <= {1}
    told_by = Counter(hit_id for hit_id, _ in world.told)
    assert all(told_by[n] == GROUPS_OF[topic] for n, (_, topic, _) in enumerate(hits))


@given(HITS, st.randoms(use_true_random=False))
def test_the_order_of_the_hits_changes_nothing(hits: Sequence[tuple[int, str, str]], random: object) -> None:
    waiting = [pending(n, at, {"topic": topic, "feed": feed}) for n, (at, topic, feed) in enumerate(hits)]
    shuffled = list(waiting)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    one, other = (
        plan(some, rules=rules_of(ROOT), memory=Memory(), now=later(500)) for some in (waiting, shuffled)
    )
    assert one == other

"""What a receiver hears now: digests, quiet hours, limits, cooldowns, and why what waits does."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.alert import MAX_SHOWN
from monitor.alerts.limit import Bucket, Limit
from monitor.alerts.pending import Memory, PendingHit, Rules
from monitor.alerts.plan import Plan, plan
from monitor.alerts.route import Quiet, Receiver, Route
from monitor.alerts.silence import Silence
from monitor.alerts.times import Interval, Schedule, Stretch
from tests.alerts.examples import NOON, is_, later, pending, route

DAY = 86_400
EVENING = Stretch(start=time(12, 30), end=time(18))
QUIET = Quiet(interval=Interval(stretches=(EVENING,)), but=(is_("severity", "high"),))
SIX = later(6 * 3600)


def planned(
    *hits: PendingHit,
    root: Route | None = None,
    at: datetime | float = 60,
    memory: Memory | None = None,
    **receiver: object,
) -> Plan:
    desk = Receiver(name="desk", **receiver)  # type: ignore[arg-type]  # a test states what matters to it
    return plan(
        hits,
        rules=Rules(root=root or route(), receivers={"desk": desk}),
        memory=memory or Memory(),
        now=at if isinstance(at, datetime) else later(at),
    )


def topics(*names: str, at: float = 0) -> list[PendingHit]:
    """A hit of each topic."""
    return [pending(number, at, {"topic": name}) for number, name in enumerate(names, 1)]


def summary(made: Plan) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(alert.kind, alert.reason, alert.hit_ids) for alert in made.alerts]


# digests


def test_a_digest_waits_for_its_time_and_says_so() -> None:
    made = planned(*topics("Cuba"), digest=Schedule(times=(time(18),)))
    assert (made.alerts, made.next_at) == ((), SIX)
    assert made.waits == ((1, "digest at 2024-03-05 18:00"),)


def test_a_digest_tells_all_topics_in_one_message() -> None:
    made = planned(*topics("Cuba", "Taiwan"), digest=Schedule(times=(time(18),)), at=SIX)
    (alert,) = made.alerts
    assert (alert.kind, alert.parted) == ("digest", (("Taiwan", (2,)), ("Cuba", (1,))))
    assert alert.group_key == '1:digest:"desk"'
    assert [key for key, _ in alert.told] == ['1:0:"desk":{topic="Cuba"}', '1:0:"desk":{topic="Taiwan"}']


def test_a_route_may_tell_at_once_what_its_receiver_gathers() -> None:
    made = planned(*topics("Cuba"), root=route(immediate=True), digest=Schedule(times=(time(18),)))
    assert summary(made) == [("alert", "group_wait", (1,))]


def test_a_digest_shows_the_newest_of_each_topic_so_that_none_crowds_out_another() -> None:
    hits = [pending(n, n, {"topic": "Cuba" if n else "Peru"}) for n in range(200)]
    (alert,) = planned(*hits, digest=Schedule(times=(time(18),)), at=SIX).alerts
    assert [(topic, len(ids)) for topic, ids in alert.shown] == [("Cuba", MAX_SHOWN - 1), ("Peru", 1)]
    assert alert.shown_ids[: MAX_SHOWN - 1] == tuple(range(200 - MAX_SHOWN + 1, 200))


# quiet hours


def test_while_a_receiver_is_quiet_its_hits_wait() -> None:
    made = planned(*topics("Cuba"), quiet=QUIET, at=3600)
    assert (made.alerts, made.next_at, made.waits) == ((), SIX, ((1, "quiet until 2024-03-05 18:00"),))


def test_what_matches_may_break_the_quiet_and_the_rest_of_its_group_waits() -> None:
    hits = pending(1), pending(2, 0, {"topic": "Cuba", "severity": "high"})
    made = planned(*hits, quiet=QUIET, at=3600)
    assert summary(made) == [("alert", "group_wait", (2,))]
    assert made.waits == ((1, "quiet until 2024-03-05 18:00"),)
    assert made.settled == ((2, "told"),)


def test_when_the_quiet_is_over_all_that_waited_comes_in_one_digest() -> None:
    hits = topics("Cuba", "Taiwan", at=4000)
    assert summary(planned(*hits, quiet=QUIET, at=SIX)) == [("digest", "quiet", (1, 2))]


def test_what_was_ready_before_the_quiet_but_not_told_comes_with_the_digest() -> None:
    made = planned(pending(1, 1790), quiet=QUIET, at=SIX)
    assert summary(made) == [("digest", "quiet", (1,))]


def test_what_is_found_after_the_quiet_is_told_as_ever() -> None:
    made = planned(pending(1, 6 * 3600 + 1), quiet=QUIET, at=SIX + timedelta(seconds=60))
    assert summary(made) == [("alert", "group_wait", (1,))]


def test_a_digest_whose_time_is_in_the_quiet_comes_when_it_is_over() -> None:
    schedule = Schedule(times=(time(13),))
    assert planned(*topics("Cuba"), quiet=QUIET, digest=schedule, at=3600).next_at == SIX
    made = planned(*topics("Cuba"), quiet=QUIET, digest=schedule, at=SIX)
    assert summary(made) == [("digest", "quiet", (1,))]


# limits


def test_what_exceeds_the_limit_comes_in_one_digest() -> None:
    made = planned(*topics("a", "b", "c", "d"), limit=Limit(messages=2))
    assert summary(made) == [("alert", "group_wait", (1,)), ("digest", "limit", (2, 3, 4))]
    assert made.buckets == {"desk": Bucket(tokens=0, at=later(60))}


def test_without_a_token_everything_waits_for_the_next() -> None:
    spent = Memory(buckets={"desk": Bucket(tokens=0, at=later(60))})
    made = planned(*topics("a", "b"), limit=Limit(messages=2), memory=spent)
    assert (made.alerts, made.settled, made.next_at) == ((), (), later(60 + 1800))
    assert made.waits == ((1, "limit until 2024-03-05 12:31"), (2, "limit until 2024-03-05 12:31"))
    after = planned(*topics("a", "b"), limit=Limit(messages=2), memory=spent, at=60 + 1800)
    assert summary(after) == [("digest", "limit", (1, 2))]


def test_one_group_that_waited_for_the_limit_is_a_plain_alert() -> None:
    spent = Memory(buckets={"desk": Bucket(tokens=0, at=later(60))})
    made = planned(*topics("a"), limit=Limit(messages=2), memory=spent, at=3600)
    assert summary(made) == [("alert", "group_wait", (1,))]


# cooldowns


def test_of_a_topic_that_was_told_no_more_is_heard_until_it_has_cooled() -> None:
    root = route(group_by=("story",), cooldown=timedelta(hours=1))
    stories = [pending(n, n, {"topic": "Cuba", "story": str(n)}) for n in (1, 2, 3)]
    made = planned(*stories, root=root)
    assert summary(made) == [("alert", "group_wait", (1,))]
    assert made.alerts[0].cooling == {"Cuba"}
    assert made.waits == ((2, "cooldown until 2024-03-05 13:01"), (3, "cooldown until 2024-03-05 13:01"))
    told = Memory(told_topics={("desk", "Cuba"): later(60)})
    assert planned(*stories[1:], root=root, memory=told, at=3659).alerts == ()
    assert summary(planned(*stories[1:], root=root, memory=told, at=3660)) == [("digest", "cooldown", (2, 3))]


def test_a_cooldown_concerns_only_its_topic_and_its_receiver() -> None:
    root = route(cooldown=timedelta(hours=1))
    told = Memory(told_topics={("desk", "Cuba"): NOON, ("chief", "Peru"): NOON})
    made = planned(*topics("Cuba", "Peru"), root=root, memory=told)
    assert summary(made) == [("alert", "group_wait", (2,))]


# silences and time intervals


def test_a_silence_keeps_a_hit_and_says_which() -> None:
    silence = Silence(number=7, matchers=(is_("topic", "Cuba"),), starts_at=later(30), ends_at=later(40))
    made = planned(*topics("Cuba", "Peru"), memory=Memory(silences=(silence,)))
    assert made.settled == ((1, "silenced by S-7"), (2, "told"))


def test_a_muted_route_keeps_what_is_found_then() -> None:
    afternoon = Interval(name="afternoons", stretches=(EVENING,))
    root = route(mute=(afternoon,))
    assert planned(pending(1, 3600), root=root, at=DAY).settled == ((1, "muted by afternoons: route 0"),)
    assert summary(planned(pending(1, 0), root=root, at=3600)) == [("alert", "group_wait", (1,))]


def test_a_route_that_is_not_active_keeps_what_is_found_then() -> None:
    root = route(active=(Interval(name="afternoons", stretches=(EVENING,)),))
    assert planned(pending(1, 0), root=root).settled == ((1, "not active but in afternoons: route 0"),)
    assert planned(pending(1, 3600), root=root, at=DAY).alerts


def test_a_muted_route_does_not_keep_another_from_telling() -> None:
    muted = route("desk", "0.0", continues=True, mute=(Interval(name="always", stretches=(Stretch(),)),))
    root = route(routes=(muted, route("desk", "0.1", group_by=("feed",))))
    assert [alert.group_labels for alert in planned(*topics("Cuba"), root=root).alerts] == [{"feed": ""}]


def test_a_reason_that_was_said_is_not_said_again() -> None:
    said = replace(pending(1), reason="digest at 2024-03-05 18:00")
    assert planned(said, digest=Schedule(times=(time(18),))).waits == ()


# whatever comes


HITS = st.lists(
    st.tuples(
        st.integers(0, 2 * DAY), st.sampled_from(["Cuba", "Taiwan", "Peru"]), st.sampled_from(["high", "low"])
    ),
    max_size=25,
)
RECEIVERS = st.builds(
    Receiver,
    name=st.just("desk"),
    digest=st.none() | st.just(Schedule(times=(time(8),))),
    quiet=st.none() | st.just(QUIET),
    limit=st.none() | st.builds(Limit, messages=st.integers(1, 3)),
)
ROUTES = st.builds(
    route,
    cooldown=st.sampled_from([timedelta(), timedelta(hours=1)]),
    group_by=st.sampled_from([(), ("topic",)]),
)


@given(HITS, RECEIVERS, ROUTES, st.lists(st.integers(0, 2 * DAY), max_size=20))
def test_whatever_holds_it_up_every_hit_is_told_once_and_within_the_limit(
    found: list[tuple[int, str, str]], receiver: Receiver, root: Route, ticks: list[int]
) -> None:
    coming = [pending(n, at, {"topic": topic, "severity": how}) for n, (at, topic, how) in enumerate(found)]
    world = World(Rules(root=root, receivers={"desk": receiver}))
    moments = sorted({*(hit.found_at for hit in coming), *map(later, ticks)})
    while moments:
        now = moments.pop(0)
        world.waiting |= {hit.hit_id: hit for hit in coming if hit.found_at == now}
        next_at = world.tick(now)
        if next_at and (not moments or next_at < moments[0]):
            assert next_at > now, "it asks for the moment that it was asked at"
            moments.insert(0, next_at)
    assert world.waiting == {}
    assert sorted(world.told) == list(range(len(found)))
    if receiver.limit:
        for start in world.sent:
            within = [one for one in world.sent if start <= one < start + receiver.limit.period]
            assert len(within) <= 2 * receiver.limit.messages


class World:
    """What a store would remember."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.waiting: dict[int, PendingHit] = {}
        self.memory = Memory()
        self.told: list[int] = []
        self.sent: list[datetime] = []

    def tick(self, now: datetime) -> datetime | None:
        made = plan(list(self.waiting.values()), rules=self.rules, memory=self.memory, now=now)
        topics: Mapping[tuple[str, str], datetime] = {
            ("desk", topic): now for alert in made.alerts for topic in alert.cooling
        }
        self.memory = replace(
            self.memory,
            told_topics={**self.memory.told_topics, **topics},
            buckets={**self.memory.buckets, **made.buckets},
        )
        for alert in made.alerts:
            self.sent.append(now)
            self.told += alert.hit_ids
        for hit_id, _ in made.settled:
            del self.waiting[hit_id]
        return made.next_at

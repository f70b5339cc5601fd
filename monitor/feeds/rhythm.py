"""A feed's rhythm: how many entries it brings at each hour of the week, learnt from its own history. Pure.

    learnt(rhythm, new, at=now)        one more poll
    wait_for(rhythm, at=now, ...)      how long until an entry may be expected

Counts when entries were found, not what their dates say. What is old is forgotten by halves.
"""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from monitor.records import dataclass

HOURS = 7 * 24
LEARNT = timedelta(weeks=1)
"""As long as a feed is watched before its rhythm is believed."""
REMEMBERED = timedelta(weeks=8)
"""From then on what was counted counts half."""
EXPECTED = 0.5
"""Entries: as many as may be expected to wait for us when we come."""

_VERSION = 1
_HEAD = struct.Struct("<Bq")
_COUNTS = struct.Struct(f"<{HOURS}H")
_COUNT = struct.Struct("<H")
_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Entries found at each hour of the week, from Monday 0:00 UTC on, since a moment.

    They stay packed, as the store has them: a poll looks at one of them or at none.
    """

    since: datetime
    packed: bytes = bytes(_COUNTS.size)

    @classmethod
    def of(cls, counts: Iterable[int], *, since: datetime) -> "Rhythm":
        """The rhythm with these numbers."""
        return cls(since=since, packed=_COUNTS.pack(*counts))

    @property
    def counts(self) -> tuple[int, ...]:
        """As numbers."""
        return _COUNTS.unpack(self.packed)

    def to_bytes(self) -> bytes:
        """As the store keeps it."""
        return _HEAD.pack(_VERSION, (self.since - _EPOCH) // _HOUR) + self.packed

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Rhythm | None":
        """What `to_bytes` made; None for what another version made: it is learnt anew."""
        if len(packed) != _HEAD.size + _COUNTS.size or packed[0] != _VERSION:
            return None
        _, hours = _HEAD.unpack_from(packed)
        return cls(since=_EPOCH + hours * _HOUR, packed=packed[_HEAD.size :])


def learnt(rhythm: Rhythm | None, new: int, *, at: datetime) -> Rhythm:
    """The rhythm with the entries that a poll found."""
    if rhythm is None or rhythm.since > at:
        rhythm = Rhythm(since=at)
    if at - rhythm.since > REMEMBERED:
        since = at - (at - rhythm.since) / 2
        rhythm = Rhythm.of((count // 2 for count in rhythm.counts), since=since)
    if not new:
        return rhythm
    packed, place = bytearray(rhythm.packed), _hour(at) * _COUNT.size
    (count,) = _COUNT.unpack_from(packed, place)
    _COUNT.pack_into(packed, place, min(count + new, _MOST))
    return Rhythm(since=rhythm.since, packed=bytes(packed))


def is_learnt(rhythm: Rhythm | None, *, at: datetime) -> bool:
    """Whether the feed was watched for long enough."""
    return rhythm is not None and at - rhythm.since >= LEARNT


def wait_for(rhythm: Rhythm, *, at: datetime, longest: timedelta) -> timedelta:
    """How long from now on until so much is to be expected that it is worth a poll."""
    weeks, counts = max((at - rhythm.since) / timedelta(weeks=1), 1.0), rhythm.counts
    waited, expected = timedelta(), 0.0
    while waited < longest:
        moment = at + waited
        left = _HOUR - timedelta(
            minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
        )
        rate = _rate(counts, _hour(moment)) / weeks
        coming = rate * (left / _HOUR)
        if expected + coming >= EXPECTED:
            return min(waited + _HOUR * ((EXPECTED - expected) / rate), longest)
        waited, expected = waited + left, expected + coming
    return longest


def _rate(counts: tuple[int, ...], hour: int) -> float:
    """Entries in this hour, all weeks together; its neighbours say something about it too."""
    return (counts[hour - 1] + 2 * counts[hour] + counts[(hour + 1) % HOURS]) / 4


def _hour(at: datetime) -> int:
    moment = at.astimezone(UTC)
    return moment.weekday() * 24 + moment.hour

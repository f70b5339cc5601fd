"""How many messages a receiver gets: a bucket of tokens that fills up again with time. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many messages at once, and then one whenever that part of the period is over."""

    messages: int = 20
    period: timedelta = timedelta(hours=1)

    def full(self, now: datetime) -> "Bucket":
        """The bucket of a receiver that has had no messages yet."""
        return Bucket(tokens=self.messages, at=now)

    def filled(self, bucket: "Bucket", now: datetime) -> "Bucket":
        """The bucket as it is now. A moment in the future is a clock that was set back: it adds nothing."""
        passed = max(now - bucket.at, timedelta())
        tokens = bucket.tokens + self.messages * (passed / self.period)
        return Bucket(tokens=min(tokens, float(self.messages)), at=now)

    def next_at(self, bucket: "Bucket") -> datetime:
        """When there is a whole token again."""
        return bucket.at + max(1 - bucket.tokens, 0) / self.messages * self.period

    def __str__(self) -> str:
        return f"{self.messages} messages in {self.period}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How many messages a receiver could have had at a moment."""

    tokens: float
    at: datetime

    def whole(self) -> int:
        """How many messages it may have now."""
        return int(self.tokens + 0.001)  # a moment is rounded to its microsecond

    def spend(self, messages: int) -> "Bucket":
        """The bucket after so many messages."""
        return replace(self, tokens=max(self.tokens - messages, 0.0))

"""The SQL of pacts: what feeds offer, what is agreed with their hubs, and when these are asked again."""

import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from monitor.feeds.offers import Offer
from monitor.feeds.websub import FAREWELLS, OPEN, Answer, Offering, Pact, retry_after
from monitor.store.moment import to_json, to_micros, to_moment
from monitor.store.table import Tables

_OFFERINGS = """
SELECT id, url, hub, topic FROM feeds
WHERE subscribed AND hub != '' AND baseline_at IS NOT NULL ORDER BY id
"""

_PACTS = "SELECT pacts.*, feeds.url AS feed_url FROM pacts JOIN feeds ON feeds.id = pacts.feed_id"

_ADD = """
INSERT INTO pacts (feed_id, hub, topic, site, token, secret, state, next_at)
VALUES (?, ?, ?, ?, ?, ?, 'due', ?)
"""

_END = (
    "UPDATE pacts SET state = 'leaving', next_at = ?, attempts = 0, asked_at = NULL, reason = '' WHERE id = ?"
)

# One of each hub, the longest due first: a hub that hangs holds up its own feeds alone.
_DUE = """
SELECT pacts.*, feeds.url AS feed_url, min(pacts.next_at) FROM pacts JOIN feeds ON feeds.id = pacts.feed_id
WHERE next_at <= :now AND pacts.hub NOT IN (SELECT value FROM json_each(:busy))
GROUP BY pacts.hub ORDER BY min(pacts.next_at) LIMIT :limit
"""

_ASK = "UPDATE pacts SET asked_at = :now, attempts = :attempts, next_at = :next_at WHERE id = :id"

# Unless the hub has come back to us meanwhile: then its answer counts.
_FAILED = """
UPDATE pacts SET reason = :reason, next_at = :next_at
WHERE id = :id AND asked_at = :asked_at AND attempts = :attempts
"""

_AGREED = """
UPDATE pacts SET state = 'live', attempts = 0, reason = '', until = :until, next_at = :next_at,
    since = CASE WHEN state = 'live' AND until > :now THEN since ELSE :now END
WHERE id = :id
"""

_DENIED = """
UPDATE pacts SET state = 'denied', attempts = 0, reason = :reason, next_at = :next_at, asked_at = NULL
WHERE id = :id
"""

# Who was told must look for itself again, and at once.
_POLL_AGAIN = """
UPDATE feeds SET next_poll_at = min(next_poll_at, :now)
WHERE id = :feed_id AND EXISTS (
    SELECT 1 FROM pacts WHERE id = :id AND state = 'live' AND pushed_at IS NOT NULL
)
"""


class PactStore(Protocol):
    """What the store knows of pacts with hubs."""

    def offerings(self) -> list[Offering]:
        """What the feeds that are followed offer to those who want to be told."""

    def pacts(self) -> list[Pact]:
        """All pacts, those included that are being ended."""

    def pact_at(self, token: str) -> Pact | None:
        """The pact whose callback this is."""

    def add_pacts(
        self, offerings: Iterable[Offering], *, site: str, new_key: Callable[[], str], now: datetime
    ) -> None:
        """Have these hubs asked, at once; `new_key` makes tokens and secrets."""

    def end_pacts(self, pacts: Iterable[Pact], *, farewell: bool, now: datetime) -> None:
        """End these pacts: hubs that were ever asked are told so if there is to be a `farewell`."""

    def claim_pacts(self, *, now: datetime, limit: int, busy: Collection[str] = ()) -> list[Pact]:
        """Take pacts whose hubs are to be asked, one a hub; they are due again later, unless hubs answer.

        Pacts with `busy` hubs stay.
        """

    def save_refusal(self, pact: Pact, *, reason: str, next_at: datetime) -> None:
        """Keep why a hub that was asked does not want to, and when it is asked again."""

    def save_answer(self, pact: Pact, answer: Answer, *, now: datetime) -> None:
        """Keep what a hub and we have agreed upon."""

    def drop_pact(self, pact: Pact) -> None:
        """Forget a pact, and what was pushed for it and not read."""


class PactTable(Tables):
    """What is agreed with hubs."""

    def offerings(self) -> list[Offering]:
        """What the feeds that are followed offer to those who want to be told."""
        return [
            Offering(feed_id=row["id"], url=row["url"], offer=Offer(hub=row["hub"], topic=row["topic"]))
            for row in self._rows(_OFFERINGS)
        ]

    def pacts(self) -> list[Pact]:
        """All pacts, those included that are being ended."""
        return [pact_of(row) for row in self._rows(f"{_PACTS} ORDER BY pacts.id")]

    def pact_at(self, token: str) -> Pact | None:
        """The pact whose callback this is."""
        rows = self._rows(f"{_PACTS} WHERE token = ?", (token,))
        return pact_of(rows[0]) if rows else None

    def add_pacts(
        self, offerings: Iterable[Offering], *, site: str, new_key: Callable[[], str], now: datetime
    ) -> None:
        """Have these hubs asked, at once; `new_key` makes tokens and secrets."""
        at = to_micros(now)
        rows = [
            (one.feed_id, one.offer.hub, one.offer.topic, site, new_key(), new_key(), at) for one in offerings
        ]
        with self.transaction():
            self._conn.executemany(_ADD, rows)

    def end_pacts(self, pacts: Iterable[Pact], *, farewell: bool, now: datetime) -> None:
        """End these pacts: hubs that were ever asked are told so if there is to be a `farewell`."""
        with self.transaction():
            for pact in pacts:
                self._poll_again(pact, now)
                if farewell and (pact.asked_at or pact.since):
                    self._conn.execute("DELETE FROM pushes WHERE pact_id = ?", (pact.pact_id,))
                    self._conn.execute(_END, (to_micros(now), pact.pact_id))
                else:
                    self.drop_pact(pact)

    def claim_pacts(self, *, now: datetime, limit: int, busy: Collection[str] = ()) -> list[Pact]:
        """Take pacts whose hubs are to be asked, one a hub; they are due again later, unless hubs answer.

        Pacts with `busy` hubs stay.
        """
        wanted: dict[str, object] = {"now": to_micros(now), "limit": limit, "busy": to_json(list(busy))}
        due = [pact_of(row) for row in self._rows(_DUE, wanted)]
        if not due:
            return []  # the common case is to cost no write
        with self.transaction():
            asked = [replace(one, asked_at=now, attempts=one.attempts + 1) for one in due]
            for pact in asked:
                values = {
                    "id": pact.pact_id,
                    "now": to_micros(now),
                    "attempts": pact.attempts,
                    "next_at": to_micros(now + max(OPEN, retry_after(pact))),
                }
                self._conn.execute(_ASK, values)
        return asked

    def save_refusal(self, pact: Pact, *, reason: str, next_at: datetime) -> None:
        """Keep why a hub that was asked does not want to, and when it is asked again."""
        if pact.state == "leaving" and pact.attempts >= FAREWELLS:
            self.drop_pact(pact)
            return
        values = {
            "id": pact.pact_id,
            "asked_at": to_micros(pact.asked_at),
            "attempts": pact.attempts,
            "reason": reason,
            "next_at": to_micros(next_at),
        }
        with self.transaction():
            self._conn.execute(_FAILED, values)

    def save_answer(self, pact: Pact, answer: Answer, *, now: datetime) -> None:
        """Keep what a hub and we have agreed upon."""
        is_over = answer.verdict == "left" or (answer.verdict == "denied" and pact.state == "leaving")
        values = {
            "id": pact.pact_id,
            "until": to_micros(answer.until),
            "next_at": to_micros(answer.next_at),
            "reason": answer.reason,
            "now": to_micros(now),
        }
        with self.transaction():
            if is_over:
                self.drop_pact(pact)
            elif answer.verdict == "denied":
                self._poll_again(pact, now)
                self._conn.execute(_DENIED, values)
            elif answer.verdict == "agreed":
                self._conn.execute(_AGREED, values)

    def drop_pact(self, pact: Pact) -> None:
        """Forget a pact, and what was pushed for it and not read."""
        with self.transaction():
            self._conn.execute("DELETE FROM pushes WHERE pact_id = ?", (pact.pact_id,))
            self._conn.execute("DELETE FROM pacts WHERE id = ?", (pact.pact_id,))

    def _poll_again(self, pact: Pact, now: datetime) -> None:
        values = {"now": to_micros(now), "feed_id": pact.feed_id, "id": pact.pact_id}
        self._conn.execute(_POLL_AGAIN, values)


def live_pacts(pacts: Collection[Pact], *, now: datetime) -> dict[int, Pact]:
    """The pacts by whose hubs we are told now, by the feed's id."""
    return {pact.feed_id: pact for pact in pacts if pact.is_live(now)}


def pact_of(row: sqlite3.Row) -> Pact:
    """A pact from a row that has the columns of pacts, and feed_url."""
    return Pact(
        pact_id=row["id"],
        feed_id=row["feed_id"],
        feed_url=row["feed_url"],
        hub=row["hub"],
        topic=row["topic"],
        site=row["site"],
        token=row["token"],
        secret=row["secret"],
        state=row["state"],
        next_at=to_moment(row["next_at"]),
        attempts=row["attempts"],
        reason=row["reason"],
        asked_at=to_moment(row["asked_at"]),
        since=to_moment(row["since"]),
        until=to_moment(row["until"]),
        pushed_at=to_moment(row["pushed_at"]),
        missed_at=to_moment(row["missed_at"]),
        pushes=row["pushes"],
        ignored=row["ignored"],
    )

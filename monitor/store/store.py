"""The store's shape: what a second store would have to do. tests/store/contract.py says it in tests."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor.alerts.alert import Alert
from monitor.alerts.pending import GroupState, PendingHit
from monitor.feeds.entry import Entry
from monitor.store.access import AccessStore
from monitor.store.acts import ActStore
from monitor.store.coverage import CoverageStore
from monitor.store.desk import DeskStore
from monitor.store.gaps import Gaps
from monitor.store.index import KeepsIndex
from monitor.store.intake import IntakeStore
from monitor.store.judgements import Judgement, Verdict
from monitor.store.missed import Missed
from monitor.store.notices import NoticeStore
from monitor.store.outbox import Outbox
from monitor.store.pacts import PactStore
from monitor.store.pages import PageStore
from monitor.store.policy import Policies
from monitor.store.pushes import PushStore
from monitor.store.records import (
    Counts,
    DaemonRow,
    Delivery,
    DeliveryState,
    Hit,
    HitState,
    NewDelivery,
    StoredEntry,
)
from monitor.store.remarks import RemarkStore
from monitor.store.standings import KnowsStandings
from monitor.store.stories import Stories
from monitor.store.story_memory import KeepsMemory
from monitor.store.unplaced import KeepsUnplaced
from monitor.store.versions import NewVersion, Version


class Store(
    IntakeStore,
    NoticeStore,
    Gaps,
    Outbox,
    PageStore,
    CoverageStore,
    Stories,
    KnowsStandings,
    Policies,
    Missed,
    AccessStore,
    DeskStore,
    RemarkStore,
    KeepsMemory,
    KeepsUnplaced,
    KeepsIndex,
    ActStore,
    PactStore,
    PushStore,
    Protocol,
):
    """Everything that outlives the process.

    What polls ask of it is PollStore's where they find nothing new, and IntakeStore's where they do.
    """

    # entries

    def fill_entry(self, entry_id: int, entry: Entry, *, index_text: tuple[str, str]) -> None:
        """Keep an entry's full text, author, language and date: the same entry, of which more is known."""

    def entry(self, entry_id: int) -> StoredEntry | None:
        """One entry."""

    def find_entries(self, text: str, *, limit: int = 20) -> list[StoredEntry]:
        """Entries whose link or guid is `text`, else those whose title contains it, the newest first."""

    # hits

    def hits(
        self,
        *,
        topic: str = "",
        entry_id: int | None = None,
        since: datetime | None = None,
        starred: bool = False,
        limit: int = 100,
        ids: Collection[int] = (),
    ) -> list[Hit]:
        """Hits, the newest first: of a topic, of an entry, since a moment, with a star, or by their ids."""

    def hit_counts(self, *, since: datetime) -> dict[str, int]:
        """How many hits each topic had since a moment; a topic that had none is not in it."""

    def waiting_hits(self) -> list[PendingHit]:
        """All hits in state pending, the oldest first."""

    def settle(self, hit_ids: Collection[int], *, state: HitState, reason: str) -> None:
        """These hits wait no more."""

    def say_waits(self, reasons: Collection[tuple[int, str]]) -> None:
        """What these hits wait for, that wait: (hit id, reason)."""

    # judgements

    def judge(
        self, hit_ids: Collection[int], *, verdict: Verdict, who: str = "", note: str = "", now: datetime
    ) -> list[int]:
        """Keep what somebody thinks of these hits; returns those that there are not.

        If one is missing nothing is kept. A change of mind replaces what was said before.
        """

    def judgements(self, *, topic: str = "") -> list[Judgement]:
        """The judgements that count, of one topic or of all, in the order in which the hits were found."""

    # versions of watchlists

    def add_versions(
        self, versions: Iterable[NewVersion], *, now: datetime, then: Callable[[], object] | None = None
    ) -> list[int | None]:
        """Keep what watchlists say from now on; returns the versions' numbers.

        What a watchlist's latest version says already makes no new one: None in place of a number. `then`
        is called before the commit; if it fails nothing is kept. Raises StoreError.
        """

    def latest_version(self, watchlist: str) -> Version | None:
        """A watchlist's newest version."""

    def version(self, watchlist: str, number: int) -> Version | None:
        """One version of a watchlist."""

    def versions(self, *, watchlist: str = "", limit: int = 100) -> list[Version]:
        """The versions of one watchlist or of all, the newest first."""

    def standing_watchlists(self) -> list[str]:
        """The watchlists that were there when last somebody looked, by name."""

    # looking back

    def candidates(self, expression: str | None, *, since: datetime | None = None) -> list[int]:
        """Ids of the entries seen since a moment that the full-text index finds, the newest first.

        `expression` is one of FTS5 (see topics/narrowing.py); None finds every entry. Entries that are not
        indexed yet may all be what is looked for.
        """

    def entries_of(self, entry_ids: Iterable[int]) -> Iterator[StoredEntry]:
        """These entries, in this order, a few at a time; those that are forgotten meanwhile are left out."""

    def count_entries(self, expression: str | None = None) -> int:
        """How many entries the full-text index finds, or how many there are."""

    def word_counts(self, words: Collection[str]) -> dict[str, int]:
        """In how many entries each of these folded words stands; a word that stands in none is left out."""

    def words_beginning(self, start: str, *, limit: int = 2000) -> dict[str, int]:
        """The folded words that begin so, and in how many entries each stands."""

    # alerts and deliveries

    def group_states(self, *, since: datetime | None = None) -> dict[str, GroupState]:
        """When each group was last told, of those told since a moment or of all."""

    def add_alert(
        self,
        alert: Alert,
        deliveries: Sequence[NewDelivery],
        *,
        hit_ids: Collection[int],
        now: datetime,
        groups: Mapping[str, Collection[int]] | None = None,
    ) -> None:
        """Store an alert that tells these hits, with a delivery a target, due at once; its group is told.

        `groups` are those that are told, each with those of its hits that wait for other groups, where that
        is not the alert's own alone with all of them.
        """

    def alert(self, alert_id: str) -> Alert | None:
        """One alert."""

    def claim_deliveries(
        self,
        *,
        now: datetime,
        limit: int,
        lease: timedelta,
        resting: Collection[str] = (),
        sound_only: bool = False,
    ) -> list[Delivery]:
        """Take due deliveries, the oldest first, never two to one target at a time.

        None to targets that are `resting`; with `sound_only` none to those where an attempt has failed and
        nothing has arrived since.
        """

    def save_attempt(
        self,
        delivery_id: int,
        *,
        state: DeliveryState,
        now: datetime,
        next_at: datetime | None = None,
        error: str = "",
        uncertain: bool = False,
        plain: bool = False,
    ) -> None:
        """Keep an attempt's outcome and end its lease; a delivery that stays due needs `next_at`.

        After an `uncertain` attempt nobody knows whether the message arrived; with `plain` the next says it
        short and plain.
        """

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        receiver: str = "",
        alert_ids: Collection[str] = (),
        limit: int = 100,
    ) -> list[Delivery]:
        """Deliveries, the newest first; in a state, to a receiver, or of alerts."""

    def forget(self, *, before: datetime, left_before: datetime, limit: int = 500) -> int:
        """Forget up to `limit` each of the alerts, hits and entries from before a moment; returns how many.

        What still waits to be told or delivered stays, and so does what has a star or a note; entries that
        were in their feed's document at `left_before` or later, too: they must not come back as new.
        """

    # the daemon

    def say_daemon(self, row: DaemonRow) -> None:
        """Keep what the daemon says of itself."""

    def daemon(self) -> DaemonRow | None:
        """What the running (or last) daemon said of itself."""

    def counts(self) -> Counts:
        """How much there is."""

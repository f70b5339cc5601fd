"""The store over SQLite, with all its tables. The tables' SQL is in the files beside this one."""

from monitor.store.access import AccessTables
from monitor.store.acts import ActTables
from monitor.store.alerts import AlertTables
from monitor.store.coverage import CoverageTables
from monitor.store.daemon import DaemonTable
from monitor.store.desk import DeskTables
from monitor.store.gaps import GapTable
from monitor.store.intake import SQLiteIntake
from monitor.store.judgements import JudgementTable
from monitor.store.missed import MissedTables
from monitor.store.notices import NoticeTables
from monitor.store.outbox import OutboxTables
from monitor.store.pacts import PactTable
from monitor.store.pages import PageTable
from monitor.store.policy import PolicyTables
from monitor.store.pushes import PushTables
from monitor.store.remarks import RemarkTable
from monitor.store.retention import Retention
from monitor.store.search import SearchTables
from monitor.store.standings import StandingTables
from monitor.store.stories import StoryTables
from monitor.store.story_memory import MemoryTable
from monitor.store.versions import VersionTable


class SQLiteStore(
    SQLiteIntake,
    MissedTables,
    AlertTables,
    OutboxTables,
    CoverageTables,
    PolicyTables,
    DaemonTable,
    Retention,
    SearchTables,
    JudgementTable,
    VersionTable,
    NoticeTables,
    GapTable,
    PageTable,
    StoryTables,
    StandingTables,
    AccessTables,
    DeskTables,
    MemoryTable,
    RemarkTable,
    ActTables,
    PactTable,
    PushTables,
):
    """The store over one SQLite connection; use it only in the thread that opened it."""

    def whole(self) -> "SQLiteStore":
        """Itself."""
        return self

"""The SQL of the daemon's one row, and of counting what there is."""

from monitor.store.moment import to_micros, to_moment
from monitor.store.records import Counts, DaemonRow
from monitor.store.table import Tables

_SAY = """
INSERT OR REPLACE INTO daemon (id, pid, version, started_at, beat_at, stopped_at,
                               config_loaded_at, config_error, config_error_since, offline_since)
VALUES (1, :pid, :version, :started_at, :beat_at, :stopped_at,
        :config_loaded_at, :config_error, :config_error_since, :offline_since)
"""


class DaemonTable(Tables):
    """What the daemon says of itself."""

    def say_daemon(self, row: DaemonRow) -> None:
        """Keep what the daemon says of itself."""
        values = {
            "pid": row.pid,
            "version": row.version,
            "started_at": to_micros(row.started_at),
            "beat_at": to_micros(row.beat_at),
            "stopped_at": to_micros(row.stopped_at),
            "config_loaded_at": to_micros(row.config_loaded_at),
            "config_error": row.config_error,
            "config_error_since": to_micros(row.config_error_since),
            "offline_since": to_micros(row.offline_since),
        }
        with self.transaction():
            self._conn.execute(_SAY, values)

    def daemon(self) -> DaemonRow | None:
        """What the running (or last) daemon said of itself."""
        for row in self._rows("SELECT * FROM daemon"):
            return DaemonRow(
                pid=row["pid"],
                version=row["version"],
                started_at=to_moment(row["started_at"]),
                beat_at=to_moment(row["beat_at"]),
                stopped_at=to_moment(row["stopped_at"]),
                config_loaded_at=to_moment(row["config_loaded_at"]),
                config_error=row["config_error"],
                config_error_since=to_moment(row["config_error_since"]),
                offline_since=to_moment(row["offline_since"]),
            )
        return None

    def counts(self) -> Counts:
        """How much there is."""
        hits = self._conn.execute("SELECT state, count(*) FROM hits GROUP BY state").fetchall()
        deliveries = self._conn.execute("SELECT fate, count(*) FROM deliveries GROUP BY fate").fetchall()
        return Counts(
            entries=self._conn.execute("SELECT count(*) FROM entries").fetchone()[0],
            hits=dict(hits),
            alerts=self._conn.execute("SELECT count(*) FROM alerts").fetchone()[0],
            deliveries=dict(deliveries),
        )

"""Runs the daemon and kills it by SIGKILL at a commit: `python tests/crashing.py DIR COMMIT before|after`.

The fault point is the store's own commit; everything else is the real daemon. How many sends were in flight
is written to DIR/crash: these, and no others, may be made again.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from monitor.courier import Courier
from monitor.daemon import run_monitor
from monitor.reports import Report
from monitor.store.polls import SQLitePolls

OUTCOME = "_save"
"""The courier's commit of what became of a send: before it, nobody knows."""


class FaultPoint:
    """Counts commits that change something and kills the process at the chosen one."""

    def __init__(self, directory: Path, commit: int, when: str) -> None:
        self.directory = directory
        self.left = commit
        self.when = when
        self.changes = 0
        self.in_flight = 0

    def arm(self) -> None:
        """Put the fault point into the store, and count the courier's sends."""
        self._count_sends()
        commit = SQLitePolls._commit

        def faulty(store: SQLitePolls) -> None:
            what = caller()
            # Beats and leases come as they like; the fault points are the commits of the work.
            counts = what in {"ingest_joined", "take_quiet", "dispatch", "claim_deliveries", OUTCOME}
            counts = counts and store._conn.total_changes > self.changes
            self.left -= counts
            self.changes = store._conn.total_changes
            if counts and self.left == 0 and self.when == "before":
                self.die(self.in_flight)
            commit(store)
            if counts and self.left == 0:
                self.die(self.in_flight - (what == OUTCOME))

        setattr(SQLitePolls, "_commit", faulty)  # noqa: B010 - mypy sees a method being replaced otherwise

    def _count_sends(self) -> None:
        """One is in flight from when it is begun until what became of it is committed."""
        attempt = Courier._attempt

        async def counted(courier: Courier, *about: Any) -> None:
            self.in_flight += 1
            try:
                await attempt(courier, *about)
            finally:
                self.in_flight -= 1

        setattr(Courier, "_attempt", counted)  # noqa: B010 - as above

    def die(self, in_flight: int) -> None:
        """End as a power cut would."""
        (self.directory / "crash").write_text(str(in_flight))
        os.kill(os.getpid(), signal.SIGKILL)


def caller() -> str:
    """The function whose transaction this is."""
    frame = sys._getframe(2)
    while frame.f_code.co_name in {"_own_transaction", "__exit__", "faulty"} and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_name


async def main() -> None:
    """Run until killed, or told to stop by SIGTERM."""
    directory, commit, when = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    FaultPoint(directory, commit, when).arm()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)

    def report(one: Report) -> None:
        print(type(one).__name__, file=sys.stderr)

    await run_monitor(directory, None, on_report=report, stop=stop)


if __name__ == "__main__":
    asyncio.run(main())

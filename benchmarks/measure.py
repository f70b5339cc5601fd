"""What a command costs with all its children: on the clock, of the processor, in memory at its peak."""

import os
import select
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

LOOK_SECONDS = 0.05
_TICK = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """What a run cost; memory counts what processes share once."""

    wall: float
    cpu: float
    peak_mb: float


def run(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, timeout: float = 1800
) -> Cost:
    """Run a command to its end; raises RuntimeError, with what it said, where it fails."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        tree = Tree(process.pid)
        end = os.pidfd_open(process.pid)
        while not select.select([end], [], [], LOOK_SECONDS)[0]:  # it is known at once when it ends
            tree.look()
            if time.perf_counter() - began > timeout:
                process.kill()
        wall = time.perf_counter() - began
        os.close(end)
        said.seek(0)
        if process.wait():
            raise RuntimeError(f"{command[0]} failed: {said.read().decode(errors='replace')[-2000:]}")
        return Cost(wall, tree.cpu, tree.peak_mb)


class Tree:
    """A process and its descendants, looked at from outside again and again."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._seconds: dict[int, float] = {}
        self.peak_mb = 0.0

    @property
    def cpu(self) -> float:
        """Seconds of the processor, of all that were ever seen."""
        return sum(self._seconds.values())

    def look(self) -> float:
        """Megabytes that the processes hold now."""
        pids = descendants(self._pid)
        for pid in pids:
            self._seconds[pid] = max(self._seconds.get(pid, 0.0), cpu_of(pid))
        now = sum(map(memory_of, pids))
        self.peak_mb = max(self.peak_mb, now)
        return now


def descendants(root: int) -> set[int]:
    """The process and all its children, and theirs."""
    found, waiting = set[int](), [root]
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def cpu_of(pid: int) -> float:
    """Seconds that a process used itself."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def memory_of(pid: int) -> float:
    """Megabytes of a process: its own, and its part of what it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)

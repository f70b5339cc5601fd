"""How much slower than alone this machine runs at the moment: limits in seconds mean those of an idle one."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_METER = """
import select, sys, time
worst, samples = 1.0, []
while not select.select([sys.stdin], [], [], 0.016)[0]:
    wall, cpu = time.perf_counter(), time.process_time()
    while time.process_time() - cpu < 0.004:
        pass
    samples.append((time.perf_counter() - wall) / 0.004)
    if len(samples) == 20:
        worst, samples = max(worst, sum(samples) / 20), []
print(max([worst, *([sum(samples) / len(samples)] if samples else [])]))
"""


@dataclass(slots=True)
class Slowdown:
    """How many times longer work took, in the worst half second; known when the block has ended."""

    times: float = 1.0


@contextmanager
def slowdown() -> Iterator[Slowdown]:
    """Measures while the block runs, in a process of its own that works a fifth of the time."""
    found = Slowdown()
    meter = subprocess.Popen(
        [sys.executable, "-S", "-c", _METER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield found
    finally:
        said, _ = meter.communicate("")
    found.times = float(said)

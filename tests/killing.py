"""Runs the daemon and kills it at random moments, over and over: `python tests/killing.py DIR KILLS SEED`.

Each daemon is forked from this process, which has loaded everything already: it works at once, so that a
moment within the first second and a half falls into every part of its work.
"""

import asyncio
import os
import random
import signal
import sys
import time
from pathlib import Path

from monitor.daemon import run_monitor

LONGEST_LIFE = 1.5


def main() -> None:
    """Start, kill, start again."""
    directory, kills, chance = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    for _ in range(kills):
        pid = os.fork()
        if pid == 0:
            asyncio.run(run_monitor(directory, None, on_report=lambda _: None, stop=asyncio.Event()))
        time.sleep(chance.uniform(0.05, LONGEST_LIFE))  # a daemon that is killed tells nobody when
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()

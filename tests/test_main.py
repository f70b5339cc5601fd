"""How the program's process ends."""

import os
import subprocess
import sys

PROGRAM = """
import atexit, sys, threading
atexit.register(print, "put away")
atexit.register(print, "half a line", end="", file=sys.stderr)
if "waits" in sys.argv:
    threading.Timer(0.05, print, ["worked"]).start()
sys.argv[1:] = ["--version"] if "--version" in sys.argv else ["no-such-command"]
from monitor.__main__ import main
main()
"""


def _ended(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(command, env=buffered, capture_output=True, text=True, check=False, timeout=30)


def test_what_was_printed_arrives_and_what_is_to_be_put_away_is() -> None:
    ended = _ended("--version")
    assert ended.returncode == 0
    assert ended.stdout.startswith("monitor ")
    assert ended.stdout.endswith("put away\n")
    assert ended.stderr == "half a line"


def test_the_exit_code_says_how_it_went() -> None:
    assert _ended().returncode == 2


def test_a_thread_that_still_works_is_waited_for() -> None:
    assert "worked" in _ended("--version", "waits").stdout

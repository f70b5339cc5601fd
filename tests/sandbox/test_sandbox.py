"""Work in children that can be killed."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from monitor.errors import RetrieveError, SandboxCrashError, SandboxTimeoutError
from monitor.sandbox import Sandbox
from tests.sandbox import work

LONG = 30.0
"""Seconds: reached by nothing that goes well, however busy the machine is."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    with Sandbox(2, preload=("tests.sandbox.work",), memory_bytes=200_000_000) as sandbox:
        yield sandbox


def processes() -> set[int]:
    """Our descendants, by /proc: children of the nursery too."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def eventually(condition: Callable[[], bool]) -> bool:
    """Whether the world becomes so."""
    until = time.monotonic() + LONG
    while not condition() and time.monotonic() < until:
        await asyncio.sleep(0.01)
    return condition()


# --- what comes back ---


async def test_a_result_comes_back(sandbox: Sandbox) -> None:
    assert await sandbox.run(work.echo, "x", times=2, timeout=LONG) == ("x", "x")
    assert await sandbox.run(work.pack, "y", timeout=LONG) == work.Parcel(names=("y",))


async def test_large_arguments_and_results_pass(sandbox: Sandbox) -> None:
    large = os.urandom(10 * 1024 * 1024)
    assert await sandbox.run(work.echo, large, timeout=LONG) == (large,)


async def test_an_exception_is_raised_as_it_is(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="wrong") as caught:
        await sandbox.run(work.raise_value_error, "wrong", timeout=LONG)
    assert "raise_value_error" in caught.value.__notes__[0]


async def test_an_exception_keeps_its_fields(sandbox: Sandbox) -> None:
    with pytest.raises(RetrieveError) as caught:
        await sandbox.run(work.raise_with_fields, timeout=LONG)
    assert (caught.value.status, caught.value.retryable) == (410, False)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (work.raise_odd, "OddError"),
        (work.unpicklable, "lambda"),
        (work.leave, "SystemExit: leaving"),
        (work.abort, "its process was ended by SIGABRT"),
    ],
)
async def test_what_can_not_come_back_is_a_crash_with_words(
    sandbox: Sandbox, function: Callable[[], object], words: str
) -> None:
    with pytest.raises(SandboxCrashError, match=words):
        await sandbox.run(function, timeout=LONG)
    assert await sandbox.run(work.echo, 1, timeout=LONG) == (1,)


async def test_a_child_that_ends_says_its_code(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxCrashError, match="ended with code 3"):
        await sandbox.run(work.end, 3, timeout=LONG)


async def test_children_do_not_print_into_our_output(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    await sandbox.run(work.print_something, timeout=LONG)
    assert capfd.readouterr().out == ""


# --- limits ---


@pytest.mark.parametrize("function", [work.spin, work.stuck_in_c])
async def test_what_does_not_end_is_killed_in_time(sandbox: Sandbox, function: Callable[[], None]) -> None:
    victim = await sandbox.run(work.pid, timeout=LONG)
    began = time.monotonic()
    with pytest.raises(SandboxTimeoutError, match=r"not done within 0\.1 s"):
        await sandbox.run(function, timeout=0.1)
    assert time.monotonic() - began < LONG / 6
    assert await eventually(lambda: not alive(victim))


async def test_a_timeout_hurts_nobody_else(sandbox: Sandbox) -> None:
    good = asyncio.create_task(sandbox.run(work.sleep, 0.3, timeout=LONG))
    with pytest.raises(SandboxTimeoutError):
        await sandbox.run(work.spin, timeout=0.1)
    await good


async def test_too_much_memory_is_a_crash_and_hurts_nobody_else(sandbox: Sandbox) -> None:
    good = asyncio.create_task(sandbox.run(work.sleep, 0.3, timeout=LONG))
    with pytest.raises(SandboxCrashError, match="out of memory"):
        await sandbox.run(work.eat, 400_000_000, timeout=LONG)
    await good
    assert await sandbox.run(work.eat, 1000, timeout=LONG) == 1000


async def test_a_child_that_grew_large_is_replaced(sandbox: Sandbox) -> None:
    before = await sandbox.run(work.pid, timeout=LONG)
    await sandbox.run(work.eat, 120_000_000, timeout=LONG)
    assert await sandbox.run(work.pid, timeout=LONG) != before
    assert await eventually(lambda: not alive(before))


async def test_a_call_given_up_is_killed(sandbox: Sandbox, tmp_path: Path) -> None:
    victim, sign = await sandbox.run(work.pid, timeout=LONG), tmp_path / "begun"
    call = asyncio.create_task(sandbox.run(work.begin, str(sign), timeout=LONG))
    assert await eventually(sign.exists)
    call.cancel()
    assert await eventually(lambda: not alive(victim))
    assert await sandbox.run(work.echo, 1, timeout=LONG) == (1,)


async def test_no_more_children_than_allowed(sandbox: Sandbox) -> None:
    calls = [sandbox.run(work.pid, timeout=LONG) for _ in range(20)]
    assert len(set(await asyncio.gather(*calls))) <= 2


# --- the life of the children ---


async def test_nothing_starts_before_the_first_call() -> None:
    before = processes()
    with Sandbox(2) as sandbox:
        assert not processes() - before
        await sandbox.run(work.pid, timeout=LONG)
        assert processes() - before


async def test_children_stay_warm(sandbox: Sandbox) -> None:
    pids = [await sandbox.run(work.pid, timeout=LONG) for _ in range(5)]
    assert len(set(pids)) == 1


async def test_children_find_their_modules_loaded_and_ours_not(sandbox: Sandbox) -> None:
    loaded = await sandbox.run(work.modules, timeout=LONG)
    assert "tests.sandbox.work" in loaded
    assert "pytest" not in loaded


async def test_our_main_module_is_not_run_again(sandbox: Sandbox) -> None:
    assert await sandbox.run(work.main_module, timeout=LONG) == ""


async def test_children_leave_signals_to_the_monitor(sandbox: Sandbox) -> None:
    assert await sandbox.run(work.handlers, timeout=LONG) == [True, True]
    assert os.getsid(await sandbox.run(work.pid, timeout=LONG)) != os.getsid(0)


async def test_a_child_killed_while_it_waited_is_replaced(sandbox: Sandbox) -> None:
    victim = await sandbox.run(work.pid, timeout=LONG)
    os.kill(victim, 9)
    assert await eventually(lambda: not alive(victim))
    assert await sandbox.run(work.pid, timeout=LONG) != victim


async def test_a_nursery_that_was_killed_is_replaced(sandbox: Sandbox) -> None:
    before = processes()
    victim = await sandbox.run(work.pid, timeout=LONG)
    nursery = int(Path(f"/proc/{victim}/stat").read_text().rpartition(")")[2].split()[1])
    assert nursery in processes() - before
    os.kill(nursery, 9)
    assert await eventually(lambda: not alive(victim))
    assert await sandbox.run(work.echo, 1, timeout=LONG) == (1,)


async def test_after_its_nursery_nobody_is_killed_by_a_childs_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be somebody else's by then."""
    sandbox = Sandbox(1)
    victim = await sandbox.run(work.pid, timeout=LONG)
    nursery = int(Path(f"/proc/{victim}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(nursery, 9)
    assert await eventually(lambda: not alive(victim) and not alive(nursery))
    killed: list[int] = []
    monkeypatch.setattr("monitor.sandbox.nursery.os.kill", lambda pid, _: killed.append(pid))
    sandbox.close()
    assert not killed


async def test_children_that_have_nothing_to_do_are_let_go() -> None:
    before = processes()
    with Sandbox(2, idle_seconds=0.05) as sandbox:
        await sandbox.run(work.pid, timeout=LONG)
        assert await eventually(lambda: not processes() - before)
        assert await sandbox.run(work.echo, 1, timeout=LONG) == (1,)


async def test_what_was_prepared_and_has_nothing_to_do_is_let_go() -> None:
    before = processes()
    with Sandbox(2, idle_seconds=0.05) as sandbox:
        sandbox.prepare()
        assert await eventually(lambda: bool(processes() - before))
        assert await eventually(lambda: not processes() - before)
        assert await sandbox.run(work.echo, 1, timeout=LONG) == (1,)


async def test_who_is_called_while_a_first_child_is_started_is_not_let_go() -> None:
    with Sandbox(2, idle_seconds=0) as sandbox:
        sandbox.prepare()
        assert await sandbox.run(work.echo, 1, timeout=LONG) == (1,)


async def test_children_that_are_to_stay_warm_stay() -> None:
    before = processes()
    with Sandbox(3, idle_seconds=0.05, keep_warm=1) as sandbox:
        await asyncio.gather(*(sandbox.run(work.sleep, 0.1, timeout=LONG) for _ in range(3)))
        nursery_and_one_child = 2
        assert await eventually(lambda: len(processes() - before) == nursery_and_one_child)
        warm = processes() - before
        assert await sandbox.run(work.pid, timeout=LONG) in warm


async def test_close_kills_what_runs_at_once(tmp_path: Path) -> None:
    before, signs = processes(), [tmp_path / "one", tmp_path / "other"]
    sandbox = Sandbox(2)
    victim = await sandbox.run(work.pid, timeout=LONG)
    calls = [asyncio.create_task(sandbox.run(work.begin, str(sign), timeout=LONG)) for sign in signs]
    assert await eventually(lambda: all(sign.exists() for sign in signs))
    began = time.monotonic()
    sandbox.close()
    ended = await asyncio.gather(*calls, return_exceptions=True)
    assert time.monotonic() - began < LONG / 6
    assert {type(error) for error in ended} == {SandboxCrashError}
    assert await eventually(lambda: not processes() - before)
    assert not alive(victim)


async def test_after_close_nothing_runs() -> None:
    sandbox = Sandbox(1)
    sandbox.close()
    with pytest.raises(SandboxCrashError, match="closed"):
        await sandbox.run(work.pid, timeout=LONG)


async def test_a_killed_monitor_leaves_no_children(tmp_path: Path) -> None:
    """Killed with SIGKILL while both children are busy."""
    before = processes()
    command = [sys.executable, "-m", "tests.sandbox.work", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as monitor:
        assert monitor.stdout is not None
        child = int(monitor.stdout.readline())
        assert monitor.stdout.readline() == b"ready\n"
        family = processes()
        assert child in family
        assert len(family - before) == 4, "the monitor, its nursery and two children"
        monitor.kill()
        assert await eventually(lambda: not any(alive(pid) for pid in family - before))


async def test_slow_calls_hold_up_only_each_other(tmp_path: Path) -> None:
    """And are answered all the same."""
    sign = tmp_path / "go on"
    with Sandbox(1) as sandbox:
        slow = [
            asyncio.create_task(sandbox.run(work.wait_for, str(sign), timeout=LONG, quick=0.05))
            for _ in range(2)
        ]
        await asyncio.sleep(0)
        assert await sandbox.run(work.echo, 1, timeout=LONG) == (1,)
        sign.touch()
        assert await asyncio.gather(*slow) == [str(sign), str(sign)]


async def test_a_slow_call_has_its_limit_too() -> None:
    with Sandbox(1) as sandbox, pytest.raises(SandboxTimeoutError, match=r"0\.3 s"):
        await sandbox.run(work.spin, timeout=0.3, quick=0.05)


async def test_children_stand_back_as_far_as_they_are_told_to() -> None:
    with Sandbox(1, preload=("tests.sandbox.work",), niceness=5) as sandbox:
        assert await sandbox.run(work.niceness, timeout=LONG) == os.nice(0) + 5


async def test_a_call_finds_loaded_what_was_prepared_before_it(sandbox: Sandbox) -> None:
    sandbox.prepare()
    nursery = processes()
    child = await sandbox.run(work.pid, timeout=LONG)
    assert processes() - nursery == {child}

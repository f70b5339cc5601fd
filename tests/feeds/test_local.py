"""Files and commands as feeds: only where it is allowed, within limits, killed with their children."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from monitor.egress import Egress
from monitor.errors import RetrieveError
from monitor.feeds.local import local_fault
from monitor.feeds.retrieve import Retrieved, retrieve
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from tests.loopback import rss


async def get(
    url: str, *, state: str = "", timeout: float = 5, max_bytes: int = 1000, local: bool = True
) -> Retrieved:
    subscription = Subscription(url=url, local=local)
    known = FeedState(feed_id=1, url=url, last_modified=state)
    async with Egress(timeout=timeout, max_bytes=max_bytes) as egress:
        return await retrieve(egress, subscription, known)


async def refusal(url: str, **options: float) -> str:
    with pytest.raises(RetrieveError) as caught:
        await get(url, **options)  # type: ignore[arg-type]
    return str(caught.value)


def python(code: str) -> str:
    """A command that runs this."""
    return f"exec:{sys.executable} -c {code!r}"


# --- files ---


async def test_a_file_is_read_and_not_again_until_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "a feed.xml"
    path.write_bytes(rss("One"))
    url = path.as_uri()
    first = await get(url)
    assert (first.status, first.body) == (200, rss("One"))
    again = await get(url, state=first.last_modified)
    assert (again.not_modified, again.body) == (True, None)
    path.write_bytes(rss("One", "Two"))
    assert (await get(url, state=first.last_modified)).body == rss("One", "Two")


async def test_a_file_that_can_not_be_read_has_its_words(tmp_path: Path) -> None:
    assert (
        await refusal(f"file://{tmp_path}/nowhere") == "the file can not be read: no such file or directory"
    )
    assert "no file that can be read as a feed" in await refusal(f"file://{tmp_path}")
    (tmp_path / "big").write_bytes(bytes(1001))
    assert await refusal(f"file://{tmp_path}/big") == "the file has more than 1,000 bytes"


async def test_a_pipe_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "no file that can be read as a feed" in await refusal(f"file://{tmp_path}/pipe")


# --- commands ---


async def test_what_a_command_prints_is_the_document() -> None:
    assert (await get("exec:printf '<rss/> %s' 'a  b'")).body == b"<rss/> a  b"


async def test_there_is_no_shell() -> None:
    assert (await get("exec:echo $HOME; ls | cat")).body == b"$HOME; ls | cat\n"


async def test_a_command_is_told_nothing_that_may_be_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_TOKEN", "hunter2")
    body = (await get("exec:env")).body or b""
    assert b"hunter2" not in body
    assert b"PATH=" in body


async def test_a_command_that_fails_says_its_code_and_its_last_words() -> None:
    code = "import sys; sys.stderr.write('x' * 5000 + ' no \\x1b[31m login'); sys.exit(3)"
    said = await refusal(python(code))
    assert said.startswith("the command ended with exit code 3: x")
    assert said.endswith("x no [31m login")
    assert len(said) < 400


async def test_a_command_that_is_killed_says_by_what() -> None:
    assert await refusal(python("import os; os.kill(os.getpid(), 11)")) == "the command was killed by SIGSEGV"


async def test_a_command_that_is_not_there_has_its_words() -> None:
    assert await refusal("exec:nowhere-to-be-found") == (
        "the command can not be started: no such file or directory"
    )


async def test_many_commands_that_print_without_end_are_all_stopped() -> None:
    """A pipe that is full when its command is killed must not be waited for."""
    async with asyncio.timeout(20):
        errors = await asyncio.gather(*(refusal("exec:yes") for _ in range(30)))
    assert set(errors) == {"the command printed more than 1,000 bytes"}


async def test_a_command_that_prints_without_end_is_stopped() -> None:
    assert await refusal("exec:yes") == "the command printed more than 1,000 bytes"


async def test_a_command_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "child"
    command, seconds = f"exec:sh -c 'sleep 600 & echo $! > {note}; wait'", 0.1
    while not (note.exists() and note.read_text()):  # on a busy machine it has no child yet
        seconds *= 2
        assert await refusal(command, timeout=seconds) == f"the command did not end within {seconds:g} s"
    assert await is_gone(int(note.read_text()))


async def test_what_a_command_leaves_running_does_not_hold_the_poll_up(tmp_path: Path) -> None:
    code = "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"
    body = (await get(python(code))).body or b""
    assert await is_gone(int(body))


async def is_gone(pid: int) -> bool:
    """Whether a process ends; one that nobody has waited for counts as ended."""
    for _ in range(2000):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        await asyncio.sleep(0.01)
    return False


async def test_a_poll_that_is_given_up_ends_the_command(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    task = asyncio.create_task(get(python(code)))
    while not (note.exists() and note.read_text()):
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await is_gone(int(note.read_text()))


# --- where it is allowed ---


@pytest.mark.parametrize("url", ["file:///etc/hostname", "exec:true", "EXEC:true"])
async def test_a_subscription_that_may_not_does_not(url: str) -> None:
    with pytest.raises(RetrieveError, match="feeds are read only where"):
        await get(url, local=False)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:feed.xml", "file:///path/to/feed.xml"),
        ("file://host/feed.xml", "file:///path/to/feed.xml"),
        ("file:///a%00b", "file:///path/to/feed.xml"),
        ("exec:", "exec:program argument"),
        ("exec:  ", "exec:program argument"),
        ("exec:a 'b", "this command can not be read: no closing quotation"),
        ("file:///a%20b", ""),
        ("exec:a 'b c'", ""),
    ],
)
def test_what_can_be_no_file_and_no_command_is_said(url: str, said: str) -> None:
    assert said in local_fault(url)
    assert bool(said) == bool(local_fault(url))

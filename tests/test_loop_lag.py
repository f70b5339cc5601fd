"""No document holds up the event loop, however hostile: what takes long happens in children and threads.

Measured in the processor's time that the loop's thread spends at a stretch: busy neighbours do not count.
"""

import asyncio
import gzip
import time
from pathlib import Path

import pytest

from monitor.egress import MAX_BYTES
from tests.loopback import loopback, rss
from tests.test_poller import Home

MOST_SECONDS = 0.1
MIB = 1024 * 1024


def repeated(piece: bytes, size: int = 9 * MIB) -> bytes:
    return piece * (size // len(piece))


def items(count: int, text: bytes = b"x") -> bytes:
    one = b"<item><guid>%d</guid><title>Title %d</title><description>" + text + b"</description></item>"
    return (
        b"<rss><channel>" + b"".join(one % (number, number) for number in range(count)) + b"</channel></rss>"
    )


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
HOSTILE = {
    "many-items": items(50_000),
    "large-items": items(900, b"x" * 2_000),
    "long-title": b"<rss><channel><item><title>" + repeated(b"x") + b"</title></item></channel></rss>",
    "deep": repeated(b"<a>"),
    "unclosed": b"<rss>" + repeated(b"<item>"),
    "almost-items": b"<rss>" + repeated(b"<items", MIB) + b"<item></item></rss>",
    "comments": b"<rss><item>" + repeated(b"<!--", MIB) + b"</item></rss>",
    "texts": b"<rss><item>" + repeated(b"]]>", MIB) + repeated(b"<![CDATA[", MIB) + b"</item></rss>",
    "laughs": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">' + LAUGHS + b"]><rss>&l9;</rss>",
    "packed": gzip.compress(repeated(b"<item>", 2 * MAX_BYTES)),
    "blanks": repeated(b" "),
    "json": b'{"items": ' + repeated(b"[", MIB),
}


async def longest_stretch(done: asyncio.Event) -> float:
    """The most seconds of the processor that this thread spent between two turns of the loop."""
    longest, before = 0.0, time.thread_time()
    while not done.is_set():
        await asyncio.sleep(0)
        now = time.thread_time()
        longest, before = max(longest, now - before), now
    return longest


@pytest.mark.slow
async def test_no_hostile_document_holds_up_the_loop(tmp_path: Path) -> None:
    """Polled twice, the second time with one more item: what is known is looked for in the loop."""
    with loopback() as server:
        home = Home(tmp_path, server)
        (home.directory / "monitor.yaml").write_text("allow_private: true\npoll: {timeout: 20s}\n")
        home.follow(good=rss("Cuba"))
        await home.poll()  # imports are not counted
        for more in (b"", b"<item><title>One more</title></item>"):
            home.follow(good=rss("Cuba"), **{name: body + more for name, body in HOSTILE.items()})
            done = asyncio.Event()
            watching = asyncio.create_task(longest_stretch(done))
            reports = await home.poll()
            done.set()
            assert len(reports) == len(HOSTILE) + 1
            assert await watching < MOST_SECONDS

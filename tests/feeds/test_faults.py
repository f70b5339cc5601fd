"""The catalogue of faults, through retrieval and parsing as a poll does it, all at the same time."""

import asyncio
from contextlib import AsyncExitStack

from monitor.egress import Egress
from monitor.errors import MonitorError
from monitor.feeds.parse import parse
from monitor.feeds.retrieve import retrieve
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.sandbox import Sandbox
from tests.faultserver import FAULTS, FaultServer, rss

CATALOGUE = {
    # path: the error's words, or the entries' titles
    "/silent": "no answer within 2 s",
    "/drip-header": "no answer within 2 s",
    "/drip-body": "the answer did not end within 2 s",
    "/endless": "more than 10 MiB",
    "/huge-title": "more than 10 MiB",
    "/items/100000": "more than 10 MiB",
    "/bomb/gzip": "more than 10 MiB",
    "/truncated": "the answer broke off",
    "/truncated-gzip": "the packed bytes broke off",
    "/reset": "reset by the server",
    "/reset?after=head": "the answer broke off",
    "/closed": "the server ended the connection without an answer",
    "/garbage": "not an HTTP answer",
    "/circle/a": "redirects in a circle",
    "/hops/6": "more than 5 redirects",
    "/redirect?to=file:///etc/passwd": "a redirect to nowhere",
    "/status/410": "410: the feed is gone for good",
    "/status/429": "429: the server was asked too often",
    "/status/503": "503: the server is overloaded or being serviced",
    "/304-with-body": "304: the server says that nothing changed",
    "/bot-wall": "403 from a bot wall: Cloudflare wants a browser",
    "/page": "this is an HTML page, not a feed",
    "/blank": "this is blank, not a feed",
    "/empty": "this is empty, not a feed",
    "/hops/5": ["Here"],
    "/redirect?status=301&to=/hops/0": ["Here"],
    "/redirect?status=308&to=/hops/0": ["Here"],
    "/wrong-type": ["Fine all the same"],
    "/charset/koi8-r?says=utf-8": ["Жёлтые новости"],
    "/charset/koi8-r?says=koi8-r": ["Жёлтые новости"],
    "/bom": ["Marked"],
    "/bom-16": ["Marked"],
    "/laughs": ["&l9;"],
    "/external-entity": ["one", "two"],
    "/drip-nothing": "404: there is nothing at this address",
}


async def outcome(egress: Egress, sandbox: Sandbox, url: str) -> str | list[str]:
    """How a poll of this URL ends."""
    try:
        state = FeedState(feed_id=1, url=url)
        retrieved = await retrieve(egress, Subscription(url=url, allow_private=True), state)
        parsed = await sandbox.run(parse, retrieved.body, url=retrieved.url, timeout=20)
    except MonitorError as error:
        return str(error)
    return [entry.title for entry in parsed.entries]


async def test_each_fault_has_its_promised_outcome_and_none_disturbs_another() -> None:
    """Each on a host of its own, so that none waits for its turn."""
    async with AsyncExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(2, preload=("monitor.feeds.parse",)))
        egress = await stack.enter_async_context(Egress(timeout=2))
        hosts = [FaultServer(host=f"127.0.1.{at}") for at, _ in enumerate(CATALOGUE, 1)]
        servers = [await stack.enter_async_context(server) for server in hosts]
        healthy = await stack.enter_async_context(FaultServer())
        good = healthy.serve("/good", rss("Good"))
        assert await outcome(egress, sandbox, good) == ["Good"]
        urls = [server.url(path) for server, path in zip(servers, CATALOGUE, strict=True)]
        polls = [asyncio.create_task(outcome(egress, sandbox, url)) for url in urls]
        assert await outcome(egress, sandbox, good) == ["Good"]
        outcomes = dict(zip(CATALOGUE, await asyncio.gather(*polls), strict=True))
        assert not any(server.count("/secret") for server in servers), "an external entity was fetched"
    wrong = {
        path: found
        for path, found in outcomes.items()
        if found != CATALOGUE[path]
        and not (isinstance(found, str) and found.startswith(str(CATALOGUE[path])))
    }
    assert not wrong


def test_the_catalogue_knows_every_fault() -> None:
    known = {path.partition("?")[0].split("/")[1] for path in CATALOGUE}
    assert set(FAULTS) - known <= {"deep"}, "that one is read for seconds; a smaller one is in test_parse"

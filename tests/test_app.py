"""The daemon without its loops: what one of their rounds reports, and what it does at its start."""

from pathlib import Path

import pytest

from monitor.app import Monitor
from monitor.dispatcher import Dispatched
from monitor.parts import load_config, open_parts
from monitor.placer import Placer
from monitor.reports import Report, Trouble
from tests.loopback import loopback, rss
from tests.test_poller import Home


async def polled_once(directory: Path) -> Home:
    """A single poll has found a hit, and left it to others."""
    with loopback() as server:
        home = Home(directory, server)
        home.follow(a=rss())
        await home.poll()
        home.follow(a=rss("Cuba"))
        await home.poll()
    return home


async def test_a_dispatch_that_only_keeps_hits_is_reported(tmp_path: Path) -> None:
    home = await polled_once(tmp_path)
    alerts = home.directory / "alerts.yaml"
    kept = "route: {receiver: desk, routes: [{matchers: [topic = Cuba], store_only: true}]}"
    alerts.write_text(alerts.read_text().replace("route: {receiver: desk}", kept))
    config, reports = load_config(home.directory), list[Report]()
    async with open_parts(config, home.database) as parts:
        monitor = Monitor(config, home.directory, home.database, parts, reports.append)
        await monitor._dispatch()
        await monitor._dispatch()
    (told,) = reports
    assert isinstance(told, Dispatched)
    assert (told.alerts, [why for _, why in told.settled]) == ((), ["store_only: route 0.0"])


async def test_what_can_not_be_placed_at_the_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ValueError("odd")

    home = await polled_once(tmp_path)
    monkeypatch.setattr(Placer, "place_stored", breaks)
    config, reports = load_config(home.directory), list[Report]()
    async with open_parts(config, home.database) as parts:
        await Monitor(config, home.directory, home.database, parts, reports.append)._prepare()
        (trouble,) = (one for one in reports if isinstance(one, Trouble))
        assert trouble.part == "poll"
        assert "can not be placed in a story, a bug of the monitor (ValueError: odd)" in str(trouble.error)
        assert await parts.store.run(lambda store: store.count_unplaced()) == 0

"""The daemon beside its loops: what it does once, at its start."""

from pathlib import Path

import pytest

from monitor.app import Monitor
from monitor.parts import load_config, open_parts
from monitor.placer import Placer
from monitor.reports import Report, Trouble
from tests.loopback import loopback, rss
from tests.test_poller import Home


async def test_what_can_not_be_placed_at_the_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ValueError("odd")

    with loopback() as server:
        home = Home(tmp_path, server)
        home.follow(a=rss())
        await home.poll()
        home.follow(a=rss("Cuba"))
        await home.poll()
    monkeypatch.setattr(Placer, "place_stored", breaks)
    config, reports = load_config(home.directory), list[Report]()
    async with open_parts(config, home.database) as parts:
        await Monitor(config, home.directory, home.database, parts, reports.append)._prepare()
        assert [(one.part, str(one.error)) for one in reports if isinstance(one, Trouble)] == [
            ("poll", "odd")
        ]
        assert await parts.store.run(lambda store: store.count_unplaced()) == 0

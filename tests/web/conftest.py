"""A desk with a few hits, served on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from monitor.clock import clock
from tests.stocked import Stock
from tests.web.browser import browser
from tests.web.running import Running, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WATCHLIST = """\
# What the desk watches.
topics:
  - name: Cuba
    # the island, not the actor
    query: Cuba NOT "Cuba Gooding"
    labels: {severity: high}
  - spy balloon
"""


@pytest.fixture(scope="module", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """A hash takes a fifth of the processor's second on purpose, and nearly every test comes in by one."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("monitor.web.passwords._hasher", cheap)
        yield


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    """Three entries seen: two are hits."""
    queries = {"Cuba": 'Cuba NOT "Cuba Gooding"', "spy balloon": '"spy balloon"'}
    stock = Stock(tmp_path, queries=queries, severities={"Cuba": "high"}, now=clock())
    stock.see("Baseline")
    stock.see("Cuba without light", "A spy balloon over the sea", "Cuba Gooding Jr. in court")
    directory = stock.write(WATCHLIST, runs=True)
    (directory / "monitor.yaml").write_text("web: {listen: '127.0.0.1:0'}\ndatabase: ../monitor.db\n")
    (directory / "feeds.yaml").write_text("- url: https://a.example/feed\n  name: A\n")
    yield stock
    stock.store.close()


@pytest.fixture
def desk(stock: Stock) -> Iterator[Running]:
    """The desk, served."""
    with running(stock.folder / "config", stock.path) as served:
        yield served


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    with browser() as started:
        yield started

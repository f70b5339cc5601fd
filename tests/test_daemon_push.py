"""The daemon as a process, and a hub: it is asked, it tells, and somebody hears within the second."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hubserver import Hub, hub_server
from tests.loopback import Loopback, loopback, rss
from tests.pushed import FEED, HUB, free_port, only, with_links
from tests.test_daemon import SECONDS, Daemon


@pytest.fixture
def receiver() -> Iterator[Loopback]:
    with loopback() as state:
        yield state


@pytest.fixture
def hub() -> Iterator[Hub]:
    with hub_server() as state:
        links = f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="hub" href="{state.url(HUB)}"/>'
        state.pages[FEED] = (with_links(rss("Nothing new"), links), {})
        yield state


@pytest.fixture
def home(tmp_path: Path, hub: Hub, receiver: Loopback) -> Path:
    """A feed that is polled once in the test, its hub, and a receiver that hears at once."""
    port = free_port()
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "one.yaml").write_text("- Cuba\n")
    (tmp_path / "feeds.yaml").write_text(f"- {{url: '{hub.url(FEED)}', name: A}}\n")
    (tmp_path / "monitor.yaml").write_text(
        f"allow_private: true\nweb: {{listen: '127.0.0.1:{port}', public_url: 'http://127.0.0.1:{port}'}}\n"
    )
    (tmp_path / "alerts.yaml").write_text(
        "route: {receiver: desk, group_wait: 0s, group_interval: 0s}\n"
        f"receivers: [{{name: desk, urls: ['{receiver.url('/alerts', 'json')}'], allow_private: true}}]\n"
    )
    return tmp_path


def test_what_a_hub_tells_is_delivered(home: Path, hub: Hub, receiver: Loopback) -> None:
    daemon = Daemon(home)
    try:
        daemon.wait_for("hub tells us")
        assert hub.ready.wait(SECONDS)
        assert hub.publish(only("Havana: Cuba without light", 1)) == 202
        pushed = daemon.wait_for("pushed", feed="A", new=1)
        assert pushed["hits"] == 1
        daemon.wait_for("delivered", receiver="desk")
        assert "without light" in receiver.posted[0][1].decode()
        assert hub.publish(b"forged", secret="x") == 202
        daemon.wait_for("push ignored", signature="wrong")
        assert daemon.stop() == 0
    finally:
        daemon.process.kill()
        daemon.process.wait()

"""What the desk shows of hubs, and that a secret shared with one is on no page."""

from http.client import HTTPConnection

from monitor.clock import clock
from monitor.web.callback import AT_ONCE
from monitor.web.keys import digest_of
from tests.pacts import HUB, agree_with_hub
from tests.stocked import FEED, Stock
from tests.web.running import SECONDS, Running


def test_pages_and_metrics_say_of_which_feeds_hubs_tell(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    for path in ("/feeds", "/feeds/1", "/coverage"):
        assert "its hub tells" not in visitor.get(path).text
        assert "hubs tell" not in visitor.get(path).text
    pact = agree_with_hub(stock.store, FEED.url, now=clock())
    shown = {path: visitor.get(path).text for path in ("/feeds", "/feeds/1", "/coverage")}
    assert "its hub tells" in shown["/feeds"]
    for words in (HUB, "it tells us, since", "lease until", "1 read, 1 ignored"):
        assert words in shown["/feeds/1"]
    assert "hubs tell of 1" in shown["/coverage"]
    for text in shown.values():
        assert pact.token not in text
        assert pact.secret not in text


def test_pushes_are_counted_for_prometheus(desk: Running, stock: Stock) -> None:
    agree_with_hub(stock.store, FEED.url, now=clock())
    visitor = desk.insider()
    stock.store.add_token("prometheus", digest_of("key"), scopes=["read"], now=clock())
    lines = visitor.get("/metrics", Authorization="Bearer key").text.splitlines()
    assert "monitor_feeds_pushed 1" in lines
    assert 'monitor_pushes_total{outcome="read"} 1' in lines
    assert 'monitor_pushes_total{outcome="wrong"} 1' in lines
    assert "# TYPE monitor_pushes_total counter" in lines


def begun(desk: Running, path: str) -> HTTPConnection:
    """A push that does not come to its end."""
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=SECONDS)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", "9")
    connection.putheader("Expect", "100-continue")
    connection.endheaders()
    assert connection.sock.recv(100).startswith(b"HTTP/1.1 100")  # its body is waited for
    return connection


def test_a_hub_that_sends_much_at_once_is_asked_to_come_again(desk: Running, stock: Stock) -> None:
    pact = agree_with_hub(stock.store, FEED.url, now=clock())
    path = f"/push/{pact.token}"
    pushes = [begun(desk, path) for _ in range(AT_ONCE)]
    refused = desk.visitor().ask("POST", path, b"<rss/>")
    assert (refused.status, refused.headers["retry-after"]) == (503, "60")
    for one in pushes:
        one.send(b"<rss></x>")
        assert one.getresponse().status == 202
        one.close()
    assert desk.visitor().ask("POST", path, b"<rss/>").status == 202
    assert stock.store.push_counts()["too many"] == 1

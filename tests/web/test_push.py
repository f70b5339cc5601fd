"""What the desk shows of hubs, and that a secret shared with one is on no page."""

from monitor.clock import clock
from monitor.web.keys import digest_of
from tests.pacts import HUB, agree_with_hub
from tests.stocked import FEED, Stock
from tests.web.running import Running


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

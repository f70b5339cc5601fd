"""Now: what the page lists, how it is filtered and judged, and what arrives while it is open."""

import re
from http.client import HTTPConnection

import pytest

from monitor.clock import clock
from tests.stocked import FEED, OTHER, Stock
from tests.web.running import SECONDS, Running, Visitor, say_running


def words(text: str) -> str:
    """A page's text without its mark-up."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text))


def listed(visitor: Visitor, path: str = "/") -> list[str]:
    """The headlines on a page."""
    found = re.findall(r"<h3>(.*?)</h3>", visitor.get(path).text, re.DOTALL)
    return [words(one).strip() for one in found]


def test_the_newest_hit_comes_first_with_its_words_marked(desk: Running) -> None:
    visitor = desk.insider()
    assert listed(visitor) == ["A spy balloon over the sea", "Cuba without light"]
    assert '<mark title="&#34;spy balloon&#34;">spy balloon</mark>' in visitor.get("/").text


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("topic=Cuba", ["Cuba without light"]),
        ("severity=high", ["Cuba without light"]),
        ("feed=B", []),
        ("q=balloons", []),
        ("q=balloon", ["A spy balloon over the sea"]),
        ("q=balloon+NEAR/1+sea", []),
        ("q=balloon+NEAR/3+sea", ["A spy balloon over the sea"]),
        ("q=site:a.example+light", ["Cuba without light"]),
        ("q=site:a.example", ["A spy balloon over the sea", "Cuba without light"]),
    ],
)
def test_filters_are_read_as_topics_are(desk: Running, query: str, titles: list[str]) -> None:
    assert listed(desk.insider(), f"/?{query}") == titles


def test_a_mistake_in_the_search_is_shown_at_its_place(desk: Running) -> None:
    text = desk.insider().get("/?q=Cuba+AND+(").text
    assert re.search(r'<pre class="problem" role="alert">.*\^', text, re.DOTALL)


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "before=" + "9" * 30, "q=%00", "topic=%ff", "q=" + "(" * 3000]
)
def test_garbage_in_the_address_breaks_nothing(desk: Running, query: str) -> None:
    assert desk.insider().get(f"/?{query}").status == 200
    assert desk.troubles == []


def test_older_hits_are_on_the_next_page(desk: Running, stock: Stock) -> None:
    stock.see(*(f"Cuba, day {number}" for number in range(60)))
    visitor = desk.insider()
    first = listed(visitor)
    where = re.search(r'href="(/\?[^"]*before=[^"]*)"', visitor.get("/").text)
    assert where
    assert len(first) == 50
    assert "Cuba without light" in listed(visitor, where[1].replace("&amp;", "&"))


def events(visitor: Visitor, path: str, count: int, **headers: str) -> list[str]:
    """So many hits that a page is told of."""
    connection = HTTPConnection("127.0.0.1", visitor.port, timeout=SECONDS)
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    connection.request("GET", path, headers={"Cookie": cookie, **headers})
    answer = connection.getresponse()
    assert answer.headers["content-type"].startswith("text/event-stream")
    found: list[str] = []
    lines: list[str] = []
    while len(found) < count:
        line = answer.readline().decode().rstrip("\n")
        lines.append(line)
        if not line and any(one == "event: hit" for one in lines):
            found.append("\n".join(lines))
        lines = lines if line else []
    connection.close()
    return found


def test_a_hit_arrives_while_the_page_is_open(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    newest = stock.store.newest_hit_id()
    stock.see("Cuba: the light is back")
    desk.tell()
    (event,) = events(visitor, f"/live?after={newest}", 1)
    assert f"id: {newest + 1}" in event
    assert "the light is back" in words(event)


def test_a_page_that_was_away_is_told_what_it_missed_and_only_what_it_asks_for(
    desk: Running, stock: Stock
) -> None:
    visitor = desk.insider()
    stock.see("Cuba one", "A spy balloon two", "Cuba three")
    found = events(visitor, "/live?topic=Cuba&after=1", 1, **{"Last-Event-ID": "3"})
    assert "three" in words(found[0])


def live_address(visitor: Visitor, where: str = "/") -> str:
    """What a page listens to."""
    found = re.search(r'data-live="([^"]*)"', visitor.get(where).text)
    assert found
    return found[1].replace("&amp;", "&")


def settle(stock: Stock, title: str, reason: str) -> int:
    """A hit is told, or kept for another reason; returns its id."""
    (hit,) = (hit for hit in stock.store.hits() if hit.entry.entry.title == title)
    stock.store.settle([hit.hit_id], state="told" if reason == "told" else "kept", reason=reason)
    return hit.hit_id


def becomes(listener: "Listener", hit_id: int, state: str) -> str:
    """What a page hears as soon as it hears that this has become of a hit."""
    line = ""
    while f'data-hit="{hit_id}"><span class="state {state}">' not in line:
        line = listener.hears()
    return " ".join(words(line.removeprefix("data: ")).split())


def test_a_page_hears_what_becomes_of_the_hits_that_wait_on_it(desk: Running, stock: Stock) -> None:
    stock.see("Cuba one", "Cuba two")
    visitor = desk.insider()
    listener = Listener(visitor, live_address(visitor))
    told, kept = settle(stock, "Cuba one", "told"), settle(stock, "Cuba two", "silenced by <S-3>")
    desk.tell()
    assert becomes(listener, told, "told") == "told"
    assert becomes(listener, kept, "kept") == "kept · silenced by &lt;S-3&gt;"


def test_a_page_hears_what_becomes_of_a_hit_that_arrived_on_it(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    listener = Listener(visitor, live_address(visitor))
    stock.see("Cuba one")
    desk.tell()
    while "Cuba" not in listener.hears():
        pass
    told = settle(stock, "Cuba one", "told")
    desk.tell()
    assert becomes(listener, told, "told") == "told"


def test_a_page_that_was_away_hears_what_became_of_what_it_shows(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    address = live_address(visitor)
    stock.see("Cuba one")
    told = settle(stock, "Cuba one", "told")
    assert becomes(Listener(visitor, address, last=told), told, "told") == "told"


def test_where_nothing_waits_a_page_is_told_nothing_of_what_it_shows(desk: Running, stock: Stock) -> None:
    for hit in stock.store.hits():
        stock.store.settle([hit.hit_id], state="told", reason="told")
    visitor = desk.insider()
    listener = Listener(visitor, live_address(visitor))
    assert listener.hears() == ": so far\n"


class Listener:
    """A page that is open and listens."""

    def __init__(self, visitor: Visitor, path: str = "/live?after=0", *, last: int = 0) -> None:
        self._connection = HTTPConnection("127.0.0.1", visitor.port, timeout=SECONDS)
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        away = {"Last-Event-ID": str(last)} if last else {}
        self._connection.request("GET", path, headers={"Cookie": cookie, **away})
        self._answer = self._connection.getresponse()

    def hears(self) -> str:
        """The next line."""
        return self._answer.readline().decode()

    def hears_until_the_end(self) -> str:
        """All that comes before the stream is closed."""
        text = self._answer.read().decode()
        self._connection.close()
        return text


def test_who_logs_out_hears_no_more_in_any_window(desk: Running, stock: Stock) -> None:
    visitor, other = desk.insider(), desk.insider()
    windows, others = [Listener(visitor), Listener(visitor)], Listener(other)
    assert all(one.hears() for one in (*windows, others))
    visitor.send("/logout")
    assert all(one.hears_until_the_end().endswith(": so far\n\n") for one in windows)
    stock.see("Cuba: the light is back")
    desk.tell()
    assert any("the light is back" in words(line) for line in iter(others.hears, ""))


def test_a_session_that_is_ended_elsewhere_hears_nothing_more(desk: Running, stock: Stock) -> None:
    """`monitor web password` ends all sessions, from another process."""
    window = Listener(desk.insider())
    assert window.hears()
    stock.store.end_sessions(began_before=clock(), seen_before=clock())
    stock.see("Cuba: the light is back")
    desk.tell()
    assert "the light is back" not in words(window.hears_until_the_end())


def test_feeds_and_alerts_are_listed(desk: Running) -> None:
    visitor = desk.insider()
    assert "https://a.example/feed" in visitor.get("/feeds").text
    assert visitor.get("/alerts").status == 200
    assert visitor.get("/alerts?state=x").status == 400


def test_a_daemon_that_does_not_run_is_said_on_every_page(desk: Running) -> None:

    visitor = desk.insider()
    say_running(desk.database, stopped_at=clock())
    assert "the daemon was stopped" in visitor.get("/feeds").text
    assert visitor.get("/readyz").status == 503


def told(stock: Stock, *pairs: tuple[str, str]) -> None:
    """Entries with a title and a text each, one after the other."""
    for title, text in pairs:
        stock.see(title, summary=text)


LIGHT = (
    "The lights went out across Havana on Friday after the largest power plant of the island failed again."
)


def test_hits_of_one_story_stand_together_with_who_tells_it(desk: Running, stock: Stock) -> None:
    stock.see("Baseline of B", feed=OTHER)
    for feed in (FEED, OTHER):
        stock.see("Cuba: lights out in Havana", summary=f"HAVANA (Reuters) - {LIGHT}", feed=feed)
    text = desk.insider().get("/").text
    (story,) = [
        one for one in re.split(r'<li class="story"', text) if "<details" in one and "lights out" in one
    ]
    shown = words(story)
    assert "2 entries, 1 copy · single source: Reuters" in shown
    assert "1 more hit of this story" in shown
    address = re.search(r'href="(/\?story=\d+)"', story)
    assert address
    assert listed(desk.insider(), address[1]) == 2 * ["Cuba: lights out in Havana"]


def test_a_hit_that_joins_a_story_arrives_with_it(desk: Running, stock: Stock) -> None:
    told(stock, ("Cuba: lights out in Havana", LIGHT))
    visitor, newest = desk.insider(), stock.store.newest_hit_id()
    told(stock, ("Cuba: lights out", LIGHT), ("Cuba sells cigars", "to the world"))
    desk.tell()
    joined, alone = events(visitor, f"/live?after={newest}", 2)
    assert f"id: {newest + 1}" in joined
    assert "1 more hit of this story" in words(joined)
    assert "sells cigars" in words(alone)
    assert "<details" not in alone


def test_of_many_feeds_the_name_is_typed(desk: Running, stock: Stock) -> None:
    feeds = "".join(f"- https://{number}.example/feed\n" for number in range(201))
    (stock.folder / "config" / "feeds.yaml").write_text(feeds)
    text = desk.insider().get("/?feed=A").text
    assert '<input name="feed" value="A"' in text
    assert "https://7.example/feed" not in text

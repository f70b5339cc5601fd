"""Feeds out over HTTP: keys in addresses, what is unchanged, and files to take away."""

import csv
import io
import json
import re
from typing import Any

import feedparser
import pytest

from monitor.cli.facts import CSV_COLUMNS
from monitor.clock import clock
from monitor.store.access import Scope
from monitor.web.export import BOM
from monitor.web.keys import digest_of
from tests.stocked import Stock
from tests.web.running import Answer, Running

KINDS = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


def followed(desk: Running, stock: Stock, asked: str = "", *, kind: str = "atom", **headers: str) -> Answer:
    """What a feed reader gets, that has a key."""
    stock.store.add_token("reader", digest_of("key"), scopes=["feeds"], now=clock())
    return desk.visitor().get(f"/out/key/hits.{kind}{asked}", **headers)


def titles(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.text
    return [entry.title for entry in feedparser.parse(answer.text.encode()).entries]


@pytest.mark.parametrize("kind", KINDS)
def test_hits_are_read_with_a_key_and_without_a_session(desk: Running, stock: Stock, kind: str) -> None:
    answer = followed(desk, stock, kind=kind)
    assert answer.headers["content-type"].partition(";")[0] == KINDS[kind]
    assert "A spy balloon over the sea" in answer.text
    assert "key" not in re.findall(r"/out/(\w+)/", answer.text)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["A spy balloon over the sea", "Cuba without light"]),
        ("?topic=Cuba", ["Cuba without light"]),
        ("?watchlist=watch", []),
        ("?severity=high", ["Cuba without light"]),
        ("?q=balloon+NEAR/3+sea", ["A spy balloon over the sea"]),
        ("?q=nothing", []),
    ],
)
def test_a_feed_is_of_a_topic_a_watchlist_or_a_search(
    desk: Running, stock: Stock, asked: str, found: list[str]
) -> None:
    assert titles(followed(desk, stock, asked)) == found


@pytest.mark.parametrize(
    ("asked", "status", "why"),
    [
        ("?topic=Cubs", 404, "there is no topic Cubs"),
        ("?watchlist=x", 404, "there is no watchlist x"),
        ("?q=(", 400, "q: "),
        ("?topic=%ff%00", 404, "there is no topic"),
    ],
)
def test_what_is_asked_for_wrongly_is_said(
    desk: Running, stock: Stock, asked: str, status: int, why: str
) -> None:
    answer = followed(desk, stock, asked)
    assert (answer.status, why in answer.text) == (status, True)
    assert desk.troubles == []


def test_what_a_reader_has_already_is_not_sent_again(desk: Running, stock: Stock) -> None:
    first = followed(desk, stock)
    tag = first.headers["etag"]
    for said in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = followed(desk, stock, **{"If-None-Match": said})
        assert (again.status, again.text, again.headers["etag"]) == (304, "", tag)
    stock.see("Cuba: the light is back")
    newer = followed(desk, stock, **{"If-None-Match": tag})
    assert titles(newer)[0] == "Cuba: the light is back"
    assert newer.headers["etag"] != tag
    assert newer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("scopes", [["read"], ["write"], ["read", "write"]])
def test_a_key_for_anything_else_reads_no_feeds(desk: Running, stock: Stock, scopes: list[Scope]) -> None:
    stock.store.add_token("api", digest_of("api"), scopes=scopes, now=clock())
    assert desk.visitor().get("/out/api/hits.atom").status == 404


def test_a_key_for_feeds_is_good_for_nothing_else(desk: Running, stock: Stock) -> None:
    assert followed(desk, stock).status == 200
    assert desk.visitor().get("/api/v1/hits", Authorization="Bearer key").status == 403
    assert desk.visitor().get("/metrics", Authorization="Bearer key").status == 403
    assert desk.visitor().ask("POST", "/out/key/hits.atom").status == 405
    assert desk.visitor().get("/out/key/hits.html").status == 404


def test_a_key_that_is_taken_back_reads_nothing_from_then_on(desk: Running, stock: Stock) -> None:
    assert followed(desk, stock).status == 200
    stock.store.revoke_token("reader")
    answer = desk.visitor().get("/out/key/hits.atom")
    assert (answer.status, "Cuba" in answer.text) == (404, False)


@pytest.mark.parametrize("key", ["", "x", "%00", "x" * 9000, "../../", "%2e%2e"])
def test_a_key_that_is_none_reads_nothing(desk: Running, key: str) -> None:
    answer = desk.visitor().get(f"/out/{key}/hits.atom")
    assert (answer.status, "Cuba" in answer.text) == (404, False)
    assert desk.troubles == []


def test_a_key_is_made_on_a_page_shown_once_and_taken_back(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    made = visitor.send("/outgoing", name="anns reader", topic="Cuba").text
    addresses = re.findall(r"http://[^<]+/out/[^<]+", made)
    assert [one.partition("?")[0].rpartition(".")[2] for one in addresses] == list(KINDS)
    path = "/out/" + addresses[0].partition("/out/")[2]
    assert titles(desk.visitor().get(path)) == ["Cuba without light"]
    key = path.split("/")[2]
    assert key not in visitor.get("/outgoing").text
    assert "anns reader" in visitor.get("/outgoing").text
    assert visitor.send("/outgoing/revoke", name="anns reader").where == "/outgoing"
    assert desk.visitor().get(path).status == 404


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": ""}, "for whom:"),
        ({"name": "a\nb"}, "for whom:"),
        ({"name": "x" * 80}, "for whom:"),
        ({"name": "taken"}, "there is a token taken already"),
        ({"name": "new", "q": "Cuba AND ("}, "^"),
    ],
)
def test_what_can_not_be_made_is_said_on_the_page(
    desk: Running, stock: Stock, fields: dict[str, str], why: str
) -> None:
    stock.store.add_token("taken", b"x", scopes=["read"], now=clock())
    answer = desk.insider().send("/outgoing", **fields)
    assert answer.status == 422
    assert re.search(rf'<pre class="problem" role="alert">[^<]*{re.escape(why)}', answer.text)
    assert [token.name for token in stock.store.tokens()] == ["taken"]


def test_the_page_takes_back_keys_for_feeds_only(desk: Running, stock: Stock) -> None:
    stock.store.add_token("api", b"x", scopes=["write"], now=clock())
    visitor = desk.insider()
    assert visitor.send("/outgoing/revoke", name="api").status == 404
    assert visitor.send("/outgoing/revoke", name="nobody").status == 404
    assert [token.name for token in stock.store.tokens()] == ["api"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "=cmd|' /C calc'!A0"]


def test_hits_are_taken_away_as_csv_in_which_nothing_is_a_formula(desk: Running, stock: Stock) -> None:
    stock.see(*(f'{formula} Cuba, "quoted"' for formula in FORMULAS))
    text = desk.insider().get("/hits.csv").text
    assert text.startswith(BOM + ",".join(CSV_COLUMNS))
    found = rows(text)
    assert [row["title"] for row in reversed(found)][2:] == [f'\'{one} Cuba, "quoted"' for one in FORMULAS]
    assert not any(re.match(r"[=+\-@＝]", value) for row in found for value in row.values())


def test_hits_are_taken_away_as_json(desk: Running, stock: Stock) -> None:
    stock.judge("wrong", titles=["Cuba without light"])
    answer = desk.insider().get("/hits.json?topic=Cuba")
    (hit,) = json.loads(answer.text)["hits"]
    assert (hit["title"], hit["verdict"]) == ("Cuba without light", "wrong")
    assert answer.headers["content-disposition"] == 'attachment; filename="hits.json"'
    assert json.loads(desk.insider().get("/hits.json?topic=x").text) == {"hits": []}


def test_all_hits_are_taken_away_not_only_the_first_stretch(
    desk: Running, stock: Stock, monkeypatch: Any
) -> None:
    monkeypatch.setattr("monitor.web.export.A_STRETCH", 2)
    stock.see(*(f"Cuba, day {number}" for number in range(5)))
    visitor = desk.insider()
    assert len(json.loads(visitor.get("/hits.json").text)["hits"]) == 7
    assert len(rows(visitor.get("/hits.csv?q=day").text)) == 5
    monkeypatch.setattr("monitor.web.export.MOST", 3)
    assert len(rows(visitor.get("/hits.csv").text)) == 3


@pytest.mark.parametrize("path", ["/hits.csv?q=(", "/hits.json?q=("])
def test_a_wrong_search_takes_nothing_away(desk: Running, path: str) -> None:
    answer = desk.insider().get(path)
    assert (answer.status, "q: " in answer.text) == (400, True)


def test_programs_get_csv_from_the_api(desk: Running, stock: Stock) -> None:
    stock.store.add_token("api", digest_of("api"), scopes=["read"], now=clock())
    answer = desk.visitor().get("/api/v1/hits.csv?topic=Cuba", Authorization="Bearer api")
    assert not answer.text.startswith(BOM)
    assert [row["title"] for row in rows(answer.text)] == ["Cuba without light"]

"""Alerts on the desk: dead letters are sent again or dropped, receivers are tried, routes are asked."""

import re
from collections.abc import Iterator

import pytest

from monitor.clock import clock
from monitor.config import load
from monitor.dispatcher import dispatch
from monitor.setup import rules_of
from tests.loopback import Loopback, loopback
from tests.stocked import Stock
from tests.web.running import Running, running
from tests.web.test_now import words

ALERTS = """\
route:
  receiver: desk
  group_wait: 0s
  routes:
    - {{matchers: ['severity = "high"'], receiver: on-call}}
receivers:
  - {{name: desk, urls: ["{good}"], allow_private: true}}
  - {{name: on-call, urls: ["{bad}"], allow_private: true}}
"""


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as state:
        state.failing.add("/bad")
        yield state


@pytest.fixture
def desk(stock: Stock, server: Loopback) -> Iterator[Running]:
    """A desk with two alerts, one of which was given up."""
    directory = stock.folder / "config"
    good, bad = server.url("/good", "json"), server.url("/bad", "json")
    (directory / "alerts.yaml").write_text(ALERTS.format(good=good, bad=bad))
    config = load(directory, environ={})
    dispatch(stock.store, rules=rules_of(config), now=clock())
    (dead,) = [one for one in stock.store.deliveries() if one.receiver == "on-call"]
    stock.store.save_attempt(dead.delivery_id, state="dead", now=clock(), error="gone for <good>")
    with running(directory, stock.path) as served:
        yield served


def dead_letter(stock: Stock) -> int:
    (dead,) = stock.store.deliveries(state="dead")
    return dead.delivery_id


def test_a_dead_letter_says_why_and_what_it_told(desk: Running) -> None:
    text = desk.insider().get("/alerts?state=dead").text
    assert "gone for &lt;good&gt;" in text
    assert 'Cuba without light</a> <small dir="auto">Cuba</small>' in text
    assert "A spy balloon" not in text


def test_a_hit_that_was_told_says_so_once(desk: Running) -> None:
    text = desk.insider().get("/hits/1").text
    assert "<dt>state</dt><dd>told</dd>" in text


def test_a_dead_letter_is_sent_again(desk: Running, stock: Stock) -> None:
    visitor, one = desk.insider(), dead_letter(stock)
    done = visitor.send(f"/deliveries/{one}/again", back="/alerts?state=dead")
    assert done.where == "/alerts?state=dead"
    assert one in [delivery.delivery_id for delivery in stock.store.deliveries(state="due")]
    assert desk.rung == ["deliver"]


def test_a_dead_letter_is_dropped(desk: Running, stock: Stock) -> None:
    visitor, one = desk.insider(), dead_letter(stock)
    assert visitor.send(f"/deliveries/{one}/drop").status == 303
    assert stock.store.deliveries(state="dead") == []


def test_a_delivery_that_there_is_not_is_neither_sent_nor_dropped(desk: Running) -> None:
    visitor = desk.insider()
    assert visitor.send("/deliveries/99/again").status == 409
    assert visitor.send("/deliveries/99/drop").status == 409


def test_a_receiver_is_tried_with_a_real_message(desk: Running, server: Loopback) -> None:
    visitor = desk.insider()
    assert "delivered" in words(visitor.send("/receivers/try", receiver="desk").text)
    ((path, body),) = server.posted
    assert path == "/good"
    assert b"This is a test of the receiver desk" in body
    assert re.search(
        r'class="problem" role="status"><b>\w', visitor.send("/receivers/try", receiver="on-call").text
    )
    assert visitor.send("/receivers/try", receiver="nobody").status == 404


def test_routes_say_who_would_hear_and_why(desk: Running) -> None:
    visitor = desk.insider()
    text = words(visitor.get("/receivers?labels=severity%3A+high").text)
    assert "on-call hears severity=&#34;high&#34; holds" in text
    assert "desk hears" in words(visitor.get("/receivers?labels=severity%3Dlow").text)
    assert 'role="alert"' in visitor.get("/receivers?labels=nonsense").text


def test_no_page_shows_a_receivers_secrets(desk: Running, stock: Stock) -> None:
    directory = stock.folder / "config"
    text = (directory / "alerts.yaml").read_text().replace("/good", "/hunter2hunter2")
    (directory / "alerts.yaml").write_text(text)
    assert "hunter2" not in desk.insider().get("/receivers").text

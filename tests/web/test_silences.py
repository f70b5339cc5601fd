"""Silences and coverage on the desk."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.clock import clock
from tests.stocked import Stock
from tests.web.running import Running
from tests.web.test_now import words


def test_a_silence_keeps_still_for_a_while_and_says_who_wanted_it(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    done = visitor.send(
        "/silences", matchers='topic = "Cuba"\nseverity != "low"', lasts="8h", comment="enough"
    )
    assert done.where == "/silences"
    (silence,) = stock.store.silences()
    assert [str(matcher) for matcher in silence.matchers] == ['topic="Cuba"', 'severity!="low"']
    assert (silence.who, silence.comment) == ("ann", "enough")
    assert timedelta(hours=7.9) < silence.ends_at - clock() < timedelta(hours=8)
    assert "S-1" in visitor.get("/silences").text
    assert desk.rung == ["dispatch"]


def test_a_silence_ends_before_its_time(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    visitor.send("/silences", matchers="topic=Cuba", lasts="8h")
    assert visitor.send("/silences/1/end").status == 303
    (silence,) = stock.store.silences()
    assert silence.ends_at <= clock()
    assert visitor.send("/silences/1/end").status == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"matchers": ""}, "what is to be silent"),
        ({"matchers": "nonsense"}, "nonsense"),
        ({"matchers": "topic =~ ("}, "topic"),
        ({"lasts": "soon"}, "soon"),
        ({"lasts": ""}, "duration"),
        ({"lasts": "9" * 40 + "d"}, "longer"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused_and_stays_typed(
    desk: Running, stock: Stock, typed: dict[str, str], said: str
) -> None:
    answer = desk.insider().send(
        "/silences", **{"matchers": "topic=Cuba", "lasts": "8h", "comment": "why", **typed}
    )
    assert answer.status == 422
    assert said in words(answer.text)
    assert 'value="why"' in answer.text
    assert stock.store.silences() == []
    assert desk.troubles == []


def test_coverage_names_gaps_and_blind_feeds(desk: Running, stock: Stock) -> None:
    now = clock()
    stock.store.add_gap(1, from_at=now - timedelta(hours=3), to_at=now - timedelta(hours=2))
    (state,) = stock.store.claim_all(now=now, lease=timedelta())
    failed = replace(
        state, last_polled_at=now, last_ok_at=now - timedelta(days=1), failures=9, error="no <answer>"
    )
    stock.store.save_poll(failed, next_poll_at=now)
    text = desk.insider().get("/coverage").text
    assert "<h2>Gaps</h2>" in text
    assert "no &lt;answer&gt;" in text


def test_coverage_says_what_was_read_and_what_was_not(desk: Running) -> None:
    visitor = desk.insider()
    text = words(visitor.get("/coverage").text)
    assert "Something may have been missed" in text
    assert "Nobody watches now." in text
    assert "1 followed" in text
    assert "2 of 2 topics" in text
    assert visitor.get("/coverage?days=x").status == 200
    assert 'aria-current="true">7 days' in visitor.get("/coverage?days=7").text

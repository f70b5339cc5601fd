"""What is done with a hit: judged, starred, given a note, its story muted; and its own page."""

import pytest

from monitor.clock import clock
from tests.stocked import Stock
from tests.web.running import Running
from tests.web.test_now import listed, words


def verdicts(stock: Stock) -> list[tuple[int | None, str, str]]:
    return [(one.hit_id, one.verdict, one.who) for one in stock.store.judgements()]


def test_a_hit_is_marked_by_whoever_logged_in(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    assert visitor.send("/hits/1/judge", verdict="wrong", back="/?topic=Cuba").where == "/?topic=Cuba"
    assert verdicts(stock) == [(1, "wrong", "ann")]
    assert 'class="hit wrong"' in visitor.get("/").text
    visitor.send("/hits/1/judge", verdict="relevant")
    assert verdicts(stock) == [(1, "relevant", "ann")]


@pytest.mark.parametrize(
    ("path", "verdict", "status"), [("/hits/1/judge", "x", 400), ("/hits/99/judge", "wrong", 404)]
)
def test_a_judgement_of_nothing_is_refused(
    desk: Running, stock: Stock, path: str, verdict: str, status: int
) -> None:
    assert desk.insider().send(path, verdict=verdict).status == status
    assert verdicts(stock) == []


def test_a_hit_shows_why_it_matched_and_the_entry_without_its_tricks(desk: Running, stock: Stock) -> None:
    stock.see(
        "Cuba again", summary="<p onclick=x>A <b>cigar</b><img src=//e.example/p><script>x()</script></p>"
    )
    (hit,) = stock.store.hits(topic="Cuba", limit=1)
    text = desk.insider().get(f"/hits/{hit.hit_id}").text
    assert "<p>A <b>cigar</b></p>" in text
    assert "<code>Cuba</code>" in text
    assert desk.insider().get("/hits/12345").status == 404


def test_a_star_is_put_on_shown_filtered_and_taken_off(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    assert visitor.send("/hits/1/star", star="on", back="/?starred=yes").where == "/?starred=yes"
    assert listed(visitor, "/?starred=yes") == ["Cuba without light"]
    assert 'value="off" aria-label="star" aria-pressed="true"' in visitor.get("/").text
    visitor.send("/hits/1/star", star="off")
    assert listed(visitor, "/?starred=yes") == []


def test_a_note_is_kept_shown_and_never_mark_up(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    hostile = '<script>alert(1)</script>"><img src=x onerror=y> \u202eevil\r\nsecond line\x00'
    assert visitor.send("/hits/1/note", note=hostile, back="/hits/1").where == "/hits/1"
    for path in ("/", "/hits/1"):
        text = visitor.get(path).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "\u202e" not in text.split('class="note"')[1].split("</p>")[0]
    assert stock.store.remarks([1])[1].who == "ann"
    visitor.send("/hits/1/note", note="  ")
    assert stock.store.remarks([1]) == {}


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/hits/1/star", {"star": "x"}, 400),
        ("/hits/99/star", {"star": "on"}, 404),
        ("/hits/1/note", {"note": "x" * 2001}, 422),
        ("/hits/99/note", {"note": "x"}, 404),
        ("/hits/99/mute", {}, 404),
        ("/hits/99/unmute", {}, 404),
    ],
)
def test_what_is_no_star_no_note_and_no_story_is_refused(
    desk: Running, stock: Stock, path: str, fields: dict[str, str], status: int
) -> None:
    assert desk.insider().send(path, **fields).status == status
    assert (stock.store.remarks([1]), stock.store.silences(), desk.troubles) == ({}, [], [])


def test_a_muted_story_is_silent_and_shown_as_such_until_that_is_undone(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    assert visitor.send("/hits/1/mute", back="/").where == "/"
    (silence,) = stock.store.silences()
    (hit,) = stock.store.hits(ids=[1])
    assert silence.mutes(hit.labels, since=clock(), now=clock())
    assert (silence.who, desk.rung) == ("ann", ["dispatch"])
    assert "Muted until" in words(visitor.get("/").text)
    visitor.send("/hits/1/unmute", back="/")
    assert stock.store.silences(since=clock()) == []
    assert "Muted until" not in words(visitor.get("/").text)


def test_a_story_that_two_windows_mute_has_one_silence(desk: Running, stock: Stock) -> None:
    for visitor in (desk.insider(), desk.insider()):
        assert visitor.send("/hits/1/mute").status == 303
    assert len(stock.store.silences()) == 1


def test_a_page_that_asks_for_a_part_gets_the_line_as_it_is_now(desk: Running) -> None:
    visitor = desk.insider()
    fields = {"csrf": visitor.csrf(), "star": "on"}
    whole = visitor.post("/hits/1/star", fields, **{"X-Part": "line"}).text
    brief = visitor.post("/hits/1/star", fields, **{"X-Part": "brief"}).text
    assert 'aria-pressed="true"' in whole
    assert "mute story" in whole
    assert "mute story" not in brief


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 19, "9" * 40])
def test_a_number_that_no_hit_has_is_no_hit(desk: Running, stock: Stock, number: str) -> None:
    visitor = desk.insider()
    assert visitor.get(f"/hits/{number}").status == 404
    for act, fields in (
        ("judge", {"verdict": "wrong"}),
        ("star", {"star": "on"}),
        ("note", {"note": "x"}),
        ("mute", {}),
    ):
        assert visitor.send(f"/hits/{number}/{act}", **fields).status == 404
    assert visitor.get(f"/?story={number}").status == 200
    assert visitor.get(f"/feeds/{number}").status == 404
    assert (stock.store.silences(), desk.troubles) == ([], [])

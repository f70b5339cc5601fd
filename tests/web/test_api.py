"""The JSON API, its description, tokens, metrics."""

import json
import re
from typing import Any

import pytest

from monitor.clock import clock
from monitor.store.access import Scope
from monitor.web.api import OPERATIONS
from monitor.web.health import exposition
from monitor.web.keys import digest_of
from tests.stocked import Stock
from tests.web.running import Answer, Running


def ask(desk: Running, stock: Stock, path: str, *, scope: Scope = "read", sent: Any = None) -> Answer:
    """One request with a token of this scope."""
    stock.store.add_token(scope, digest_of(scope), scopes=[scope], now=clock())
    headers = {"Authorization": f"Bearer {scope}"}
    if sent is None:
        return desk.visitor().get(path, **headers)
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return desk.visitor().ask("POST", path, body, headers)


def facts(desk: Running, stock: Stock, path: str) -> Any:
    answer = ask(desk, stock, path)
    assert answer.status == 200, answer.text
    return json.loads(answer.text)


def test_hits_come_in_pages(desk: Running, stock: Stock) -> None:
    first = facts(desk, stock, "/api/v1/hits?limit=1")
    assert [hit["topic"] for hit in first["hits"]] == ["spy balloon"]
    second = facts(desk, stock, f"/api/v1/hits?limit=1&before={first['next_before']}")
    assert [hit["topic"] for hit in second["hits"]] == ["Cuba"]
    assert facts(desk, stock, "/api/v1/hits?q=light")["hits"][0]["title"] == "Cuba without light"


def test_a_hit_is_judged_with_a_token_that_may_write(desk: Running, stock: Stock) -> None:
    path, verdict = "/api/v1/hits/1/judgement", {"verdict": "wrong", "note": "a song"}
    assert ask(desk, stock, path, sent=verdict).status == 403
    assert ask(desk, stock, path, scope="write", sent=verdict).status == 200
    assert facts(desk, stock, "/api/v1/hits/1")["verdict"] == "wrong"
    (judgement,) = stock.store.judgements()
    assert (judgement.who, judgement.note) == ("write", "a song")


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"", 400), (b"[" * 99_000, 400), (b"[]", 400), ({"verdict": "x"}, 400), (b" " * 200_000, 413),
     ({"verdict": "wrong", "note": 1}, 400), (b"\xff", 400)],
)  # fmt: skip
def test_garbage_is_refused_in_words(desk: Running, stock: Stock, sent: Any, status: int) -> None:
    answer = ask(desk, stock, "/api/v1/hits/1/judgement", scope="write", sent=sent)
    assert answer.status == status
    assert json.loads(answer.text)["error"]
    assert (stock.store.judgements(), desk.troubles) == ([], [])


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/hits?q=(", 400), ("/api/v1/hits?limit=x", 400), ("/api/v1/hits/9", 404), ("/api/v1/x", 404)],
)
def test_what_can_not_be_answered_says_why(desk: Running, stock: Stock, path: str, status: int) -> None:
    answer = ask(desk, stock, path)
    assert answer.status == status
    assert json.loads(answer.text)["error"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic cmVhZDo=", "Bearer " + "x" * 5000])
def test_without_a_token_there_is_no_answer(desk: Running, header: str) -> None:
    answer = desk.visitor().get("/api/v1/hits", Authorization=header)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_session_is_no_token(desk: Running) -> None:
    assert desk.insider().get("/api/v1/hits").status == 401


def test_a_revoked_token_is_good_for_nothing(desk: Running, stock: Stock) -> None:
    assert ask(desk, stock, "/api/v1/topics").status == 200
    stock.store.revoke_token("read")
    assert desk.visitor().get("/api/v1/topics", Authorization="Bearer read").status == 401


def test_topics_and_status_are_told(desk: Running, stock: Stock) -> None:
    topics = facts(desk, stock, "/api/v1/topics")["topics"]
    assert [topic["name"] for topic in topics] == ["Cuba", "spy balloon"]
    assert facts(desk, stock, "/api/v1/status")["daemon"]["state"] == "running"


def test_the_description_names_every_operation(desk: Running, stock: Stock) -> None:
    said = facts(desk, stock, "/api/v1/openapi.json")
    assert said["openapi"].startswith("3.1")
    named = {(method, path) for path, methods in said["paths"].items() for method in methods}
    wanted = {
        (operation.method.lower(), "/api/v1" + re.sub(r":\w+", "", operation.path))
        for operation, _ in OPERATIONS
    }
    assert named == wanted
    ids = [one["operationId"] for methods in said["paths"].values() for one in methods.values()]
    assert len(ids) == len(set(ids))


def test_metrics_are_counts_that_prometheus_reads(desk: Running, stock: Stock) -> None:
    lines = ask(desk, stock, "/metrics").text.splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert all(
        re.fullmatch(r"[a-z_]+(\{\w+=\"[^\"]*\"(,\w+=\"[^\"]*\")*\})? [-+.e\d]+", one) for one in samples
    )
    assert 'monitor_hits{state="pending"} 2' in samples


def test_label_values_are_escaped() -> None:
    text = exposition([("x", "gauge", "X.", {"a": 'b"\\\n'}, 1.0)])
    assert text.splitlines()[-1] == 'x{a="b\\"\\\\\\n"} 1'


def test_health_needs_no_session(desk: Running) -> None:
    assert desk.visitor().get("/healthz").text == "ok\n"
    assert desk.visitor().get("/readyz").status == 200


def test_a_hit_gets_a_star_and_a_note(desk: Running, stock: Stock) -> None:
    assert ask(desk, stock, "/api/v1/hits/1/star", scope="write", sent={"starred": True}).status == 200
    note = {"note": " <b>call</b> \x00\ud800 "}
    headers = {"Authorization": "Bearer write"}
    body = json.dumps(note).encode()
    assert desk.visitor().ask("POST", "/api/v1/hits/1/note", body, headers).status == 200
    (hit,) = facts(desk, stock, "/api/v1/hits?starred=yes")["hits"]
    assert (hit["id"], hit["starred"], hit["note"]) == (1, True, "<b>call</b> \ufffd")
    assert desk.troubles == []


def test_the_story_of_a_hit_is_muted_and_heard_again(desk: Running, stock: Stock) -> None:
    answer = ask(desk, stock, "/api/v1/hits/1/mute", scope="write", sent={"muted": True})
    story = json.loads(answer.text)["story"]
    (silence,) = stock.store.silences(since=clock())
    assert ([str(one) for one in silence.matchers], silence.who) == ([f'story="{story}"'], "write")
    body, headers = json.dumps({"muted": False}).encode(), {"Authorization": "Bearer write"}
    assert desk.visitor().ask("POST", "/api/v1/hits/1/mute", body, headers).status == 200
    assert stock.store.silences(since=clock()) == []


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [("1/mute", {"muted": "yes"}, 400), ("9/mute", {"muted": True}, 404),
     ("1/star", {"starred": 1}, 400), ("1/star", {}, 400), ("9/star", {"starred": True}, 404),
     ("1/note", {"note": 1}, 400), ("1/note", {"note": "x" * 2001}, 400), ("9/note", {"note": ""}, 404)],
)  # fmt: skip
def test_what_is_no_star_and_no_note_is_refused(
    desk: Running, stock: Stock, path: str, sent: Any, status: int
) -> None:
    answer = ask(desk, stock, f"/api/v1/hits/{path}", scope="write", sent=sent)
    assert answer.status == status
    assert json.loads(answer.text)["error"]
    assert (stock.store.remarks([1]), stock.store.silences()) == ({}, [])

"""Who comes in and who does not: pages without a session, hosts, origins, tokens, passwords, sessions."""

import gzip
import re
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from starlette.routing import Route

from monitor.clock import clock
from monitor.errors import ConfigError
from monitor.store import open_store
from monitor.web.keys import digest_of
from monitor.web.site import routes
from tests.stocked import Stock
from tests.web.running import PASSWORD, SECONDS, Running, running

WITH_THEIR_OWN_RIGHT = {
    "/act/{link}",
    "/push/{token}",
    *(f"/out/{{key}}/hits.{kind}" for kind in ("atom", "rss", "json")),
}
OPEN = {"/setup", "/login", "/healthz", "/readyz", "/static/{name}"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def every_route() -> list[tuple[str, str]]:
    """Methods and addresses of all pages, with something in the place of their parts."""
    return [
        (method, re.sub(r"\{\w+:id\}", "1", re.sub(r"\{\w+\}", "x", route.path)))
        for route in routes(tls=False)
        if isinstance(route, Route) and route.path not in OPEN | WITH_THEIR_OWN_RIGHT
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def test_no_page_is_shown_and_nothing_is_done_without_a_session(desk: Running) -> None:
    desk.insider()
    stranger = desk.visitor()
    assert len(every_route()) > 8
    for method, path in every_route():
        answer = stranger.ask(method, path, b"", {"Origin": stranger.origin, **FORM})
        led_away = answer.status == 303 and answer.where.startswith("/login")
        assert led_away or answer.status == 401, f"{method} {path}: {answer.status}"
        assert "Cuba" not in answer.text


def test_a_page_that_asks_for_no_session_asks_for_a_right_in_its_address(desk: Running) -> None:
    desk.insider()
    stranger = desk.visitor()
    asked = [route for route in routes(tls=False) if route.path in WITH_THEIR_OWN_RIGHT]
    assert {route.path for route in asked} == WITH_THEIR_OWN_RIGHT
    for route in asked:
        for method in sorted(route.methods or ()):
            answer = stranger.ask(method, re.sub(r"\{\w+\}", "x", route.path))
            assert (answer.status, "Cuba" in answer.text) == (404, False), f"{method} {route.path}"


@pytest.mark.parametrize("path", ["/nowhere", "/static/../hits/1", "//", "/api/v2", "/login/x", "/setup.php"])
def test_what_nobody_has_named_is_closed_too(desk: Running, path: str) -> None:
    desk.insider()
    answer = desk.visitor().get(path)
    assert answer.status in (303, 401, 404)
    assert answer.status != 404 or path.startswith("/static/")


def test_the_first_visit_sets_the_password_and_is_in(desk: Running) -> None:
    visitor = desk.visitor()
    assert visitor.get("/").where == "/setup"
    assert visitor.set_up().where == "/"
    assert "Cuba without light" in re.sub("<[^>]+>", "", visitor.get("/").text)


def test_the_password_is_set_only_once(desk: Running) -> None:
    desk.insider()
    assert desk.visitor().set_up("another password").where == "/login"
    assert desk.visitor().log_in("another password").status == 401


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "203.0.113.9"}, {"Host": "desk.example.org"}, {"Forwarded": "for=x"}]
)
def test_the_password_is_set_only_on_the_machine_itself(desk: Running, headers: dict[str, str]) -> None:
    assert desk.visitor().get("/setup", **headers).status in (403, 421)


@pytest.mark.parametrize(("password", "again"), [("short", "short"), ("a" * 12, "a" * 12), (PASSWORD, "x")])
def test_a_password_that_is_no_good_is_refused(desk: Running, password: str, again: str) -> None:
    answer = desk.visitor().post("/setup", {"password": password, "again": again})
    assert answer.status == 422
    assert 'role="alert"' in answer.text


def test_the_session_is_kept_from_scripts_and_other_sites(desk: Running) -> None:
    cookie = desk.visitor().set_up().headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_the_database_holds_neither_the_password_nor_the_session(desk: Running) -> None:
    visitor = desk.insider()
    store = open_store(desk.database)
    dump = "\n".join(map(str, store._conn.iterdump()))
    store.close()
    assert PASSWORD not in dump
    assert visitor.cookies["monitor_session"] not in dump


def test_after_a_few_wrong_passwords_one_has_to_wait(desk: Running) -> None:
    desk.insider()
    guesser = desk.visitor()
    statuses = [guesser.log_in("wrong guess").status for _ in range(6)]
    assert statuses[:4] == [401] * 4
    assert statuses[-1] == 429
    assert guesser.log_in().status == 429


def test_who_logs_out_is_out_with_every_copy_of_the_cookie(desk: Running) -> None:
    visitor = desk.insider()
    copy = desk.visitor()
    copy.cookies = dict(visitor.cookies)
    assert visitor.send("/logout").where == "/login"
    assert copy.get("/").where == "/login"


def test_a_session_ends_when_it_is_not_used(desk: Running) -> None:
    visitor = desk.insider()
    store = open_store(desk.database)
    digest = digest_of(visitor.cookies["monitor_session"])
    store.touch_session(digest, now=clock() - timedelta(days=15))
    store.close()
    assert visitor.get("/").where == "/login"


def test_after_the_log_in_one_is_where_one_wanted_to_be_but_never_elsewhere(desk: Running) -> None:
    desk.insider()
    assert desk.visitor().get("/feeds?x=1").where == "/login?next=%2Ffeeds%3Fx%3D1"
    for wanted, got in (
        ("/feeds", "/feeds"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\x", "/"),
    ):
        done = desk.visitor().post("/login", {"password": PASSWORD, "next": wanted})
        assert done.where == got


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", ""])
def test_a_name_that_is_not_the_desks_is_not_answered(desk: Running, host: str) -> None:
    assert desk.visitor().get("/login", Host=host).status in (400, 421)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_change_from_another_site_is_refused(desk: Running, origin: str) -> None:
    visitor = desk.insider()
    fields = {"csrf": visitor.csrf(), "verdict": "wrong"}
    assert visitor.post("/hits/1/judge", fields, Origin=origin).status == 403
    assert visitor.post("/login", {"password": PASSWORD}, Origin=origin).status == 403


def test_a_change_that_does_not_say_where_it_comes_from_is_refused(desk: Running) -> None:
    visitor = desk.insider()
    body = f"csrf={visitor.csrf()}&verdict=wrong".encode()
    assert visitor.ask("POST", "/hits/1/judge", body, FORM).status == 403


@pytest.mark.parametrize("csrf", ["", "x", "é" * 10])
def test_a_form_without_its_token_is_refused(desk: Running, csrf: str) -> None:
    visitor = desk.insider()
    assert visitor.post("/hits/1/judge", {"csrf": csrf, "verdict": "wrong"}).status == 403


def test_the_token_of_another_session_does_not_fit(desk: Running) -> None:
    one, other = desk.insider(), desk.insider()
    assert one.post("/hits/1/judge", {"csrf": other.csrf(), "verdict": "wrong"}).status == 403


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"a" * 20_001, FORM["Content-Type"], 413),
        (b"&".join([b"a=1"] * 3000), FORM["Content-Type"], 400),
        (b"--x--", "multipart/form-data; boundary=x", 415),
        (b"\xff\xfe", FORM["Content-Type"], 400),
    ],
)
def test_garbage_in_the_place_of_a_form_is_refused(
    desk: Running, body: bytes, kind: str, status: int
) -> None:
    visitor = desk.visitor()
    answer = visitor.ask("POST", "/login", body, {"Origin": visitor.origin, "Content-Type": kind})
    assert answer.status == status
    assert desk.troubles == []


def test_a_form_on_the_desk_may_be_larger_and_not_without_end(desk: Running) -> None:
    visitor = desk.insider()
    assert visitor.send("/topics/check", query="a " * 50_000).status == 200
    assert visitor.send("/topics/check", query="a" * 2_000_001).status == 413


def test_every_answer_forbids_what_the_desk_does_not_need(desk: Running) -> None:
    visitor = desk.insider()
    for path in ("/", "/login", "/nowhere", "/healthz", "/api/v1/hits", "/static/desk.css"):
        headers = visitor.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "strict-transport-security" not in headers


def test_pages_have_no_script_and_no_style_of_their_own(desk: Running) -> None:
    visitor = desk.insider()
    for path in ("/", "/feeds", "/alerts", "/hits/1"):
        text = visitor.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", text), path


def test_behind_tls_cookies_and_browsers_are_told_to_stay_there(stock: Stock) -> None:
    directory = stock.folder / "config"
    settings = "web: {listen: '127.0.0.1:0', public_url: 'https://desk.example'}\ndatabase: ../monitor.db\n"
    (directory / "monitor.yaml").write_text(settings)
    with running(directory, stock.path) as desk:
        desk.insider()
        visitor = desk.visitor()
        visitor.host = "desk.example"
        answer = visitor.log_in()
        assert answer.status == 303
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "max-age" in answer.headers["strict-transport-security"]


def test_how_it_is_reached_may_change_while_it_runs(stock: Stock) -> None:
    """Messages carry links to the new address from the moment that the edit is taken up."""
    settings = stock.folder / "config" / "monitor.yaml"
    with running(stock.folder / "config", stock.path) as desk:
        visitor = desk.insider()
        visitor.host = "desk.example"
        assert visitor.get("/login").status == 421
        settings.write_text(
            "web: {listen: '127.0.0.1:0', public_url: 'http://desk.example'}\ndatabase: ../monitor.db\n"
        )
        assert visitor.get("/login").status == 200
        assert desk.visitor().get("/login").status == 200


def test_elsewhere_than_on_loopback_it_is_not_served_before_it_has_a_password(stock: Stock) -> None:
    directory = stock.folder / "config"
    (directory / "monitor.yaml").write_text("web: {listen: ':0'}\ndatabase: ../monitor.db\n")
    with pytest.raises(ConfigError, match="no password yet"), running(directory, stock.path):
        pass
    stock.store.set_secret("password", "x", now=clock())
    with running(directory, stock.path) as desk:
        assert desk.visitor().get("/").where == "/login"


def test_styles_and_scripts_come_compressed_to_those_who_can_read_them_so(desk: Running) -> None:
    plain = desk.visitor().get("/static/desk.css")
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=SECONDS)
    connection.request("GET", "/static/desk.css", headers={"Accept-Encoding": "gzip, br"})
    answer = connection.getresponse()
    small = answer.read()
    connection.close()
    assert (answer.headers["content-encoding"], plain.headers["content-encoding"]) == ("gzip", None)
    assert (answer.headers["vary"], plain.headers["vary"]) == ("Accept-Encoding", "Accept-Encoding")
    assert gzip.decompress(small).decode() == plain.text
    assert len(small) < len(plain.text) / 2

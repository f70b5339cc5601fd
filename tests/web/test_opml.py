"""Lists of feeds: taken in with what is new, known and refused; given out without secrets; garbage."""

from pathlib import Path

import pytest

from monitor.config import load
from monitor.feeds.opml import read_opml
from tests.web.running import Answer, Running, Visitor
from tests.web.test_now import words

BETWEEN = "x7"
LIST = b"""<opml version="2.0"><head/><body>
<outline text="Asia"><outline type="rss" text="&lt;b&gt;Focus" xmlUrl="https://focus.example/rss"/></outline>
<outline type="rss" text="Old" xmlUrl="https://A.example/feed"/>
<outline type="rss" text="Local" xmlUrl="file:///etc/passwd"/>
<outline type="rss" text="Command" xmlUrl="exec:id"/>
</body></opml>
"""


def send(desk: Running, content: bytes, *, file: str = "list.opml", **fields: str) -> Answer:
    """Somebody sends a list."""
    return take_in(desk.insider(), content, file=file, **fields)


def take_in(visitor: Visitor, content: bytes, *, file: str = "list.opml", **fields: str) -> Answer:
    """The form with a list, as a browser sends it."""
    pieces = []
    for name, value in {"csrf": visitor.csrf(), **fields}.items():
        pieces.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode())
    head = f'Content-Disposition: form-data; name="list"; filename="{file}"\r\nContent-Type: text/xml\r\n\r\n'
    pieces.append(head.encode() + content)
    body = b"".join(b"--x7\r\n" + piece + b"\r\n" for piece in pieces) + b"--x7--\r\n"
    headers = {"Content-Type": f"multipart/form-data; boundary={BETWEEN}", "Origin": visitor.origin}
    return visitor.ask("POST", "/feeds/opml", body, headers)


def feeds_yaml(desk: Running) -> str:
    return (desk.directory / "feeds.yaml").read_text()


def test_what_is_new_is_written_and_the_rest_is_counted_and_named(desk: Running) -> None:
    before = feeds_yaml(desk)
    answer = send(desk, LIST, labels="kind: wire")
    shown = words(answer.text)
    assert answer.status == 200
    assert "1 feed followed from now on, 1 known already, 2 refused." in shown
    assert "feeds are read over http and https, not `file`" in shown
    assert "<b>Focus" not in answer.text
    assert feeds_yaml(desk).startswith(before)
    (_, new) = load(desk.directory, environ={}).subscriptions
    assert (new.url, dict(new.labels)) == ("https://focus.example/rss", {"folder": "Asia", "kind": "wire"})


def test_a_first_look_writes_nothing(desk: Running) -> None:
    before = feeds_yaml(desk)
    assert "1 feed would be new; nothing was written" in words(send(desk, LIST, do="look").text)
    assert feeds_yaml(desk) == before


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "a file is expected"),
        (b"\x00\x01\xff", "not an OPML list of feeds"),
        (b"<html><body>", "not an OPML list of feeds"),
        (b"<opml><body><outline text='a' text='b'/>", "line 1, column 31: this is not XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><opml>&a;</opml>', "entities are not expanded here"),
        (b"<opml><body>" + b"<outline>" * 50, "nested more than 32 deep"),
    ],
)
def test_garbage_is_refused_with_its_place(desk: Running, content: bytes, why: str) -> None:
    before = feeds_yaml(desk)
    answer = send(desk, content, file="<script>x</script>.opml")
    assert answer.status == 422
    assert why in words(answer.text)
    assert "<script>x" not in answer.text
    assert (feeds_yaml(desk), desk.troubles) == (before, [])


def test_a_file_that_is_too_large_is_refused(desk: Running) -> None:
    assert send(desk, b" " * 5_000_001).status == 413


def test_a_wrong_label_is_said(desk: Running) -> None:
    answer = send(desk, LIST, labels="what?")
    assert (answer.status, "a label is written" in words(answer.text)) == (422, True)


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x7", "text/plain"])
def test_what_is_no_form_with_a_file_is_refused(desk: Running, kind: str) -> None:
    visitor = desk.insider()
    headers = {"Content-Type": kind, "Origin": visitor.origin}
    assert visitor.ask("POST", "/feeds/opml", b"--x7\r\nx", headers).status in (400, 415)
    assert desk.troubles == []


def test_a_form_with_a_file_needs_its_token_too(desk: Running) -> None:
    visitor = desk.insider()
    headers = {"Content-Type": "multipart/form-data; boundary=x7", "Origin": visitor.origin}
    body = b'--x7\r\nContent-Disposition: form-data; name="list"; filename="a"\r\n\r\n' + LIST + b"\r\n--x7--"
    assert visitor.ask("POST", "/feeds/opml", body, headers).status == 403


def test_the_feeds_come_out_as_a_list_without_secrets(desk: Running, tmp_path: Path) -> None:
    (desk.directory / "feeds.yaml").write_text(
        "- {url: 'https://a.example/rss?key=hunter2', name: <A>}\n"
        "- {url: 'https://b.example/rss', name: B & C, labels: {folder: Asia/East}}\n"
    )
    visitor = desk.insider()
    answer = visitor.get("/feeds/feeds.opml")
    assert answer.headers["content-disposition"] == 'attachment; filename="feeds.opml"'
    (one,) = read_opml(answer.text.encode()).feeds
    assert (one.url, one.title, one.folders) == ("https://b.example/rss", "B & C", ("Asia", "East"))
    assert "&lt;A&gt; (its address holds a secret)" in words(visitor.get("/feeds/opml").text)
    assert "hunter2" not in answer.text + visitor.get("/feeds/opml").text

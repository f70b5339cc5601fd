"""Documents for news grep: what is read, what is refused and where, and that plain text stays as it is."""

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli import documents
from monitor.cli.documents import BadLine, Read, looks_like_markup, plain, read_documents


def read(path: Path, data: bytes, *, text: bool = False) -> list[Read | BadLine]:
    path.write_bytes(data)
    return list(read_documents([str(path)], text=text))


def only(found: list[Read | BadLine]) -> Read:
    (one,) = found
    assert isinstance(one, Read)
    return one


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "docs.jsonl"


def test_every_field_is_read(path: Path) -> None:
    value = {
        "id": "a1", "title": "Title", "summary": "Short", "content": "Long", "url": "https://news.example.org/a",
        "author": "A. Writer", "tags": ["cuba", "oil"], "lang": "en", "feed": "Desk",
        "published": "2024-05-01T10:00:00Z",
    }  # fmt: skip
    one = only(read(path, json.dumps(value).encode()))
    assert one.name == "a1"
    document = one.document
    assert (document.title, document.summary, document.content) == ("Title", "Short", "Long")
    assert (document.url, document.site) == ("https://news.example.org/a", "news.example.org")
    assert (document.author, document.tags, document.lang) == ("A. Writer", ("cuba", "oil"), "en")
    assert document.feed == "Desk"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"id": "a", "url": "u"}, "a"),
        ({"id": "", "url": "https://x"}, "https://x"),
        ({"id": None, "link": "https://x"}, "https://x"),
        ({"id": 7}, 7),
        ({"id": 0}, 0),
        ({"title": "t"}, "PATH:1"),
    ],
)
def test_a_document_is_named_by_its_id_else_its_url_else_its_place(
    path: Path, value: object, name: object
) -> None:
    assert only(read(path, json.dumps(value).encode())).name == (f"{path}:1" if name == "PATH:1" else name)


def test_blank_lines_a_byte_order_mark_and_a_missing_last_line_end_are_no_trouble(path: Path) -> None:
    found = read(path, b'\xef\xbb\xbf{"id": "a"}\r\n\r\n   \n  {"id": "b"}  \n{"id": "c"}')
    assert [one.name for one in found if isinstance(one, Read)] == ["a", "b", "c"]
    assert len(found) == 3


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        (b'{"id": }', 8, "not JSON: expecting value"),
        (b'{"id": 1} {"id": 2}', 10, "not JSON: more follows the value"),
        (b"[1]", 1, "a JSON object is expected, this is a list"),
        (b'"text"', 1, "a JSON object is expected, this is a text"),
        (b"12", 1, "a JSON object is expected, this is a number"),
        (b"null", 1, "a JSON object is expected, this is null"),
        (b'{"title": ["a"]}', 1, "title: a text is expected, this is a list"),
        (b'{"title": true}', 1, "title: a text is expected, this is true or false"),
        (b'{"tags": [1]}', 1, "tags: a list of texts is expected"),
        (b'{"title": "\xff"}', 12, "the byte 0xff is not UTF-8"),
        (b"[" * 100_000, 1, "not a document: nested too deeply"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_line_is_told_with_its_place_and_the_next_is_read(
    path: Path, line: bytes, column: int, message: str
) -> None:
    before, bad, after = read(path, b'{"id": "a"}\n' + line + b'\n{"id": "b"}\n')
    assert isinstance(before, Read)
    assert isinstance(after, Read)
    assert after.name == "b"
    assert bad == BadLine(str(path), 2, column, message)
    assert str(bad) == f"{path}:2:{column}: {message}"


def test_a_line_too_long_for_memory_is_skipped_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_LINE", 64)
    found = read(path, b'{"title": "' + b"x" * 500 + b'"}\n{"id": "b"}\n')
    assert isinstance(found[0], BadLine)
    assert found[0].line == 1
    assert [one.name for one in found if isinstance(one, Read)] == ["b"]


def test_a_file_that_is_not_there_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text('{"id": "a"}\n', encoding="utf-8")
    bad, one = read_documents([str(tmp_path / "none.jsonl"), str(good)], text=False)
    assert str(bad) == f"{tmp_path / 'none.jsonl'}: no such file or directory"
    assert isinstance(one, Read)


def test_packed_files_are_unpacked_and_broken_ones_told(tmp_path: Path) -> None:
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"id": "a"}\n'))
    assert only(list(read_documents([str(packed)], text=False))).name == "a"
    packed.write_bytes(packed.read_bytes()[:-12])
    found = list(read_documents([str(packed)], text=False))
    assert isinstance(found[-1], BadLine)
    assert found[-1].line == 0


def test_a_plain_text_file_is_one_document_without_a_title(tmp_path: Path) -> None:
    one = only(read(tmp_path / "page.txt", b"Erste Zeile\n\nAT&amp;T <b>x</b>\n", text=True))
    assert one.name == str(tmp_path / "page.txt")
    assert one.document.title == ""
    assert one.document.content == "Erste Zeile\n\nAT&amp;T <b>x</b>\n"


def test_half_characters_that_json_can_spell_are_replaced_one_by_one(path: Path) -> None:
    one = only(read(path, b'{"title": "a\\ud800b \\ud83c\\udf88"}'))
    assert one.document.title == "a\ufffdb \U0001f388"


@pytest.mark.parametrize(
    "text",
    [
        "<p>x",
        "a<br>b",
        "a<br/>b",
        "</div>",
        '<a href="u">x</a>',
        "AT&amp;T",
        "&#8217;",
        "&#x2019;",
        "<!-- x -->",
    ],
)
def test_markup_is_seen(text: str) -> None:
    assert looks_like_markup(text)


@pytest.mark.parametrize(
    "text",
    [
        "a < b > c",
        "<me@example.org>",
        "R&D; done",
        "AT&T",
        "x <y and z> w",
        "if a<b and b>c",
        "<3",
        "?a=1&b=2",
    ],
)
def test_plain_text_with_angle_brackets_and_ampersands_is_no_markup(text: str) -> None:
    assert not looks_like_markup(text)
    assert plain(text) == text


@pytest.mark.parametrize(
    "text", ["<a " + "=" * 300_000, "<a " * 100_000, "<b" + " " * 300_000, "&a" * 200_000]
)
def test_looking_for_markup_takes_no_longer_than_reading(text: str) -> None:
    began = time.process_time()
    assert not looks_like_markup(text)
    assert time.process_time() - began < 1


@given(st.text(alphabet=st.characters(exclude_characters="<&", exclude_categories=["Cs"])))
def test_plain_text_stays_exactly_as_it_is(text: str) -> None:
    assert plain(text) == text

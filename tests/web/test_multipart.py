"""Forms with a file: what browsers send is read, byte for byte; anything else is refused in words."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.web.multipart import Part, boundary_of, parts_of

BETWEEN = "----WebKitFormBoundaryx7"


def written(*parts: Part) -> bytes:
    """The parts as a browser writes them."""
    text = b""
    for part in parts:
        file = f'; filename="{part.file}"\r\nContent-Type: text/x-opml' if part.file is not None else ""
        head = f'--{BETWEEN}\r\nContent-Disposition: form-data; name="{part.name}"{file}\r\n\r\n'
        text += head.encode() + part.content + b"\r\n"
    return text + f"--{BETWEEN}--\r\n".encode()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.binary(max_size=60), st.sampled_from(["x.opml", None]))))
def test_what_is_written_is_read(given: list[tuple[str, bytes, str | None]]) -> None:
    parts = [Part(name=name, content=content, file=file) for name, content, file in given]
    assert list(parts_of(written(*parts), BETWEEN)) == parts


@given(st.binary(max_size=200))
def test_garbage_is_a_form_or_a_value_error_and_nothing_else(body: bytes) -> None:
    for text in (body, written()[:20] + body, written(Part(name="a", content=body, file=None))[:-9]):
        with suppress(ValueError):
            assert len(list(parts_of(text, BETWEEN))) <= text.count(b"--")


@pytest.mark.parametrize(
    ("text", "boundary"),
    [
        (f"multipart/form-data; boundary={BETWEEN}", BETWEEN),
        (f'multipart/form-data; boundary="{BETWEEN}"', BETWEEN),
        ("multipart/form-data", ""),
        ("multipart/form-data; boundary=", ""),
        ("multipart/form-data; boundary=" + "x" * 71, ""),
        ("multipart/form-data; boundary=\u00e9", ""),
        ("multipart/form-data; boundary*=utf-8''x", ""),
    ],
)
def test_a_boundary_is_short_and_plain(text: str, boundary: str) -> None:
    assert boundary_of(text) == boundary


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "has no end"),
        (written(Part(name="a", content=b"x", file=None))[:-6], "has no end"),
        (f"--{BETWEEN}\r\n\r\nx\r\n--{BETWEEN}--".encode(), "has no name"),
        (written(*[Part(name="a", content=b"", file=None)] * 51), "too many fields"),
    ],
)
def test_what_is_no_form_says_why(body: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        list(parts_of(body, BETWEEN))

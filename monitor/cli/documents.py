"""Documents for news grep: JSON lines or plain text files → documents, one at a time.

Does not match. A line that can not be read becomes a `BadLine`, and the reading goes on.
"""

import bz2
import gzip
import json
import lzma
import re
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

from monitor.topics.document import Document

MAX_LINE = 64 * 1024 * 1024
"""Bytes a line of JSON may have: above this it is no document, and memory would go."""
STDIN = "-"
BROKEN_ARCHIVE = (EOFError, lzma.LZMAError, zlib.error)
"""What reading a packed file raises beside OSError."""

# `link` is what an archive of entries calls the URL.
_TEXTS = frozenset(("id", "title", "summary", "content", "url", "link", "author", "lang", "feed"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAY_BE_HALF = re.compile(r"\\u[dD]")
"""JSON can spell half a character, UTF-8 can not."""
_DECODER = json.JSONDecoder()

_TAGS = (
    "a abbr address article aside audio b big blockquote br button caption center cite code dd del "
    "details div dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html "
    "i iframe img input ins kbd label li link main mark meta nav noscript object ol p picture pre q s "
    "samp script section small source span strike strong style sub summary sup svg table tbody td tfoot "
    "th thead time title tr tt u ul var video wbr"
)
# Possessive throughout: whatever a stranger writes, no character is looked at often.
_MARKUP = re.compile(
    rf"</?(?:{'|'.join(_TAGS.split())})(?:\s[^<>=]*+=[^<>]*+)?+\s*+/?>|<!--|<!\[CDATA\[|<!doctype\s"
    r"|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line, or a file as a whole (line 0), that can not be read, and why in words."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Read:
    """A document and what names it in the output: its id, else its URL, else FILE:LINE."""

    name: str | int
    document: Document


def read_documents(files: Sequence[str], *, text: bool) -> Iterator[Read | BadLine]:
    """The documents of these files in their order ("-" is standard input), read as they are asked for."""
    for file in files:
        try:
            with opened(file) as stream:
                yield from [_read_text(file, stream)] if text else _read_lines(file, stream)
        except (OSError, ValueError, *BROKEN_ARCHIVE) as error:
            yield BadLine(file, 0, 0, reason(error))


def looks_like_markup(text: str) -> bool:
    """Whether a text has HTML's tags or character references; `a < b` and `<me@example.org>` have none."""
    return ("<" in text or "&" in text) and _MARKUP.search(text) is not None


def plain(text: str) -> str:
    """The text without mark-up; a plain text stays exactly as it is, so that spans fit it."""
    if not looks_like_markup(text):
        return text
    from monitor.topics.markup import text_of

    return text_of(text)


def document_from(value: Mapping[str, Any], *, name: str = "") -> Document:
    """The document that a JSON object describes; raises ValueError for a field of the wrong kind."""
    texts = {key: _text(key, text) for key, text in value.items() if key in _TEXTS}
    url = texts.get("url") or texts.get("link", "")
    return Document(
        id=texts.get("id") or url or name,
        title=texts.get("title", ""),
        summary=plain(texts.get("summary", "")),
        content=plain(texts.get("content", "")),
        url=url,
        site=_site(url) if url else "",
        feed=texts.get("feed", ""),
        author=texts.get("author", ""),
        tags=_tags(value.get("tags")),
        lang=texts.get("lang", ""),
    )


def _read_lines(file: str, stream: IO[bytes]) -> Iterator[Read | BadLine]:
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            yield BadLine(file, number, 1, f"the line is longer than {MAX_LINE // 2**20} MiB")
            _skip_rest(stream)
        elif not line.isspace():
            yield _read_line(file, number, line)


def _read_line(file: str, number: int, line: bytes) -> Read | BadLine:
    try:
        return _document(line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip(), f"{file}:{number}")
    except UnicodeDecodeError as error:
        return BadLine(file, number, error.start + 1, f"the byte 0x{line[error.start]:02x} is not UTF-8")
    except json.JSONDecodeError as error:
        return BadLine(file, number, error.colno, f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}")
    except RecursionError:
        return BadLine(file, number, 1, "not a document: nested too deeply")
    except ValueError as error:
        return BadLine(file, number, 1, str(error))


def _document(text: str, place: str) -> Read:
    # The decoder itself: json.loads looks at its arguments first, for every line.
    value, end = _DECODER.raw_decode(text, len(text) - len(text.lstrip()))
    if end != len(text):
        raise json.JSONDecodeError("more follows the value", text, end)
    if not isinstance(value, dict):
        raise ValueError(f"a JSON object is expected, this is {_kind(value)}")
    if _MAY_BE_HALF.search(text):
        value = _whole(value)
    document = document_from(value, name=place)
    number = value.get("id")
    return Read(number if type(number) is int else document.id, document)


def _read_text(file: str, stream: IO[bytes]) -> Read:
    text = stream.read().decode("utf-8-sig", errors="replace")
    return Read(file, Document(id=file, content=text))


def _skip_rest(stream: IO[bytes]) -> None:
    while rest := stream.readline(MAX_LINE):
        if rest.endswith(b"\n"):
            return


def _text(key: str, text: Any) -> str:
    if isinstance(text, str):
        return text
    if text is None:
        return ""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return str(text)
    raise ValueError(f"{key}: a text is expected, this is {_kind(text)}")


def _tags(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    tags = [value] if isinstance(value, str) else value
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("tags: a list of texts is expected")
    return tuple(tags)


def _whole(value: Any) -> Any:
    """The texts in a value with their half characters replaced one by one."""
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case list():
            return [_whole(inner) for inner in value]
        case dict():
            return {key: _whole(inner) for key, inner in value.items()}
        case _:
            return value


def _site(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


@contextmanager
def opened(file: str) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked by its suffix."""
    if file == STDIN:
        yield sys.stdin.buffer
        return
    with _unpacked(file) as stream:
        yield stream


def _unpacked(file: str) -> IO[bytes]:
    match Path(file).suffix:
        case ".gz":
            return cast(IO[bytes], gzip.open(file))
        case ".xz":
            return cast(IO[bytes], lzma.open(file))
        case ".bz2":
            return cast(IO[bytes], bz2.open(file))
        case _:
            return Path(file).open("rb")


def reason(error: Exception) -> str:
    """Why a file can not be read."""
    return error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)

"""A form that carries a file, as browsers send it (RFC 7578): cut into its parts in one pass. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

MULTIPART = "multipart/form-data"
MOST_PARTS = 50
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=?]{1,70}")
LONGEST_HEAD = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A field of a form; `file` is the name that a file has where it comes from, None for a field."""

    name: str
    content: bytes
    file: str | None


def boundary_of(content_type: str) -> str:
    """What stands between the parts, "" where that is not said as it should be."""
    boundary = _parameter(content_type, "boundary") or ""
    return boundary if _BOUNDARY.fullmatch(boundary) else ""


def parts_of(body: bytes, boundary: str) -> Iterator[Part]:
    """The parts of a form; raises ValueError where it is none."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("ascii"), MOST_PARTS + 1)[1:]
    for number, piece in enumerate(pieces):
        if piece.startswith(b"--"):
            return
        if number == MOST_PARTS:
            raise ValueError("the form has too many fields")
        head, _, content = piece.partition(b"\r\n\r\n")
        yield _part(head, content)
    raise ValueError("the form has no end")


def _part(head: bytes, content: bytes) -> Part:
    for line in head[:LONGEST_HEAD].decode("utf-8", "replace").split("\r\n"):
        header, _, value = line.partition(":")
        if header.strip().lower() == "content-disposition":
            return Part(
                name=_parameter(value, "name") or "", content=content, file=_parameter(value, "filename")
            )
    raise ValueError("a field of the form has no name")


def _parameter(value: str, name: str) -> str | None:
    message = Message()
    message["x"] = value.replace("\n", " ").replace("\r", " ")
    found = message.get_param(name, header="x")
    return found if isinstance(found, str) else None

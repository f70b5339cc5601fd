"""What browsers send in a form: read with a limit, as names and texts, and files. Knows no page."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from monitor.web.multipart import MULTIPART, Part, boundary_of, parts_of

MOST_BYTES = 2_000_000
MOST_WITH_FILE = 5_000_000
MOST_FROM_STRANGERS = 20_000
"""Bytes of a form from somebody who has not come in: a password and a name."""
MOST_FIELDS = 2000
FORM = "application/x-www-form-urlencoded"


class WrongFormError(ValueError):
    """What was sent is no form, or too large; .status is what HTTP calls that."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class Form(Mapping[str, str]):
    """The fields of a form; of one that stands there twice the first counts."""

    def __init__(self, pairs: list[tuple[str, str]], *, files: Mapping[str, Part] | None = None) -> None:
        self.files = files or {}
        """The files that came with it, by the names of their fields."""
        self._fields: dict[str, str] = {}
        for name, value in pairs:
            self._fields.setdefault(name, value.replace("\r\n", "\n").replace("\x00", ""))

    def __getitem__(self, name: str) -> str:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def text(self, name: str) -> str:
        """A field without blanks around it, "" where it is missing."""
        return self._fields.get(name, "").strip()

    def lines(self, name: str) -> list[str]:
        """The lines of a field that have something in them."""
        return [line.strip() for line in self._fields.get(name, "").splitlines() if line.strip()]

    def number(self, name: str) -> int:
        """A field that is a whole number; raises WrongFormError."""
        value = self.text(name)
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            raise WrongFormError(f"{name}: a number is expected", status=400)
        return int(value)


async def read_small_form(request: Request) -> Form:
    """The form of somebody who has not come in yet, without files; raises WrongFormError."""
    return await _without_files(request, most=MOST_FROM_STRANGERS)


async def read_form(request: Request) -> Form:
    """The form that a request carries; raises WrongFormError."""
    if _kind_of(request) == MULTIPART:
        given = request.headers["content-type"]
        return _with_files(await read_body(request, most=MOST_WITH_FILE), given)
    return await _without_files(request, most=MOST_BYTES)


async def _without_files(request: Request, *, most: int) -> Form:
    if _kind_of(request) != FORM:
        raise WrongFormError("a form is expected", status=415)
    body = await read_body(request, most=most)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"
        )
    except ValueError as error:
        raise WrongFormError("this is no form", status=400) from error
    return Form(pairs)


def _kind_of(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _with_files(body: bytes, content_type: str) -> Form:
    boundary = boundary_of(content_type)
    if not boundary:
        raise WrongFormError("the form does not say what stands between its fields", status=400)
    try:
        parts = list(parts_of(body, boundary))
    except ValueError as error:
        raise WrongFormError(f"this is no form: {error}", status=400) from error
    pairs = [(part.name, part.content.decode("utf-8", "replace")) for part in parts if part.file is None]
    return Form(pairs, files={part.name: part for part in parts if part.file is not None})


async def read_body(request: Request, *, most: int) -> bytes:
    """A request's body; raises WrongFormError where it is longer."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise WrongFormError(f"more than {most:,} bytes", status=413)
    return bytes(body)

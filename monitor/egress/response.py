"""What comes back from a request. Data only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from monitor.records import dataclass


class Headers(Mapping[str, str]):
    """Headers by name in any case; several of one name are joined by commas."""

    __slots__ = ("_values",)

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        self._values: dict[str, str] = {}
        for name, value in pairs:
            key = name.lower()
            self._values[key] = f"{self._values[key]}, {value}" if key in self._values else value

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({list(self._values.items())!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back. `url` is where it came from in the end; the body is unpacked.

    `redirects` are the steps that led there: the status of each and the URL that it named. The body of an
    error (status 400 and above) may be cut short.
    """

    url: str
    status: int
    headers: Headers
    body: bytes = b""
    redirects: tuple[tuple[int, str], ...] = field(default=())

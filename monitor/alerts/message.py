"""A message as it is handed to a sender. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Format = Literal["text", "html", "markdown"]
"""What a text is declared as when it is handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message made for one service: everything in it is safe there, and within its limits.

    `title` is "" where the service has no place for one: the text begins with it. `text` is in the
    service's own mark-up or plain, as `format` says; `html` is there where the service reads HTML.
    `marks` are the places (start, end) of the matched words in `text`, for senders that mark them
    themselves.
    """

    title: str
    text: str
    format: Format = "text"
    html: str | None = None
    marks: tuple[tuple[int, int], ...] = ()
    data: Mapping[str, Any] | None = None
    """The alert as data, where the service takes that."""
    thread: str = ""
    """Messages of the same thread belong together, where a service can show that."""

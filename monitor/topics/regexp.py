"""Regular expressions over RE2, whose time is linear in the text and whose memory is bounded.

The only file that knows the library. Case is ignored; `\\w` and `\\b` know ASCII letters only, `\\pL` all.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

MAX_MATCHES = 100
"""Matches that are looked for in one text: to find the next one RE2 may have to read on to the text's end."""

_MAX_MEMORY = 1 << 20
"""Bytes that one compiled pattern may take."""


def check(pattern: str) -> str | None:
    """What is wrong with the pattern, in RE2's words, or None."""
    import re2

    try:
        _compiled(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else "it can not be read"
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    except UnicodeEncodeError:
        return "it has half a character in it"
    return None


def search(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the pattern matches, without empty matches; the first MAX_MATCHES at most."""
    found = _compiled(pattern).finditer(_encodable(text))
    for _, match in zip(range(MAX_MATCHES), found, strict=False):
        start, end = match.span()
        if start < end:
            yield start, end


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2  # slow to import, and few topics hold a pattern

    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    return re2.compile(pattern, options)


def _encodable(text: str) -> str:
    """The text with halves of characters, which UTF-8 does not know, replaced one by one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text

"""Links that strangers give: what may stand in a message as one. Pure."""

import re
from urllib.parse import SplitResult, quote, urlsplit

MAX_LENGTH = 2000

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_SAFE = "/:?#@!$&'*+,;=%~-._"
"""What a link keeps as it is; all else, brackets of every kind too, is percent-encoded."""


def safe_link(url: str) -> str:
    """The link as it may be sent, or "" if it may not.

    Only an absolute http or https URL with a host, without credentials and control characters, of at most
    `MAX_LENGTH` characters. Characters that mean something to mark-up are percent-encoded.
    """
    url = url.strip()
    if not url or len(url) > MAX_LENGTH or _FORBIDDEN.search(url.replace(" ", "")):
        return ""
    try:
        parts = urlsplit(url.replace(" ", "%20"))
        link = _rebuilt(parts)
    except ValueError:
        return ""
    return link if len(link) <= MAX_LENGTH else ""


def _rebuilt(parts: SplitResult) -> str:
    """The URL put together anew from its parts, so that nothing is left that one parser reads otherwise."""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not parts.hostname:
        return ""
    host = _host(parts.hostname)
    port = f":{parts.port}" if parts.port is not None else ""
    path = quote(parts.path, safe=_SAFE) or "/"
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    fragment = f"#{quote(parts.fragment, safe=_SAFE)}" if parts.fragment else ""
    return f"{parts.scheme}://{host}{port}{path}{query}{fragment}" if host else ""


def _host(name: str) -> str:
    """The host in ASCII: a name in another script shows as it is looked up, not as it wants to look."""
    if ":" in name:
        name = f"[{name}]"
    elif not name.isascii():
        name = name.encode("idna").decode("ascii")
    return name if _HOST.fullmatch(name) else ""

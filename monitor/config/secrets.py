"""What must never be shown, and how things that hold secrets are shown instead.

Masks text and URLs, and names a target without its URL. Does not read configuration files.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from urllib.parse import quote, quote_plus, unquote

STARS = "***"
SHORTEST = 4
"""Shorter values are not masked in running text: they would star out every second word."""

TOKEN_LENGTH = 12
"""A part of a receiver's URL this long, with a digit in it, counts as a token wherever it stands."""

_SERVERS = ("http", "json", "xml", "form", "mailto", "gotify", "mmost", "rocket", "apprise", "mqtt", "ntfy")
SHOWN_HOSTS = frozenset(f"{scheme}{tls}" for scheme in _SERVERS for tls in ("", "s"))
"""Schemes whose host is a server's name; the others keep a token there (`slack://TokenA/TokenB`)."""

_NEEDS_PATH = frozenset({"ntfy", "ntfys"})
"""Without a path these have their topic, which is as good as a password, in the host's place."""

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?P<rest>(?P<user>(?:[^\s/?#\"<>]*@)?)(?P<host>[^\s/?#\"<>]*)(?P<path>[^\s\"<>]*))"
)
_SCHEMELESS = re.compile(r"\s*(?P<user>[^\s/:@]+:[^\s/@]+@)")
"""`me:password@example.org`: no URL, but meant to be one."""
_TELLING = re.compile(r"auth|key|token|secret|passw|pwd|sig|cookie|session|credential", re.IGNORECASE)
_TELLING_LINE = re.compile(
    rf"^[ \t-]*['\"]?[\w-]*(?:{_TELLING.pattern})[\w-]*['\"]?[ \t]*:[ \t]+(?P<value>.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_PARAMETER = re.compile(r"(?<=[?&;])(?P<name>[^=&;#\s]*)=(?P<value>[^&;#\s]*)")

Span = tuple[int, int]


@dataclass(frozen=True)
class Secrets:
    """The secret values of a configuration; masks them wherever they occur."""

    values: frozenset[str] = field(default=frozenset(), repr=False)

    def mask(self, text: str) -> str:
        """The text with every secret, also in its URL-quoted and JSON forms, as three stars."""
        return self._pattern.sub(STARS, text) if self._pattern else text

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        forms = {form for value in self.values for form in _forms(value)}
        ordered = sorted(
            forms, key=lambda form: (-len(form), form)
        )  # the longest first: one may hold another
        return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def secrets_of(values: Iterable[str]) -> Secrets:
    """The secrets among these values: short ones and blanks would mask ordinary words."""
    return Secrets(frozenset(value for value in values if len(value.strip()) >= SHORTEST))


def mask_url(url: str) -> str:
    """A receiver's URL as it may be shown: its kind and, where that is no secret, its server.

    `slack://***`, `mailtos://***@example.org`, `jsons://example.org:8443/***`, `stdout://`.
    """
    found = _URL.match(url.strip())
    if found is None:
        return STARS
    scheme, rest = found["scheme"], found["rest"]
    if not rest.strip("/"):
        return f"{scheme}://"
    if not _shows_host(found):
        return f"{scheme}://{STARS}"
    user = f"{STARS}@" if found["user"] else ""
    path = f"/{STARS}" if found["path"].strip("/") else ""
    return f"{scheme}://{user}{found['host']}{path}"


def mask_feed_url(url: str) -> str:
    """A feed's URL as it may be shown: the password and query values with telling names are starred."""
    for start, end in reversed(feed_spans(url)):
        url = url[:start] + STARS + url[end:]
    return url


def target_key(receiver: str, url: str) -> str:
    """The name of a target that the store keeps: stable as long as the URL is, and without its secrets."""
    return f"{receiver}/v1-{blake2b(url.encode(), digest_size=8).hexdigest()}"


def is_telling(name: str) -> bool:
    """Whether a header or parameter of this name holds a secret."""
    return _TELLING.search(name) is not None


def target_spans(url: str) -> list[Span]:
    """The stretches of a receiver's URL that are secret: all but what `mask_url` shows."""
    found = _URL.search(url)
    if found is None or not found["rest"].strip("/"):
        return []
    spans = [found.span("user"), found.span("path")] if _shows_host(found) else [found.span("rest")]
    return [(start, end) for start, end in spans if url[start:end].strip("/@")]


def feed_spans(url: str) -> list[Span]:
    """The stretches of a feed's URL that are secret: user and password, and what telling names hold."""
    if "@" not in url and "=" not in url:
        return []  # as of nearly all feeds
    found = _URL.search(url) or _SCHEMELESS.match(url)
    if found is None:
        return []
    start, end = found.span("user")
    user = [(start, end - 1)] if end > start else []
    return user + [given.span("value") for given in _PARAMETER.finditer(url) if is_telling(given["name"])]


def target_secrets(url: str) -> Iterator[str]:
    """What in a receiver's URL is secret wherever it turns up: the URL, its password, its tokens."""
    found = _URL.match(url.strip())
    if found is None or not found["rest"].strip("/"):
        return
    yield url.strip()
    yield from feed_secrets(url)
    for part in re.split(r"[/?#&=:@]", found["rest"]):
        if len(part) >= TOKEN_LENGTH and re.search(r"\d", part) and "." not in part:
            yield from {part, unquote(part)}


def feed_secrets(url: str) -> Iterator[str]:
    """The password in a URL and its query values with telling names."""
    for start, end in feed_spans(url):
        secret = url[start:end].rpartition(":")[2] if url[end : end + 1] == "@" else url[start:end]
        yield from {secret, unquote(secret)} - {""}


def loose_spans(text: str) -> list[Span]:
    """What of a text looks like a secret, found without YAML: for quoting a file that can not be read."""
    spans = [found.span("value") for found in _TELLING_LINE.finditer(text)]
    for found in _URL.finditer(text):
        spans += [(found.start() + start, found.start() + end) for start, end in target_spans(found[0])]
    return spans


def _forms(value: str) -> Iterator[str]:
    yield value
    yield quote(value)
    yield quote(value, safe="")
    yield quote_plus(value)
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]


def _shows_host(url: re.Match[str]) -> bool:
    scheme, host = url["scheme"].lower(), url["host"]
    if scheme not in SHOWN_HOSTS or (scheme in _NEEDS_PATH and not url["path"].strip("/")):
        return False
    return "." in host or host.startswith(("localhost", "["))

"""A request on its way through redirects: where it is, what it may carry there, and how much time is left.

Decides; sends nothing.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.egress.passage import ClientCertificate, Passage
from monitor.egress.response import Response
from monitor.errors import ForbiddenAddressError, RetrieveError

if TYPE_CHECKING:
    from yarl import URL

MAX_REDIRECTS = 5
FOLLOWED = {301, 302, 303, 307, 308}
_BECOMES_GET = {301, 302, 303}
"""As browsers do it; after the others a request stays what it was."""
_SEE_OTHER = {303}
"""After it even a request whose body travels is another one."""


@dataclass(slots=True, kw_only=True)
class Journey:
    """A request on its way through redirects: where it is, what it carries, and how much time is left."""

    asked: "URL"
    method: str
    headers: dict[str, str]
    origin_headers: dict[str, str]
    body: bytes | None
    allow_private: bool
    passage: Passage
    timeout: float
    max_bytes: int
    body_travels: bool = False
    at: "URL" = field(init=False)
    left: float = field(init=False)
    redirects: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at = _bare(self.asked)
        self.left = self.timeout

    @property
    def url(self) -> str:
        """Where it was asked for, without a login."""
        return str(_bare(self.asked))

    @property
    def over_tls(self) -> bool:
        """Whether a connection over TLS leads to where the journey is now."""
        return self.at.scheme == "https" or self.passage.proxy.startswith("https:")

    @property
    def connects_anywhere(self) -> bool:
        """Whether it may connect to private addresses: who names a proxy means it, wherever it stands."""
        return self.allow_private or bool(self.passage.proxy)

    @property
    def connected_to(self) -> tuple[str, int]:
        """Which host, by its ASCII name, and port a connection leads to: the proxy's, if there is one."""
        to = parse_url(self.passage.proxy) if self.passage.proxy else self.at
        return to.raw_host or "", to.port or 0

    def headers_here(self) -> dict[str, str]:
        """What may be sent to where the journey is now."""
        if not self.origin_headers or not self._is_home():
            return self.headers
        return merged(self.headers, self.origin_headers)

    def certificate_here(self) -> ClientCertificate | None:
        """The client certificate that may be shown where the journey is now."""
        return self.passage.certificate if self._is_home() else None

    def follow(self, answer: Response) -> None:
        """Go where a redirect leads, or say why not."""
        try:
            to = _bare(parse_url(answer.headers["Location"], base=self.at))
        except ValueError as error:
            raise self.error(f"a redirect to nowhere: {error}") from error
        if len(self.redirects) >= MAX_REDIRECTS:
            raise self.error(f"more than {MAX_REDIRECTS} redirects")
        if str(to) in (self.url, *(url for _, url in self.redirects)):
            raise self.error(f"redirects in a circle, by way of {_shown(to)}")
        if self.method != "HEAD" and answer.status in (_SEE_OTHER if self.body_travels else _BECOMES_GET):
            self.method, self.body = "GET", None
        if self.body is not None and not self._may_carry(to):
            raise self.error(f"redirected to {to.origin()}, where its body must not go", retryable=False)
        self.redirects.append((answer.status, str(to)))
        self.at = to

    def _may_carry(self, to: "URL") -> bool:
        """Whether the body may go there: elsewhere only if it may travel, and never out of TLS."""
        is_sealed = to.scheme == "https" or self.at.scheme == "http"
        return to.origin() == self.at.origin() or (self.body_travels and is_sealed)

    def _is_home(self) -> bool:
        return not self.redirects or self.at.origin() == self.asked.origin()

    def error(self, words: str, *, retryable: bool = True, reached: bool = True) -> RetrieveError:
        """An error on the way, saying where if that is not where it was asked for."""
        where = f" (redirected to {_shown(self.at)})" if self.redirects else ""
        return RetrieveError(
            f"{words}{where}", url=self.url, retryable=retryable, reached=reached or bool(self.redirects)
        )

    def forbidden(self, refused: str) -> RetrieveError:
        """The refusal of an address that is not public."""
        where = f", redirected to {_shown(self.at)}" if self.redirects else ""
        words = f"{self.at.host} is {refused}{where}: refused without `allow_private: true`"
        return ForbiddenAddressError(words, url=self.url, retryable=False)


def parse_url(url: str, *, base: "URL | None" = None) -> "URL":
    """A URL that can be asked for; raises ValueError in words."""
    from yarl import URL

    parsed = URL(url.strip())
    if base is not None:
        parsed = base.join(parsed)
    if parsed.scheme not in ("http", "https"):
        raise ValueError(f"only http and https are asked, not {parsed.scheme or 'no scheme'}")
    if not parsed.host:
        raise ValueError("it names no host")
    return parsed


def login_of(url: "URL") -> dict[str, str]:
    """The login that stands in a URL, as a header."""
    if url.user is None and url.password is None:
        return {}
    pair = f"{url.user or ''}:{url.password or ''}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def merged(*headers: Mapping[str, str]) -> dict[str, str]:
    """One set of headers: of those with the same name, in any case, the last one."""
    by_name = {name.lower(): (name, value) for some in headers for name, value in some.items()}
    return dict(by_name.values())


def _shown(url: "URL") -> str:
    """The URL as errors say it: its query may be a token."""
    return str(url.with_query(None))


def _bare(url: "URL") -> "URL":
    """The URL without what is never sent: its login goes as a header, its fragment not at all."""
    return url.with_user(None).with_fragment(None)

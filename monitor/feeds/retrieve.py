"""Wire → bytes: a conditional GET of a feed's document. Decides nothing about entries."""

import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monitor.egress import Egress, Response
from monitor.errors import RetrieveError
from monitor.feeds.local import read_file, run_command, scheme_of
from monitor.feeds.moved import asked_url
from monitor.feeds.refusal import instead_of_a_feed, why_refused
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.records import dataclass

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/json;q=0.8, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)

_PERMANENT = {301, 308}
_WITH_A_DOCUMENT = {200, 203, 226}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """A feed's document, or word that it did not change (`not_modified`, and no body).

    `url` is where it came from in the end; `moved_to` where permanent redirects say that it is now, ""
    where there were none. The validators are "" where the server gave none. `cache_control` and
    `retry_after` are the headers as they came, `server_date` is the server's clock.
    """

    url: str
    status: int
    body: bytes | None
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    cache_control: str = ""
    retry_after: str = ""
    link: str = ""
    server_date: datetime | None = None

    @property
    def not_modified(self) -> bool:
        """Whether the document is the one we have."""
        return self.status == 304


async def retrieve(egress: Egress, subscription: Subscription, state: FeedState) -> Retrieved:
    """Ask for a subscription's document, if it changed since `state`; raises RetrieveError in plain words."""
    if scheme := scheme_of(subscription.url):
        return await _retrieve_locally(scheme, egress, subscription, state)
    validators = _validators(state)
    agent = {"User-Agent": subscription.user_agent} if subscription.user_agent else {}
    answer = await egress.request(
        "GET",
        asked_url(subscription, state),
        headers={"Accept": ACCEPT, **validators, **agent},
        origin_headers=subscription.headers,
        allow_private=subscription.allow_private,
        passage=subscription.passage,
    )
    if answer.status == 304 and not validators:
        raise _error(answer, "304: the server says that nothing changed since a time that nobody named")
    if answer.status == 304:
        return _retrieved(answer, None)
    if answer.status not in _WITH_A_DOCUMENT:
        raise _error(answer, why_refused(answer.status, answer.headers, answer.body))
    if wall := instead_of_a_feed(answer.headers, answer.body):
        raise _error(answer, wall)
    return _retrieved(answer, answer.body)


async def _retrieve_locally(
    scheme: str, egress: Egress, subscription: Subscription, state: FeedState
) -> Retrieved:
    """A file's bytes, or what a command prints, within the limits of a request."""
    url = subscription.url
    if not subscription.local:
        words = f"`{scheme}:` feeds are read only where monitor.yaml allows them (`local:`)"
        raise RetrieveError(words, url=url, retryable=False)
    if scheme == "exec":
        body = await run_command(url, timeout=egress.timeout, max_bytes=egress.max_bytes)
        return Retrieved(url=url, status=200, body=body)
    data, now = await read_file(url, unless=state.last_modified, max_bytes=egress.max_bytes)
    return Retrieved(url=url, status=304 if data is None else 200, body=data, last_modified=now)


def body_hash(body: bytes) -> str:
    """What a document is recognised by when it comes again, with the version of the way it is made.

    SHA-256, which processors have built in: twice as fast as what is made to be fast without that.
    """
    return f"2:{hashlib.sha256(body).hexdigest()[:32]}"


def _validators(state: FeedState) -> dict[str, str]:
    validators = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in validators.items() if value}


def _retrieved(answer: Response, body: bytes | None) -> Retrieved:
    headers = answer.headers
    return Retrieved(
        url=answer.url,
        status=answer.status,
        body=body,
        content_type=headers.get("Content-Type", ""),
        etag=headers.get("ETag", ""),
        last_modified=headers.get("Last-Modified", ""),
        moved_to=_moved_to(answer),
        cache_control=headers.get("Cache-Control", ""),
        retry_after=headers.get("Retry-After", ""),
        link=headers.get("Link", ""),
        server_date=_moment(headers.get("Date", "")),
    )


def _moved_to(answer: Response) -> str:
    """As far as the redirects are permanent: what a temporary one leads to is not a new address."""
    moved_to = ""
    for status, url in answer.redirects:
        if status not in _PERMANENT:
            break
        moved_to = url
    return moved_to


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _error(answer: Response, words: str) -> RetrieveError:
    return RetrieveError(
        words,
        url=answer.url,
        status=answer.status,
        retryable=answer.status != 410,
        retry_after=answer.headers.get("Retry-After"),
    )

"""Watches the network while a sender runs in this process: refuses private addresses, notes what came back.

Senders answer only yes or no; what a courier must know (try again, when, or never) is on the wire. So while
`watching`, three standard doors are wrapped: sockets, the HTTP client and the mail client that Apprise uses.
Meant for a child process that sends one message at a time; it decides nothing about the message.
"""

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from monitor.addresses import why_not_public
from monitor.alerts.outcome import Evidence
from monitor.errors import ForbiddenAddressError

_LONGEST_REPLY = 262_144
_LONGEST_REASON = 10_000
_RATE_LIMITED = re.compile(rb"rate.?limit|too many requests|retry_after", re.IGNORECASE)
_REASON_KEYS = ("description", "error", "message", "detail", "reason")


@contextmanager
def watching(*, allow_private: bool) -> Iterator[list[Evidence]]:
    """What is seen on the wire, in order, until the end of the block."""
    seen: list[Evidence] = []
    with ExitStack() as doors:
        _watch_sockets(doors, seen, allow_private=allow_private)
        _watch_http(doors, seen)
        _watch_mail(doors, seen)
        yield seen


def _wrap(doors: ExitStack, owner: object, name: str, make: Callable[[Any], Any]) -> None:
    """Replace `owner.name` by what `make` makes of it, until the doors close."""
    own = vars(owner).get(name)
    setattr(owner, name, make(getattr(owner, name)))
    doors.callback(delattr, owner, name) if own is None else doors.callback(setattr, owner, name, own)


def _watch_sockets(doors: ExitStack, seen: list[Evidence], *, allow_private: bool) -> None:
    def check(sock: socket.socket, address: Any) -> Any:
        return address if allow_private else _checked(sock, address, seen)

    def connecting(connect: Any) -> Any:
        def watched_connect(sock: socket.socket, address: Any) -> Any:
            checked = check(sock, address)
            with _noting(seen, "no connection"):
                result = connect(sock, checked)
            seen[:] = [one for one in seen if one.what != "unreachable"]  # another of its addresses was
            return result

        return watched_connect

    def sending(sendto: Any) -> Any:
        def watched_sendto(sock: socket.socket, data: Any, *rest: Any) -> Any:
            return sendto(sock, data, *rest[:-1], check(sock, rest[-1]))

        return watched_sendto

    def resolving(getaddrinfo: Any) -> Any:
        def watched_getaddrinfo(*args: Any, **kwargs: Any) -> Any:
            with _noting(seen, "the host was not found"):
                return getaddrinfo(*args, **kwargs)

        return watched_getaddrinfo

    _wrap(doors, socket.socket, "connect", connecting)
    _wrap(doors, socket.socket, "connect_ex", connecting)
    _wrap(doors, socket.socket, "sendto", sending)
    _wrap(doors, socket, "getaddrinfo", resolving)


@contextmanager
def _noting(seen: list[Evidence], what_failed: str) -> Iterator[None]:
    try:
        yield
    except BlockingIOError:  # a socket that does not wait: it is on its way
        raise
    except OSError as error:
        seen.append(Evidence(what="unreachable", words=f"{what_failed}: {_words_of(error)}"))
        raise


def _checked(sock: socket.socket, address: Any, seen: list[Evidence]) -> Any:
    """The address to connect to: a host's name is resolved here, so that what was checked is what counts."""
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return address
    resolved = socket.getaddrinfo(address[0], address[1], sock.family, sock.type)[0][4]
    if reason := why_not_public(str(resolved[0])):
        words = f"{resolved[0]} is {reason}: set allow_private on the receiver if it is meant"
        seen.append(Evidence(what="forbidden", words=words))
        raise ForbiddenAddressError(words, retryable=False)
    return resolved


def _watch_http(doors: ExitStack, seen: list[Evidence]) -> None:
    import requests

    def answering(send: Any) -> Any:
        def watched_send(*args: Any, **kwargs: Any) -> Any:
            reply = send(*args, **kwargs)
            seen.append(Evidence(what="http", code=reply.status_code))
            _read(reply)
            return reply

        return watched_send

    def finishing(send: Any) -> Any:
        def watched_send(*args: Any, **kwargs: Any) -> Any:
            before = len(seen)
            try:
                reply = send(*args, **kwargs)
            except Exception as error:
                _note_failure(error, seen, since=before)
                raise
            seen[-1:] = [_reply_of(reply)]
            if reply.status_code == requests.codes.too_many_requests:
                # No sender may try again by itself, at once: when to try again is the courier's to say.
                raise requests.RequestException("too many requests")
            return reply

        return watched_send

    _wrap(doors, requests.adapters.HTTPAdapter, "send", answering)
    _wrap(doors, requests.Session, "send", finishing)


def _read(reply: Any) -> None:
    """Read the reply's beginning: no service has much to say, and some that are not one never end."""
    body = bytearray()
    for piece in reply.iter_content(16_384):
        body += piece
        if len(body) >= _LONGEST_REPLY:
            break
    reply.close()
    reply._content, reply._content_consumed = bytes(body), True


def _note_failure(error: Exception, seen: list[Evidence], *, since: int) -> None:
    """What a failed request means, unless it was seen already."""
    import requests

    latest = seen[-1] if len(seen) > since else None
    if latest and (latest.what != "http" or latest.code >= 300):
        return  # no connection, or a refusal or a redirect whose reply broke off after its first line
    if isinstance(error, ValueError):
        words = f"the request cannot be made: {type(error).__name__}"
        seen.append(Evidence(what="unsendable", words=words))
    elif isinstance(
        error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError
    ):
        seen.append(Evidence(what="unreachable", words=f"no connection: {_words_of(error)}"))
    else:
        words = f"sent, but no whole reply came: {_words_of(error)}"
        seen.append(Evidence(what="unanswered", words=words))


def _reply_of(reply: Any) -> Evidence:
    body = reply.content
    content = _json_of(body)
    return Evidence(
        what="http",
        code=reply.status_code,
        words=next((content[key] for key in _REASON_KEYS if isinstance(content.get(key), str)), ""),
        retry_after=_retry_after(reply.headers, content),
        rate_limited=bool(_RATE_LIMITED.search(body[:_LONGEST_REASON])),
    )


def _json_of(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _retry_after(headers: Mapping[str, str], content: Mapping[str, Any]) -> float | None:
    """Seconds until it wants to be asked again: from the header, or the body (Discord, Telegram)."""
    header = headers.get("Retry-After", "")
    if header:
        seconds = _seconds(header)
        return _seconds_until(header, sent=headers.get("Date", "")) if seconds is None else seconds
    parameters = content.get("parameters")
    inner = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return _seconds(content.get("retry_after", inner))


def _seconds(value: object) -> float | None:
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _seconds_until(date: str, *, sent: str) -> float | None:
    """A date counts from the reply's own date: the clocks of both ends need not agree."""
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(date) - parsedate_to_datetime(sent)).total_seconds())
    except (TypeError, ValueError):
        return None


def _watch_mail(doors: ExitStack, seen: list[Evidence]) -> None:
    import smtplib

    def answering(getreply: Any) -> Any:
        def watched_getreply(client: smtplib.SMTP) -> Any:
            code, text = getreply(client)
            seen.append(Evidence(what="smtp", code=code, words=text.decode(errors="replace")))
            return code, text

        return watched_getreply

    _wrap(doors, smtplib.SMTP, "getreply", answering)


def _words_of(error: BaseException) -> str:
    """What an exception of the network says, in a few plain words."""
    text = f"{type(error).__name__} {error}"
    known = {
        "refused": "connection refused",
        "timed out": "timed out",
        "Timeout": "timed out",
        "reset": "connection reset",
        "RemoteDisconnected": "closed without a reply",
        "IncompleteRead": "cut short",
        "Name or service not known": "no such name",
        "unreachable": "network unreachable",
        "CERTIFICATE_VERIFY_FAILED": "its certificate is not valid",
        "SSL": "no secure connection",
    }
    return next((words for sign, words in known.items() if sign in text), type(error).__name__)

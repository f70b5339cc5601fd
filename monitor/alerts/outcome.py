"""How an attempt to deliver ended, and what the evidence of the wire says of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["delivered", "retry", "refused", "permanent", "uncertain"]

_TRY_AGAIN = frozenset({408, 425, 429})
_OF_THE_MESSAGE = frozenset({400, 413, 415, 422})
_OF_THE_MAIL = frozenset({552, 554})
"""Refusals that may be of what was said, and not of where it went."""
_DATA_ASKED_FOR = 354

_HTTP_WORDS = {
    301: "moved to another address",
    302: "moved to another address",
    307: "moved to another address",
    308: "moved to another address",
    400: "bad request",
    401: "not authorised",
    403: "forbidden",
    404: "not found",
    408: "request timed out",
    410: "gone",
    413: "message too large",
    415: "unsupported format",
    422: "refused as invalid",
    429: "too many requests",
    500: "server error",
    502: "bad gateway",
    503: "unavailable",
    504: "gateway timed out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt ended.

    "delivered"; "retry" may work later; "refused" was taken amiss as it was, said shorter and plainer it
    may work; "permanent" never will as it stands; "uncertain" was sent and not answered, so that telling it
    again may repeat it. `detail` is plain words without secrets; `retry_after` is in how many seconds the
    receiver asks to be tried again.
    """

    kind: Kind
    detail: str = ""
    retry_after: float | None = None
    remark: str = ""
    """What went wrong besides, though the message was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something that was seen on the wire while a message was sent.

    "forbidden": the address may not be contacted. "unsendable": the request could not be made.
    "unreachable": nothing was sent. "unanswered": it was sent, and no whole reply came.
    "http" and "smtp": a reply with its `code`.
    """

    what: Literal["forbidden", "unsendable", "unreachable", "unanswered", "http", "smtp"]
    code: int = 0
    words: str = ""
    retry_after: float | None = None
    rate_limited: bool = False
    """The reply's body says that there were too many, whatever its code."""


def outcome_of(seen: Sequence[Evidence], *, otherwise: str) -> Outcome:
    """What became of a message that was not delivered; `otherwise` are the words where nothing was seen.

    The last failure decides: some senders go on after it, with a log-out or another target.
    """
    mail = [one for one in seen if one.what == "smtp"]
    rest = [one for one in seen if one.what != "smtp"]
    failures = [one for one in rest if one.what != "http" or one.code >= 400]
    if mail and not failures:
        return _of_mail(mail)
    if not rest:
        return Outcome(kind="retry", detail=otherwise)
    decisive = (failures or rest)[-1]
    match decisive.what:
        case "forbidden" | "unsendable":
            return Outcome(kind="permanent", detail=decisive.words)
        case "unanswered":
            return Outcome(kind="uncertain", detail=decisive.words)
        case "unreachable":
            return Outcome(kind="retry", detail=decisive.words)
    return _of_status(decisive)


def _of_status(reply: Evidence) -> Outcome:
    code = reply.code
    detail = f"HTTP {code}" + (f" {_HTTP_WORDS[code]}" if code in _HTTP_WORDS else "")
    detail += ", but it was not taken" if code < 300 else ""
    detail += f": {reply.words}" if reply.words else ""
    if code in _TRY_AGAIN or code >= 500 or reply.rate_limited:
        return Outcome(kind="retry", detail=detail, retry_after=reply.retry_after)
    return Outcome(kind="refused" if code in _OF_THE_MESSAGE else "permanent", detail=detail)


def _of_mail(replies: Sequence[Evidence]) -> Outcome:
    """The last refusal decides: what follows it are replies to RSET and QUIT."""
    refusal = next((reply for reply in reversed(replies) if reply.code >= 400), None)
    if refusal is not None:
        return Outcome(kind=_kind_of_refusal(refusal.code), detail=f"SMTP {refusal.code}: {refusal.words}")
    if replies[-1].code == _DATA_ASKED_FOR:
        return Outcome(kind="uncertain", detail="the mail was sent, and the server did not confirm it")
    return Outcome(kind="retry", detail="the mail server ended the connection before the mail was sent")


def _kind_of_refusal(code: int) -> Kind:
    if code < 500:
        return "retry"
    return "refused" if code in _OF_THE_MAIL else "permanent"

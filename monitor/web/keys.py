"""Keys that are shown once: how they are made, what is stored of them, how long sessions last."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from monitor.store.access import Session
from monitor.store.store import Store

UNUSED = timedelta(days=14)
"""A session that was not used for so long has ended."""
LONGEST = timedelta(days=90)
"""No session is older."""
TOUCH_AFTER = timedelta(hours=1)
"""That a session or a token is in use is written down no more often."""

NAME_RULE = "a name of letters, digits, blanks, `-`, `_`, `.` and `@`"
_NAME = re.compile(r"[\w.@-][\w .@-]{0,63}")


def is_token_name(text: str) -> bool:
    """Whether a token can be called so."""
    return _NAME.fullmatch(text) is not None


def new_key() -> str:
    """A key that nobody guesses."""
    return secrets.token_urlsafe(32)


def digest_of(key: str) -> bytes:
    """What is stored of a key: whoever reads the database can not use it."""
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


def csrf_of(key: str) -> str:
    """What forms of a session carry: no other site knows it."""
    return hmac.digest(key.encode("utf-8", "replace"), b"csrf", "sha256").hex()


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def session_of(store: Store, digest: bytes, *, now: datetime) -> Session | None:
    """The session of a key with this digest, as long as it holds."""
    session = store.session(digest)
    return session if session and is_alive(session, now=now) else None


def is_alive(session: Session, *, now: datetime) -> bool:
    """Whether a session holds still."""
    return now - session.seen_at < UNUSED and now - session.began_at < LONGEST

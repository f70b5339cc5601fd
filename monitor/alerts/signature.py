"""Links that carry their own right: signed with a key that only the store knows. Pure.

    https://news.example.org/act/ack.A-7K3QX-9ZD4M.0.495123.tqZC3f9Yb1v2o8PqkQn7uA
    site                         verb alert        hit hour  signature

The same act has the same link at every attempt. Whether it was used stands in the store.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast, get_args

from monitor.alerts.act import EPOCH, HOUR, Act, Verb

PATH = "/act/"

_PURPOSE = b"act-1\n"
"""Signed with every link, so that the key may sign other things too."""
_SIGNATURE = 22
"""Characters of a signature: 132 of its bits."""
_LINK = re.compile(
    rf"(?P<verb>{'|'.join(get_args(Verb))})\.(?P<alert>[A-Za-z0-9-]{{1,64}})"
    rf"\.(?P<hit>[0-9]{{1,18}})\.(?P<hour>[0-9]{{1,7}})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An act with the link that does it."""

    act: Act
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Makes links to a site, and knows its own again."""

    site: str
    key: bytes = field(repr=False)

    def offers(self, acts: Iterable[Act]) -> tuple[Offer, ...]:
        """The acts with their links."""
        return tuple(Offer(act=act, url=f"{self.site}{self.path(act)}") for act in acts)

    def path(self, act: Act) -> str:
        """The link without its site."""
        said = f"{act.name}.{(act.until - EPOCH) // HOUR}"
        return f"{PATH}{said}.{_signature(said, self.key)}"


def read(link: str, *, key: bytes, now: datetime) -> Act | Literal["forged", "expired"]:
    """What a link does, or why it does nothing; the signature is compared in constant time."""
    said, _, signature = link.rpartition(".")
    if not hmac.compare_digest(signature.encode(errors="replace"), _signature(said, key).encode()):
        return "forged"
    parts = _LINK.fullmatch(said)
    if parts is None:
        return "forged"
    act = Act(
        verb=cast(Verb, parts["verb"]),
        alert_id=parts["alert"],
        hit_id=int(parts["hit"]),
        until=EPOCH + int(parts["hour"]) * HOUR,
    )
    return act if now < act.until else "expired"


def _signature(said: str, key: bytes) -> str:
    made = hmac.digest(key, _PURPOSE + said.encode(errors="replace"), "sha256")
    return urlsafe_b64encode(made).decode()[:_SIGNATURE]

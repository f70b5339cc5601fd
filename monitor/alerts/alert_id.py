"""Ids of alerts: short, readable aloud, and the same whenever the same alert is made again."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

_VERSION = "1"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O and U, which are misread or misspell."""

_CHARACTERS = 10
"""50 bits: among a million alerts, two with one id are a chance of one in two thousand."""


def alert_id(group_key: str, created_at: datetime, hit_ids: Iterable[int]) -> str:
    """The id of the alert that tells these hits to this group at this moment, such as `A-7K3QX-9ZD4M`."""
    moment = created_at.astimezone(UTC).isoformat(timespec="microseconds")
    told = ",".join(map(str, sorted(hit_ids)))
    digest = hashlib.sha256("\n".join((_VERSION, group_key, moment, told)).encode()).digest()
    bits = int.from_bytes(digest[:8], "big") >> (64 - 5 * _CHARACTERS)
    letters = "".join(_ALPHABET[bits >> shift & 31] for shift in range(5 * _CHARACTERS - 5, -1, -5))
    return f"A-{letters[:5]}-{letters[5:]}"

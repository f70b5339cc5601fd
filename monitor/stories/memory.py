"""What is kept of the stories between two runs: each part sealed, so that none is taken for what it is not.

The seal says that nothing of a part is missing, and that words and wordings were made as they are now.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b

from monitor.stories.gist import gist_of
from monitor.stories.stories import Stories

_VERSION = 1
"""Of how stories are packed."""
_SEAL = 16
_PROBE = "Three people were seen leaving the harbour of Split at 6:30, 三人在港口被看见, and nobody knows why"


def kept(stories: Stories) -> Iterator[bytes]:
    """The stories as they are kept, in parts."""
    for part in stories.to_bytes():
        yield _seal(part) + part


def remembered(parts: Sequence[bytes]) -> Stories | None:
    """What was kept; None where there is nothing, or it is damaged, or was made in another way."""
    opened = [part[_SEAL:] for part in parts if part[:_SEAL] == _seal(memoryview(part)[_SEAL:])]
    return Stories.from_bytes(opened) if opened and len(opened) == len(parts) else None


def _seal(part: bytes | memoryview) -> bytes:
    return blake2b(part, digest_size=_SEAL, key=_how()).digest()


@cache
def _how() -> bytes:
    """How words and wordings are made, as far as a text shows it."""
    gist = gist_of(_PROBE, _PROBE)
    return blake2b(repr((_VERSION, gist)).encode(), digest_size=32).digest()

"""How many examples a property is tried on: a share in the quick suite, all of them in the slow one."""

import os
from typing import Any

from hypothesis import settings

SHARE = int(os.environ.get("EXAMPLES", "20"))
"""Per cent of what a property asks for; EXAMPLES=10000 looks for a long time."""
FEWEST = 10


def examples(number: int, **others: Any) -> settings:
    """Settings for a property that asks for so many examples."""
    return settings(max_examples=max(FEWEST, number * SHARE // 100), deadline=None, **others)


def usual() -> None:
    """What those ask for that say nothing: a hundred, however long one takes on a machine that is busy."""
    settings.register_profile("usual", examples(100))
    settings.load_profile("usual")

"""How many examples a property is tried on: a share in the quick suite, all of them in the slow one."""

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, settings

SHARE = int(os.environ.get("EXAMPLES", "20"))
"""Per cent of what a property asks for; EXAMPLES=10000 looks for a long time."""
FEWEST = 10


def examples(number: int, *, suppress_health_check: Sequence[HealthCheck] = ()) -> settings:
    """Settings for a property that asks for so many examples, however long they take on a busy machine."""
    patience = [HealthCheck.too_slow, *suppress_health_check]
    count = max(FEWEST, number * SHARE // 100)
    return settings(max_examples=count, deadline=None, suppress_health_check=patience)


def usual() -> None:
    """What those ask for that say nothing: a hundred."""
    settings.register_profile("usual", examples(100))
    settings.load_profile("usual")

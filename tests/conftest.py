"""For all tests: garbage is looked for as rarely as in the program itself."""

import gc

from monitor.__main__ import GARBAGE_AFTER


def pytest_configure() -> None:
    """What pytest holds of thousands of tests would be looked through again and again."""
    gc.set_threshold(GARBAGE_AFTER)

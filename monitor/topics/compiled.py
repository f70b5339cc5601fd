"""Whether the hot parts of matching run compiled, by `hatch_build.py`, or in plain Python, slower."""

import os
import sys
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES

PARTS = tuple(f"monitor.topics.{name}" for name in ("closing", "placing", "waiting", "wordindex"))

OLDER = (
    "What is compiled of matching is older than its source and not used, which costs speed:"
    " `make .venv/.installed` or `pip install -e .` compiles it."
)
"""Said once by who matches, where the parts are left out."""


def is_compiled() -> bool:
    """Whether this installation has them all, and this Python can import them."""
    try:
        for part in PARTS:
            import_module(part)
    except ImportError:
        return False
    return True


def leave_out_older() -> bool:
    """Let no part be imported where one is older than its source, as after a `git pull`; says whether one is.

    The Python beside them may call them otherwise by now. An installed wheel has no sources to be older than.
    """
    are_older = any(map(_is_older, PARTS))
    if are_older:
        sys.modules.update(dict.fromkeys(PARTS))  # type: ignore[arg-type]  # None is Python's way to forbid it
    return are_older


def _is_older(part: str) -> bool:
    path = os.path.join(os.path.dirname(__file__), part.rpartition(".")[2])
    try:
        return os.stat(path + EXTENSION_SUFFIXES[0]).st_mtime_ns < os.stat(f"{path}.pyx").st_mtime_ns
    except OSError:  # there is none of the two, or no folder, as in a zip
        return False

"""Whether the hot parts of matching run compiled, by `hatch_build.py`, or in plain Python, slower."""

from importlib import import_module

PARTS = ("monitor.topics.closing", "monitor.topics.waiting", "monitor.topics.wordindex")


def is_compiled() -> bool:
    """Whether this installation has them all, and this Python can import them."""
    try:
        for part in PARTS:
            import_module(part)
    except ImportError:
        return False
    return True

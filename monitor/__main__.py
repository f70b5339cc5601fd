"""`monitor` and `python -m monitor`: hands over to the command line.

Stays empty of imports at the top: child processes import this module again when they start.
"""

GARBAGE_AFTER = 200_000
"""So many objects more than before, and Python looks which of them are garbage; its own number is 700."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    import gc

    # A start makes hardly any garbage, and looking for it again and again took a twelfth of it; a poll of a
    # thousand feeds makes none that is worth two looks, 20 ms of it.
    gc.set_threshold(GARBAGE_AFTER)

    from monitor.cli.program import run

    _leave(run())


def _leave(code: int) -> None:
    """End the process; at once where no thread is left: taking everything apart first takes as long as a poll
    of a hundred feeds.
    """
    import atexit
    import os
    import sys
    import threading
    from contextlib import suppress

    if threading.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()  # private, but there is no other way to run them before `_exit`, which does not
    with suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()

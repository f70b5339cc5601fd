"""`monitor` and `python -m monitor`: hands over to the command line.

Stays empty of imports at the top: child processes import this module again when they start.
"""


def main() -> None:
    """Run the command line and leave with its exit code."""
    import sys

    from monitor.cli.program import run

    sys.exit(run())


if __name__ == "__main__":
    main()

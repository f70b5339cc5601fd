"""`monitor demo`: the tour of the real pipeline on loopback."""

import shutil
import sys
from pathlib import Path

import typer

from monitor.cli.console import out
from monitor.cli.options import examples
from monitor.clock import clock

commands = typer.Typer()


@commands.command(
    epilog=examples("monitor demo", "monitor demo | less -R # plain text, where there is no terminal")
)
def demo() -> None:
    """Show the whole of it in ten seconds: sample feeds, the real daemon, a receiver that listens.

    Everything happens on 127.0.0.1 and in a temporary folder. Exit code 0 means
    that every step really happened.
    """
    from monitor.demo.play import play

    raise typer.Exit(0 if play(out(), clock=clock, program=program_name()) else 1)


def program_name() -> str:
    """How to call this program from here: by its name, or by its path where the name leads elsewhere."""
    called = Path(sys.argv[0])
    if shutil.which("monitor") == str(called.absolute()) or called.name != "monitor":
        return "monitor"
    here = Path.cwd()
    return str(called.relative_to(here)) if called.is_relative_to(here) else str(called)

"""`monitor run`, `monitor status` and `monitor health`: the daemon, and how it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import out, print_json, words
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    examples,
    find_config,
    find_settings,
    load,
    reading,
)
from monitor.clock import clock
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.config.config import Config
    from monitor.reports import Report

NOT_WELL = 1

commands = typer.Typer()


@commands.command(
    epilog=examples(
        "monitor run",
        "monitor run --config /etc/feed-monitor --db /var/lib/feed-monitor/monitor.db",
        "monitor run --no-web # without the desk",
    )
)
def run(
    config: ConfigOption = None,
    database: DatabaseOption = None,
    web: Annotated[bool, typer.Option("--web/--no-web", help="Serve the desk for a browser.")] = True,
) -> None:
    """Watch: poll what is due, match, alert; until SIGTERM or Ctrl-C.

    Serves the desk, where hits are watched and topics edited, at the address that
    it prints (`web: listen:` in monitor.yaml).

    Edits of the configuration are picked up while it runs; a broken one is
    refused, and `monitor status` says why. Exit code 2: the configuration is
    wrong, or another daemon runs on this database.
    """
    import asyncio

    from monitor.daemon import run_daemon
    from monitor.log import log_report
    from monitor.reports import Reloaded

    directory = find_config(config)
    _set_up_logging(load(directory, tolerant=True))

    def on_report(report: "Report") -> None:
        if isinstance(report, Reloaded):
            _set_up_logging(report.config)  # its secrets may be others
        log_report(report)

    asyncio.run(run_daemon(directory, database, on_report=on_report, web=web))


def _set_up_logging(config: "Config") -> None:
    from monitor import log

    settings = config.settings.log
    log.configure(form=settings.format, level=settings.level, mask=config.secrets.mask)


@commands.command(epilog=examples("monitor status", "monitor status --json | jq .feeds.failing"))
def status(config: ConfigOption = None, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Say how the daemon, the feeds, the hits and the deliveries are."""
    from monitor.cli.status import look, status_facts
    from monitor.clock import zone_of

    settings = find_settings(config, database)
    with reading(settings.database) as store:
        seen = look(store, settings.database, now=clock())
    if as_json:
        print_json(status_facts(seen))
    else:
        from monitor.cli.status_view import show_status

        show_status(seen, zone=zone_of(settings.time_zone))


@commands.command(
    epilog=examples("monitor health", "monitor health --db /data/monitor.db # in a container's HEALTHCHECK")
)
def health(config: ConfigOption = None, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Exit with 0 if the daemon runs and works, with 1 if not.

    A daemon says every few seconds that it lives; one that has not for 60 seconds
    is not healthy.
    """
    healthy, detail = _health(config, database)
    if as_json:
        print_json({"healthy": healthy, "detail": detail})
    else:
        out().print(words(f"{'healthy' if healthy else 'not healthy'}: {detail}"))
    raise typer.Exit(0 if healthy else NOT_WELL)


def _health(config: Path | None, database: Path | None) -> tuple[bool, str]:
    from monitor.cli.status import daemon_state

    try:
        with reading(find_settings(config, database).database) as store:
            state, detail = daemon_state(store.daemon(), clock())
    except MonitorError as error:
        return False, str(error)
    return state == "running", detail

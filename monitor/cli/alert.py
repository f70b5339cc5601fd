"""The group `monitor alert`; its commands: alert_test.py and alert_outbox.py."""

import typer

alerts = typer.Typer(
    name="alert",
    help="Try receivers; list alerts, send them again, drop them.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

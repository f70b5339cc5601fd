"""`monitor alert schema`: what a web hook is sent, for programs that read it."""

import json

import typer

from monitor.cli.alert import alerts
from monitor.cli.options import examples


@alerts.command(epilog=examples("monitor alert schema > alert.schema.json"))
def schema() -> None:
    """Print the JSON Schema of what a web hook (`json://`, `jsons://`) is sent."""
    from monitor.alerts.structured_schema import WEBHOOK_SCHEMA

    typer.echo(json.dumps(WEBHOOK_SCHEMA, indent=2))

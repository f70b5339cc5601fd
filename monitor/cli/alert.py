"""The group `monitor alert`; its commands: alert_test.py, alert_outbox.py, alert_ack.py, alert_schema.py."""

from typing import TYPE_CHECKING

import typer

from monitor.errors import WrongUseError

if TYPE_CHECKING:
    from monitor.alerts.alert import Alert
    from monitor.store.store import Store

alerts = typer.Typer(
    name="alert",
    help="Try receivers; list alerts, acknowledge them, send them again, drop them.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


def find_alert(store: "Store", name: str) -> "Alert":
    """The alert that is meant: with or without `A-`, in small letters too; raises WrongUseError."""
    wanted = name.strip().upper()
    alert = store.alert(wanted) or store.alert(f"A-{wanted}")
    if alert is None:
        raise WrongUseError(f"there is no alert {name!r}; `monitor alert list` names them")
    return alert

"""`monitor alert ack`: somebody takes care of an alert, so that nobody else has to hear of it."""

import os
from typing import Annotated

import typer

from monitor.cli.alert import alerts, find_alert
from monitor.cli.console import iso, out, print_json, words
from monitor.cli.options import ConfigOption, DatabaseOption, JsonOption, examples, find_settings, reading
from monitor.clock import clock


@alerts.command(
    epilog=examples(
        "monitor alert ack A-7K3QX-9ZD4M",
        "monitor alert ack 7k3qx-9zd4m --note 'calling the embassy'",
    )
)
def ack(
    ids: Annotated[
        list[str], typer.Argument(metavar="ALERT...", help="Alerts by their ids; they stand in their text.")
    ],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="For those who look later.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Acknowledge alerts: whoever would hear next of them does not.

    With an escalation, or with what was missed and told anew, also the alerts
    that it tells of are acknowledged. Who did it first stays.
    """
    from monitor.acting import acknowledge

    settings = find_settings(config, database)
    with reading(settings.database) as store:
        found = [find_alert(store, name) for name in ids]
        meant, new = acknowledge(store, found, who=os.environ.get("USER", ""), note=note, now=clock())
        said = {one.alert_id: one for one in store.acknowledgements(meant)}
    if as_json:
        print_json(
            {
                "acknowledged": new,
                "before": [
                    {"id": key, "at": iso(one.at), "who": one.who}
                    for key, one in said.items()
                    if key not in new
                ],
            }
        )
        return
    for key, one in said.items():
        by = f" by {one.who}" if one.who else ""
        out().print(words(f"{key} acknowledged" if key in new else f"{key} was acknowledged already{by}"))

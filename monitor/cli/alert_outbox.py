"""`monitor alert list|show|retry|drop`: what was told to whom, and what is done about what was not."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.alert import alerts, find_alert
from monitor.cli.console import count, err, iso, out, print_json, words
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    examples,
    find_settings,
    moment_before,
    reading,
)
from monitor.clock import clock
from monitor.errors import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from monitor.alerts.alert import Alert
    from monitor.config.settings import Settings
    from monitor.store.records import Delivery
    from monitor.store.store import Store


class Fate(StrEnum):
    """What became of a delivery."""

    DUE = "due"
    DELIVERED = "delivered"
    DEAD = "dead"
    DROPPED = "dropped"


IdArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="ALERT...", help="Alerts by their ids, such as A-7K3QX-9ZD4M."),
]
DeadOption = Annotated[bool, typer.Option("--dead", help="All dead letters, in place of ids.")]
ReceiverOption = Annotated[
    str, typer.Option("--receiver", "-r", metavar="NAME", help="Only what goes to this receiver.")
]


@alerts.command(
    "list",
    epilog=examples(
        "monitor alert list --since 1d",
        "monitor alert list --receiver desk --state dead",
        "monitor alert list --json | jq -r .id",
    ),
)
def list_(
    receiver: ReceiverOption = "",
    state: Annotated[
        Fate | None,
        typer.Option(
            "--state", metavar="STATE", help="Only with a delivery that is due, delivered, dead or dropped."
        ),
    ] = None,
    since: Annotated[
        str, typer.Option("--since", "-s", metavar="WHEN", help="Only made since: 2d, 12h, 2024-05-01.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many, the newest.")] = 50,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each alert.")] = False,
) -> None:
    """List the alerts that were made, the newest first, with what became of their deliveries."""
    from monitor.cli.alert_view import show_alerts

    now = clock()
    moment = moment_before(since, now) if since else None
    with _outbox(config, database) as (store, settings):
        made = store.alerts(
            receiver=receiver, since=moment, state=state.value if state else None, limit=limit
        )
        deliveries = _deliveries_of(store, made)
    if as_json:
        for alert in made:
            print_json(_alert_facts(alert, deliveries[alert.id]))
    else:
        show_alerts(made, deliveries, settings, now=now)


@alerts.command(
    epilog=examples("monitor alert show A-7K3QX-9ZD4M", "monitor alert show 7k3qx-9zd4m --json | jq .hits")
)
def show(
    alert_id: Annotated[str, typer.Argument(metavar="ALERT", help="The alert's id; it stands in its text.")],
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print an alert as the terminal would get it, and how each of its deliveries went."""
    from monitor.cli.alert_care import care_facts, care_of, show_care
    from monitor.cli.alert_view import show_alert

    with _outbox(config, database) as (store, settings):
        alert = find_alert(store, alert_id)
        deliveries = store.deliveries(alert_ids=[alert.id])
        care = care_of(store, alert.id)
    if as_json:
        print_json(_alert_facts(alert, deliveries) | care_facts(care))
    else:
        show_alert(alert, deliveries, settings, now=clock())
        show_care(care, settings, now=clock())


@alerts.command(
    epilog=examples(
        "monitor alert retry A-7K3QX-9ZD4M",
        "monitor alert retry --dead --receiver desk # after its address was put right",
    )
)
def retry(
    ids: IdArgument = None,
    dead: DeadOption = False,
    receiver: ReceiverOption = "",
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send again what was not delivered: at once, and for as long as a new alert.

    What has arrived is not repeated. What was dropped is taken up again where it
    is named by its id. The daemon sends; where none runs, the next one does.
    """

    def again(store: "Store", chosen: Collection[int], now: "datetime") -> list[int]:
        return store.send_again(chosen, now=now)

    _decide(ids, again, "due now", dead=dead, receiver=receiver, at=(config, database), as_json=as_json)


@alerts.command(
    epilog=examples(
        "monitor alert drop A-7K3QX-9ZD4M",
        "monitor alert drop --dead # all dead letters were seen",
    )
)
def drop(
    ids: IdArgument = None,
    dead: DeadOption = False,
    receiver: ReceiverOption = "",
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give up deliveries: they are tried no more, and `monitor status` names them no more."""

    def dropped(store: "Store", chosen: Collection[int], now: "datetime") -> list[int]:
        return store.drop(chosen, now=now)

    _decide(ids, dropped, "dropped", dead=dead, receiver=receiver, at=(config, database), as_json=as_json)


@contextmanager
def _outbox(config: "Path | None", database: "Path | None") -> "Iterator[tuple[Store, Settings]]":
    settings = find_settings(config, database)
    with reading(settings.database) as store:
        yield store, settings


def _decide(
    ids: Sequence[str] | None,
    decision: "Callable[[Store, Collection[int], datetime], list[int]]",
    said: str,
    *,
    dead: bool,
    receiver: str,
    at: "tuple[Path | None, Path | None]",
    as_json: bool,
) -> None:
    """Find the deliveries that are meant, decide on them, and say how many it were."""
    if bool(ids) == dead:
        raise WrongUseError("which? Name alerts by their ids, or all dead letters with --dead")
    with _outbox(*at) as (store, _settings):
        chosen = _chosen(store, ids or [], receiver)
        done = set(decision(store, [one.delivery_id for one in chosen], clock()))
    left = [one for one in chosen if one.delivery_id not in done]
    if as_json:
        print_json({"done": len(done), "left": [_delivery_facts(one) for one in left]})
        return
    out().print(words(f"{count(len(done), 'delivery', 'deliveries')} {said}"))
    for one in left:
        err().print(words(f"left as it is: {one.alert.id} to {one.receiver} ({one.label}): {_why(one)}"))


def _chosen(store: "Store", ids: Iterable[str], receiver: str) -> "list[Delivery]":
    found = [find_alert(store, name).id for name in ids]
    if found:
        return store.deliveries(alert_ids=found, receiver=receiver, limit=100_000)
    return store.deliveries(state="dead", receiver=receiver, limit=100_000)


def _why(delivery: "Delivery") -> str:
    if delivery.state in ("delivered", "dropped"):
        return f"it is {delivery.state}"
    return "it is being sent at this moment"


def _deliveries_of(store: "Store", made: "Sequence[Alert]") -> "dict[str, list[Delivery]]":
    by_alert: dict[str, list[Delivery]] = {alert.id: [] for alert in made}
    for delivery in store.deliveries(alert_ids=by_alert, limit=100_000) if made else ():
        by_alert[delivery.alert.id].append(delivery)
    return by_alert


def _alert_facts(alert: "Alert", deliveries: "Sequence[Delivery]") -> dict[str, Any]:
    return {
        "id": alert.id,
        "kind": alert.kind,
        "receiver": alert.receiver,
        "created_at": iso(alert.created_at),
        "labels": dict(alert.group_labels),
        "more": alert.more,
        "hits": [
            {
                "id": hit.hit_id,
                "topic": hit.topic,
                "title": hit.headline.text,
                "link": hit.link,
                "feed": hit.feed,
            }
            for hit in alert.hits
        ],
        "deliveries": [_delivery_facts(one) for one in deliveries],
    }


def _delivery_facts(one: "Delivery") -> dict[str, Any]:
    return {
        "id": one.delivery_id,
        "target": one.label,
        "state": one.state,
        "attempts": one.attempts,
        "next_at": iso(one.next_at) if one.state == "due" else None,
        "ended_at": iso(one.ended_at) if one.ended_at else None,
        "may_repeat": one.may_repeat,
        "error": one.error,
    }

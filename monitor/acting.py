"""Links in messages: the key that signs them, what they lead to, and what pressing the button does, once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.alerts.act import IN_WORDS, LASTS, Act, silenced
from monitor.alerts.alert import Alert, AlertHit
from monitor.alerts.signature import Signer, read
from monitor.store.store import Store

KEY = "links"
"""The name of the key among the store's secrets."""

Refusal = Literal["forged", "expired", "gone"]
"""Why a link does nothing; `gone`: what it is about has been forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A link that is good: what it does, and about what. `hit` is None where it is the whole alert.

    `said` is what was done with it at `at`, "" where it has not been used.
    """

    act: Act
    alert: Alert
    hit: AlertHit | None
    signer: Signer
    said: str = ""
    at: datetime | None = None


def signer(store: Store, site: str, *, now: datetime) -> Signer | None:
    """Who signs the links of messages; None where the desk can not be reached from them."""
    if not site:
        return None
    made = store.secret(KEY) or store.first_secret(KEY, lambda: secrets.token_urlsafe(32), now=now)
    return Signer(site=site, key=made.encode())


def open_link(store: Store, link: str, *, now: datetime) -> Opened | Refusal:
    """What a link leads to. Only reads: whoever looks at a link changes nothing."""
    known = Signer(site="", key=store.secret(KEY).encode())
    act = read(link, key=known.key, now=now) if known.key else "forged"
    if isinstance(act, str):
        return act
    alert = store.alert(act.alert_id)
    hit = next((one for one in alert.hits if one.hit_id == act.hit_id), None) if alert else None
    if alert is None or (act.hit_id and hit is None):
        return "gone"
    done = store.act_done(act.name)
    said, at = (done.said, done.at) if done else ("", None)
    return Opened(act=act, alert=alert, hit=hit, signer=known, said=said, at=at)


def carry_out(store: Store, opened: Opened, *, now: datetime) -> str:
    """Do what a link offers; returns what was done, in words. Done before, it is not done again."""
    act = opened.act
    with store.transaction():
        if done := store.act_done(act.name):
            return done.said
        said = _done(store, opened, now=now)
        store.keep_act(act.name, alert_id=act.alert_id, said=said, now=now)
    return said


def acknowledge(
    store: Store, alerts: Sequence[Alert], *, who: str, note: str, now: datetime
) -> tuple[list[str], list[str]]:
    """Somebody takes care of these alerts, and of those that they tell anew.

    Returns all of them, and those of which somebody takes care only now.
    """
    meant = list(dict.fromkeys(key for alert in alerts for key in (alert.id, *alert.earlier)))
    return meant, store.acknowledge(meant, who=who, note=note, now=now)


def _done(store: Store, opened: Opened, *, now: datetime) -> str:
    act, who = opened.act, f"message to {opened.alert.receiver}"
    if act.verb == "ack":
        return _acknowledged(store, opened.alert, who=who, now=now)
    if act.verb == "wrong":
        missing = store.judge([act.hit_id], verdict="wrong", who=who, now=now)
        return "The hit has been forgotten meanwhile." if missing else "The hit is marked as wrong."
    return _silenced(store, opened, who=who, now=now)


def _acknowledged(store: Store, alert: Alert, *, who: str, now: datetime) -> str:
    meant, new = acknowledge(store, [alert], who=who, note="", now=now)
    if new:
        return "Acknowledged: whoever would hear of it next does not."
    (first, *_) = store.acknowledgements(meant)
    return f"It was acknowledged already, by {first.who or 'somebody'}."


def _silenced(store: Store, opened: Opened, *, who: str, now: datetime) -> str:
    matchers = silenced(opened.act.verb, opened.hit) if opened.hit else ()
    if not matchers:
        return "There is nothing that it could keep still."
    ends_at = now + LASTS[opened.act.verb]
    comment = f"{opened.act.label} ({opened.alert.id})"
    number = store.add_silence(matchers, starts_at=now, ends_at=ends_at, comment=comment, who=who)
    return f"Nobody hears of it for {IN_WORDS[opened.act.verb]} (silence S-{number})."

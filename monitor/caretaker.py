"""Looks after the feeds: whose health is news becomes a notice, in one commit with what was told.

Decides nothing itself: feeds/health.py does.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from monitor.alerts.route import Receiver
from monitor.coverage import coverage_of, daily_notice
from monitor.feeds.health import Patient, Rules, examine
from monitor.feeds.subscription import Subscription
from monitor.noticing import ingest_notices
from monitor.store.store import Store

WATCH_GAP = timedelta(hours=1)
"""A longer time without a look is one in which nobody was watching."""


def look_after(
    store: Store,
    *,
    subscriptions: Mapping[str, Subscription],
    dead_after: timedelta,
    silent_at_least: timedelta,
    now: datetime,
) -> tuple[int, ...]:
    """Look at the feeds' health; returns the ids of the hits that are to be told."""
    with store.transaction():
        rules = Rules(
            dead_after=dead_after,
            silent_at_least=silent_at_least,
            watching_since=store.watch_on(now=now, gap=WATCH_GAP),
        )
        patients = [_labelled(patient, subscriptions) for patient in store.patients()]
        examined = examine(patients, rules=rules, now=now)
        store.save_healths(examined.healths)
        return ingest_notices(store, examined.notices, now=now)


def tell_coverage(
    store: Store, receivers: Mapping[str, Receiver], *, day: date, now: datetime
) -> tuple[int, ...]:
    """Tell what was looked at in the last 24 hours, once a day; returns the ids of the hits of it."""
    with store.transaction():
        coverage = coverage_of(store, receivers, since=now - timedelta(days=1), now=now)
        return ingest_notices(store, [daily_notice(coverage, day=day)], now=now)


def _labelled(patient: Patient, subscriptions: Mapping[str, Subscription]) -> Patient:
    subscription = subscriptions.get(patient.state.url)
    return replace(patient, labels=subscription.labels) if subscription else patient

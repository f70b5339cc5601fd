"""Alerts as JSON and back."""

import json
from dataclasses import replace

from monitor.alerts.alert import Alert, Section
from monitor.store.content import alert_from_json, alert_to_json
from tests.alerts.examples import alert, hit, marked

DIGEST = replace(
    alert(hit(1, marked("Spy base", "Spy"), snippets=(marked("a base", "base"),), clauses=("spy",)), more=2),
    kind="digest",
    sections=(Section(topic="Cuba", shown=1, more=2),),
    thread="topic:Cuba",
    reason="quiet",
    earlier=("A-00000-00000",),
)


def test_a_digest_comes_back_whole() -> None:
    assert alert_from_json(alert_to_json(DIGEST)) == DIGEST


def test_an_alert_from_before_there_were_kinds_is_a_plain_alert() -> None:
    value = json.loads(alert_to_json(DIGEST))
    for name in ("kind", "sections", "thread", "reason", "earlier"):
        del value[name]
    old: Alert = alert_from_json(json.dumps(value))
    assert (old.kind, old.sections, old.thread, old.earlier) == ("alert", (), "", ())
    assert old.hits == DIGEST.hits

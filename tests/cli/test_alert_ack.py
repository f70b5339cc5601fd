"""`monitor alert ack`: whoever would hear next does not."""

import json
from dataclasses import replace
from datetime import timedelta

from monitor.alerts.escalate import NewStep
from monitor.catching_up import catch_up
from monitor.store.records import NewDelivery
from tests.alerts.examples import alert, hit
from tests.command_line import NOW, Call, Desk


def tell(desk: Desk, key: str, *earlier: str) -> str:
    made = replace(alert(hit()), id=key, earlier=earlier)
    desk.store.add_alert(made, [], hit_ids=(), now=NOW)
    desk.store.add_steps(key, [NewStep(receiver="chief", due_at=NOW + timedelta(minutes=10))])
    return key


def test_an_alert_that_is_acknowledged_goes_no_further(monitor: Call, desk: Desk) -> None:
    tell(desk, "A-11111-11111")
    tell(desk, "A-22222-22222")
    done = monitor("alert", "ack", "11111-11111", "--note", "on it")
    assert (done.code, done.out) == (0, "A-11111-11111 acknowledged\n")
    assert [step.alert.id for step in desk.store.waiting_steps()] == ["A-22222-22222"]
    (said,) = desk.store.acknowledgements(["A-11111-11111"])
    assert said.note == "on it"


def test_with_an_escalation_also_what_it_tells_of_is_acknowledged(monitor: Call, desk: Desk) -> None:
    first = tell(desk, "A-11111-11111")
    tell(desk, "A-22222-22222", first, "A-GONE0-GONE0")
    assert monitor("alert", "ack", "A-22222-22222").code == 0
    assert desk.store.waiting_steps() == []
    assert {one.alert_id for one in desk.store.acknowledgements([first, "A-22222-22222"])} == {
        first,
        "A-22222-22222",
    }


def test_who_was_first_is_said(monitor: Call, desk: Desk) -> None:
    key = tell(desk, "A-11111-11111")
    desk.store.acknowledge([key], who="ann", note="", now=NOW)
    assert monitor("alert", "ack", key).out == f"{key} was acknowledged already by ann\n"
    facts = json.loads(monitor("alert", "ack", key, "--json").out)
    assert facts["acknowledged"] == []
    assert facts["before"][0]["who"] == "ann"


def test_an_alert_that_there_is_not_is_said_and_nothing_is_acknowledged(monitor: Call, desk: Desk) -> None:
    key = tell(desk, "A-11111-11111")
    done = monitor("alert", "ack", key, "A-XXXXX-XXXXX")
    assert (done.code, "there is no alert 'A-XXXXX-XXXXX'" in done.err) == (2, True)
    assert desk.store.acknowledgements([key]) == []


def test_an_alert_shows_who_hears_next_and_who_took_care(monitor: Call, desk: Desk) -> None:
    key = tell(desk, "A-11111-11111")
    assert "chief hears at" in monitor("alert", "show", key).out
    desk.store.acknowledge([key], who="ann", note="on it", now=NOW)
    shown = monitor("alert", "show", key).out
    assert "by ann: on it" in shown
    assert "chief did not have to hear: acknowledged" in shown
    facts = json.loads(monitor("alert", "show", key, "--json").out)
    assert facts["acknowledged"]["who"] == "ann"
    assert [step["outcome"] for step in facts["escalations"]] == ["acknowledged"]


def test_an_alert_shows_what_was_told_in_its_place(monitor: Call, desk: Desk) -> None:
    for key in ("A-11111-11111", "A-22222-22222"):
        made = replace(alert(hit()), id=key)
        desk.store.add_alert(made, [NewDelivery(target="t", label="the desk")], hit_ids=(), now=NOW)
    for delivery in desk.store.claim_deliveries(now=NOW, limit=9, lease=timedelta(minutes=1)):
        desk.store.save_attempt(delivery.delivery_id, state="due", now=NOW, next_at=NOW)
    (later,) = catch_up(desk.store, now=NOW + timedelta(hours=2))
    assert f"the desk was out of reach: told in {later.id}" in monitor("alert", "show", "11111-11111").out
    facts = json.loads(monitor("alert", "show", "11111-11111", "--json").out)
    assert [one["alert"] for one in facts["told_in_its_place"]] == [later.id]

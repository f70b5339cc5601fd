"""The schema of what web hooks are sent: it holds for what is sent, and describes every field of it."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from monitor.alerts.alert import Alert, AlertHit
from monitor.alerts.render import render
from monitor.alerts.signature import Signer
from monitor.alerts.structured_schema import WEBHOOK_SCHEMA
from tests.alerts.examples import NOON, alert, hit

GOLDEN = sorted((Path(__file__).parent / "golden").glob("webhook*.txt"))
SIGNER = Signer(site="https://news.example.org", key=b"a key")


def closed(schema: Any) -> Any:
    """The schema without room for fields that it does not describe."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: closed(value) for name, value in schema.items()}
    if "properties" in schema and "required" in schema:
        told["additionalProperties"] = False
    return told


def wrong(body: Any, schema: Any = WEBHOOK_SCHEMA) -> list[str]:
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(body)]


def sent(made: Alert, signer: Signer | None = SIGNER) -> dict[str, Any]:
    message = render(made, zone=NOON.tzinfo, service="json", signer=signer)  # type: ignore[arg-type]  # UTC
    return {"title": message.title, "message": message.text, "alert": json.loads(json.dumps(message.data))}


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects(value)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(WEBHOOK_SCHEMA)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_it_holds_for_what_goes_over_the_wire(path: Path) -> None:
    body = json.loads(path.read_text(encoding="utf-8").partition("\n\n")[2])
    assert wrong(body) == []


@pytest.mark.parametrize("signer", [SIGNER, None])
def test_it_describes_every_field(signer: Signer | None) -> None:
    assert wrong(sent(alert(hit(snippets=(hit().headline,))), signer), closed(WEBHOOK_SCHEMA)) == []


def test_every_field_that_must_be_there_is_missed() -> None:
    body = sent(alert(hit()))
    for name in WEBHOOK_SCHEMA["properties"]["alert"]["required"]:
        less = copy.deepcopy(body)
        del less["alert"][name]
        assert wrong(less) == [f"$.alert: '{name}' is a required property"]


@pytest.mark.parametrize("change", [{"schema": 2}, {"kind": "x"}, {"total": -1}, {"hits": [{}]}, {"id": 1}])
def test_what_is_something_else_is_found(change: dict[str, Any]) -> None:
    body = sent(alert(hit()))
    body["alert"] |= change
    assert wrong(body)


@given(text=st.text(), link=st.text(), count=st.integers(0, 3), more=st.integers(0, 5))
def test_it_holds_whatever_a_feed_says(text: str, link: str, count: int, more: int) -> None:
    hits: list[AlertHit] = [
        hit(number + 1, text, topic=text, link=link, feed=text, clauses=(text,), published=None)
        for number in range(count)
    ]
    assert wrong(sent(alert(*hits, more=more))) == []

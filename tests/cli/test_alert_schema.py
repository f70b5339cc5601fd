"""`monitor alert schema`."""

import json

from monitor.alerts.structured_schema import WEBHOOK_SCHEMA
from tests.command_line import Call


def test_the_schema_is_printed_without_any_configuration(monitor: Call) -> None:
    done = monitor("alert", "schema")
    assert (done.code, json.loads(done.out)) == (0, WEBHOOK_SCHEMA)

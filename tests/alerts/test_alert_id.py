"""Ids of alerts."""

import re

from monitor.alerts.alert_id import alert_id
from tests.alerts.examples import NOON, later


def test_an_id_is_short_and_free_of_letters_that_are_misread() -> None:
    assert re.fullmatch(r"A-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", alert_id("group", NOON, [1, 2]))


def test_the_same_alert_has_the_same_id_in_every_run() -> None:
    assert alert_id("group", NOON, [1, 2]) == alert_id("group", NOON, (2, 1)) == "A-1ZA8W-GWFVM"


def test_another_group_moment_or_hit_is_another_id() -> None:
    ids = {
        alert_id("group", NOON, [1, 2]),
        alert_id("other", NOON, [1, 2]),
        alert_id("group", later(1), [1, 2]),
        alert_id("group", NOON, [12]),
    }
    assert len(ids) == 4

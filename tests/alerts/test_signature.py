"""Links that carry their own right: read back, and refused when anything in them is changed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.act import Act, acts_of
from monitor.alerts.signature import PATH, Signer, read
from tests.alerts.examples import NOON, alert, hit

KEY = b"a key that only the store knows"
SIGNER = Signer(site="https://news.example.org", key=KEY)
ACTS = acts_of(alert(hit(4711)))


def link(act: Act, key: bytes = KEY) -> str:
    return Signer(site="", key=key).path(act).removeprefix(PATH)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.verb)
def test_a_link_is_read_back(act: Act) -> None:
    assert read(link(act), key=KEY, now=NOON) == act


def test_the_same_alert_has_the_same_links_whenever_it_is_said() -> None:
    assert SIGNER.offers(ACTS) == SIGNER.offers(acts_of(alert(hit(4711))))
    assert all(one.url.startswith("https://news.example.org/act/") for one in SIGNER.offers(ACTS))
    assert len(SIGNER.offers(ACTS)[0].url) < 100


def test_a_link_works_until_its_hour() -> None:
    act = ACTS[0]
    assert read(link(act), key=KEY, now=act.until - timedelta(microseconds=1)) == act
    assert read(link(act), key=KEY, now=act.until) == "expired"


def test_a_link_of_another_key_is_forged() -> None:
    assert read(link(ACTS[0], b"another"), key=KEY, now=NOON) == "forged"


@given(at=st.integers(0, 60), char=st.characters(codec="utf-8"))
def test_a_link_in_which_a_character_is_changed_is_forged(at: int, char: str) -> None:
    good = link(ACTS[0])
    changed = good[: at % len(good)] + char + good[at % len(good) + 1 :]
    assert changed == good or read(changed, key=KEY, now=NOON) == "forged"


@given(st.text(max_size=200))
def test_garbage_is_forged(text: str) -> None:
    assert read(text, key=KEY, now=NOON) == "forged"


def test_nobody_sees_the_key() -> None:
    assert KEY.decode() not in repr(SIGNER)

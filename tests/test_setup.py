"""What a configuration means for the store: how often each feed is polled."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import load
from monitor.config.settings import PollSettings
from monitor.feeds.subscription import Subscription
from monitor.following import follow_of
from monitor.setup import Setup

MINUTE = timedelta(minutes=1)
Times = tuple[int | None, int | None, int | None]


def times(own: Times, poll: PollSettings) -> Times:
    """Shortest, usual and longest time between polls, in minutes."""
    shortest, usual, longest = (None if one is None else one * MINUTE for one in own)
    follow = follow_of(
        Subscription(url="u", min_interval=shortest, interval=usual, max_interval=longest), poll
    )
    found = (follow.min_interval, follow.interval, follow.max_interval)
    return tuple(None if one is None else one // MINUTE for one in found)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("own", "meant"),
    [
        ((None, None, None), (5, 15, 60)),
        ((None, 7, None), (None, 7, None)),
        ((None, 7, 30), (None, 7, 30)),
        ((1, 7, None), (1, 7, None)),
        ((1, None, None), (1, 15, 60)),
        ((90, None, None), (90, 90, 90)),
        ((None, None, 2), (2, 2, 2)),
    ],
)
def test_an_interval_of_its_own_is_meant_as_it_stands_and_limits_win_over_the_settings(
    own: Times, meant: Times
) -> None:
    assert times(own, PollSettings()) == meant


def test_an_interval_in_the_settings_stretches_their_limits() -> None:
    assert times((None, None, None), PollSettings(interval=MINUTE)) == (1, 1, 60)
    assert times((None, None, None), PollSettings(interval=180 * MINUTE)) == (5, 180, 180)


@given(*[st.none() | st.integers(1, 999)] * 3)
def test_limits_never_cross(shortest: int | None, usual: int | None, longest: int | None) -> None:
    written = [one for one in (shortest, usual, longest) if one is not None]
    if written != sorted(written):
        return  # the configuration refuses that
    low, middle, high = times((shortest, usual, longest), PollSettings())
    assert middle is not None
    assert (low or middle) <= middle <= (high or middle)


@pytest.mark.parametrize(("web", "site"), [(True, "https://news.example.org"), (False, "")])
def test_messages_lead_to_the_desk_only_where_there_is_one(tmp_path: Path, web: bool, site: str) -> None:
    (tmp_path / "monitor.yaml").write_text("web: {public_url: 'https://news.example.org'}\n")
    assert Setup.of(load(tmp_path, environ={}, tolerant=True), web=web).site == site

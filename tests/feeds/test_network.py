"""Whether it is our own network that is down."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.network import AGAIN_AFTER, HOSTS_LEAST, HOSTS_MOST, WINDOW, Network, again_at

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def seen(*reached: bool, network: Network | None = None, start: int = 0) -> Network:
    """A second between the polls, each of another host."""
    network = network or Network()
    for number, one in enumerate(reached, start):
        network.saw(f"host{number}", reached=one, now=NOW + number * SECOND)
    return network


def test_a_network_is_down_when_no_host_of_several_is_reached() -> None:
    assert seen(*[False] * (HOSTS_LEAST - 1)).down_since is None
    assert seen(*[False] * HOSTS_LEAST).down_since == NOW


def test_feeds_that_fail_beside_others_that_do_not_are_their_own_matter() -> None:
    assert seen(*[False, False, True] * 10).down_since is None


def test_one_neighbour_that_is_reached_does_not_make_a_network() -> None:
    """A feed on the same machine answers always."""
    assert seen(True, *[False] * 9).down_since == NOW + SECOND


def test_one_host_that_fails_again_and_again_says_nothing_of_the_others() -> None:
    network = Network()
    for number in range(50):
        network.saw("dead.example", reached=False, now=NOW + number * SECOND)
    assert network.down_since is None


def test_it_is_back_when_more_than_a_few_are_reached() -> None:
    network = seen(*[False] * 20)
    assert seen(True, True, network=network, start=20).down_since is not None
    assert seen(True, network=network, start=22).down_since is None


def test_what_was_long_ago_does_not_count() -> None:
    network = seen(*[False] * 4)
    network.saw("other", reached=False, now=NOW + WINDOW + 4 * SECOND)
    assert network.down_since is None


def test_an_outage_is_seen_after_many_good_polls_too() -> None:
    network = seen(*[True] * 500)
    needed = next(
        count
        for count in range(1, HOSTS_MOST + 1)
        if seen(False, network=network, start=499 + count).down_since is not None
    )
    assert needed == HOSTS_MOST * 0.9


@pytest.mark.parametrize("number", range(20))
def test_feeds_are_polled_again_soon_and_not_all_at_once(number: int) -> None:
    at = again_at(f"https://a.example/{number}", now=NOW)
    assert AGAIN_AFTER / 2 <= at - NOW <= AGAIN_AFTER * 1.5
    assert at != again_at("https://b.example/", now=NOW)

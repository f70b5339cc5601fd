"""Muted stories: which silences mute one story and nothing else."""

from datetime import UTC, datetime, timedelta

from monitor.alerts.mute import muted_stories, story_matcher
from monitor.alerts.route import Matcher
from monitor.alerts.silence import Silence

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def silence(number: int, *matchers: Matcher, begins: datetime = NOW, days: int = 1) -> Silence:
    return Silence(number=number, matchers=matchers, starts_at=begins, ends_at=begins + days * DAY)


def test_a_silence_of_a_story_mutes_it_while_it_holds() -> None:
    one = silence(1, story_matcher(17))
    assert muted_stories([one], now=NOW) == {"17": [one]}
    assert muted_stories([one], now=NOW + DAY) == {}
    assert muted_stories([one], now=NOW - DAY) == {}


def test_a_silence_of_more_or_of_less_mutes_no_story() -> None:
    topic = Matcher(label="topic", op="=", value="17")
    unlike = Matcher(label="story", op="!=", value="17")
    silences = [silence(1, topic), silence(2, story_matcher(17), topic), silence(3, unlike)]
    assert muted_stories(silences, now=NOW) == {}


def test_of_several_the_one_that_ends_last_stands_last() -> None:
    long, short = silence(1, story_matcher(17), days=9), silence(2, story_matcher(17))
    assert muted_stories([long, short], now=NOW) == {"17": [short, long]}

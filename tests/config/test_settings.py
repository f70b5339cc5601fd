"""monitor.yaml: what is written stands over the defaults."""

import os
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.config import load_settings
from monitor.config.config import Config
from monitor.config.settings import (
    DeliverySettings,
    HealthSettings,
    LocalSettings,
    LogSettings,
    ParseSettings,
    PollSettings,
    PushSettings,
    Settings,
    WebSettings,
)
from monitor.errors import ConfigError
from tests.configs import page

Says = Callable[..., str]
Write = Callable[..., Path]


def test_without_the_file_all_is_default_and_the_database_lies_beside(
    write: Write, loaded: Callable[..., Config]
) -> None:
    assert loaded().settings == Settings(database=write() / "monitor.db")


ALL = """\
database: /var/lib/monitor/news.db
time_zone: Europe/Prague
retention: 30d
allow_private: true
poll:
  {interval: 5m, min_interval: 2m, max_interval: 3h, concurrency: 7, timeout: 10, max_bytes: 1MiB,
   user_agent: 1.10}
parse: {workers: 3}
delivery: {workers: 1, timeout: 5s, first_retry: 1s, longest_retry: 1m, give_up_after: 1d}
local: {files: true, commands: true}
health: {dead_after: 3h, silent_at_least: 2d, daily_coverage: 8:30, canary: 1h}
push: {ask_hubs: false, allow_sha1: true}
log: {level: debug, format: json}
web: {listen: ":8080", public_url: "https://News.example.org/"}
"""
"""Every setting, each with another value than its default."""


def test_what_is_written_stands_over_the_defaults(loaded: Callable[..., Config]) -> None:
    assert loaded(monitor=ALL).settings == Settings(
        database=Path("/var/lib/monitor/news.db"),
        time_zone="Europe/Prague",
        retention=timedelta(days=30),
        allow_private=True,
        poll=PollSettings(
            interval=timedelta(minutes=5),
            min_interval=timedelta(minutes=2),
            max_interval=timedelta(hours=3),
            concurrency=7,
            timeout=timedelta(seconds=10),
            max_bytes=1048576,
            user_agent="1.10",
        ),
        parse=ParseSettings(workers=3),
        delivery=DeliverySettings(
            workers=1,
            timeout=timedelta(seconds=5),
            first_retry=timedelta(seconds=1),
            longest_retry=timedelta(minutes=1),
            give_up_after=timedelta(days=1),
        ),
        local=LocalSettings(files=True, commands=True),
        health=HealthSettings(
            dead_after=timedelta(hours=3),
            silent_at_least=timedelta(days=2),
            daily_coverage=time(8, 30),
            canary=timedelta(hours=1),
        ),
        push=PushSettings(ask_hubs=False, allow_sha1=True),
        log=LogSettings(level="debug", format="json"),
        web=WebSettings(listen="0.0.0.0:8080", public_url="https://news.example.org"),
    )


def test_keys_without_values_are_default(loaded: Callable[..., Config], write: Write) -> None:
    assert loaded(monitor="database:\npoll:\nlog:\n  level:\n").settings == Settings(
        database=write() / "monitor.db"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "pol: {}\n",
            """
            monitor.yaml:1:1: unknown key `pol`
                pol: {}
                ^^^
                hint: did you mean `poll`?
            """,
        ),
        (
            "log: {colour: red}\n",
            """
            monitor.yaml:1:7: unknown key `colour`
                log: {colour: red}
                      ^^^^^^
                hint: known here: level, format
            """,
        ),
        (
            "time_zone: Europe/Praque\n",
            """
            monitor.yaml:1:12: there is no time zone `Europe/Praque`
                time_zone: Europe/Praque
                           ^^^^^^^^^^^^^
                hint: did you mean `Europe/Prague`?
            """,
        ),
        (
            "time_zone: ../../etc/passwd\n",
            """
            monitor.yaml:1:12: there is no time zone `../../etc/passwd`
                time_zone: ../../etc/passwd
                           ^^^^^^^^^^^^^^^^
                hint: a name like Europe/Prague or UTC, or `local`
            """,
        ),
        (
            "poll: {interval: 5 minutes, concurrency: many}\n",
            """
            monitor.yaml:1:18: a duration is expected here (90s, 15m, 1h30m, 2d), this is `5 minutes`
                poll: {interval: 5 minutes, concurrency: many}
                                 ^^^^^^^^^
            monitor.yaml:1:42: a whole number from 1 is expected here, this is `many`
                poll: {interval: 5 minutes, concurrency: many}
                                                         ^^^^
            """,
        ),
        (
            "poll: {timeout: 0s, max_bytes: lots}\n",
            """
            monitor.yaml:1:17: a duration above zero is expected here
                poll: {timeout: 0s, max_bytes: lots}
                                ^^
            monitor.yaml:1:32: a size is expected here (10MiB, 500kB), this is `lots`
                poll: {timeout: 0s, max_bytes: lots}
                                               ^^^^
            """,
        ),
        (
            "log: {level: warn}\n",
            """
            monitor.yaml:1:14: debug, info, warning or error is expected here, this is `warn`
                log: {level: warn}
                             ^^^^
                hint: did you mean `warning`?
            """,
        ),
        (
            "allow_private: yes\n",
            """
            monitor.yaml:1:16: true or false is expected here, this is `yes`
                allow_private: yes
                               ^^^
            """,
        ),
        (
            "poll:\n  - interval: 5m\n",
            """
            monitor.yaml:2:3: a mapping (`name: value`) is expected here, this is a list
                  - interval: 5m
                  ^^^^^^^^^^^^^^
            """,
        ),
        (
            "database: [a]\n",
            """
            monitor.yaml:1:11: a text is expected here, this is a list
                database: [a]
                          ^^^
            """,
        ),
    ],
)
def test_what_is_wrong_with_a_setting(says: Says, text: str, message: str) -> None:
    assert says(monitor=text) == page(message)


def test_the_settings_alone_do_not_mind_what_is_wrong_elsewhere(write: Write) -> None:
    directory = write(monitor="database: ${WHERE}\n", feeds="- broken: [\n")
    assert load_settings(directory, environ={"WHERE": "x.db"}).database == directory / "x.db"
    with pytest.raises(ConfigError, match="the environment variable WHERE is not set"):
        load_settings(directory, environ={})


def test_the_home_directory_may_be_written_short(loaded: Callable[..., Config]) -> None:
    settings = loaded(monitor="database: ~/news.db\n").settings
    assert settings.database == Path(os.path.expanduser("~/news.db"))


def test_limits_that_cross_are_refused(says: Says) -> None:
    assert says(monitor="poll: {interval: 5m, min_interval: 1h}\n") == page(
        """
        monitor.yaml:1:36: `min_interval` is longer than `interval`
            poll: {interval: 5m, min_interval: 1h}
                                               ^^
        """
    )

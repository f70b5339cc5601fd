"""alerts.yaml: the route tree with what is inherited, the receivers, and what is wrong with them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.route import GROUP_BY, GROUP_INTERVAL, GROUP_WAIT, Matcher, Route
from monitor.config import load
from monitor.config.config import Config
from monitor.errors import ConfigError
from tests.configs import page

Loaded = Callable[..., Config]
Says = Callable[..., str]

RECEIVERS = "receivers: [{name: desk, urls: 'stdout://'}]\n"


def test_without_the_file_everything_goes_to_the_terminal(loaded: Loaded) -> None:
    config = loaded()
    assert config.route == Route(receiver="terminal")
    assert [target.url for target in config.receivers["terminal"].targets] == ["stdout://"]


def test_one_receiver_needs_no_route(loaded: Loaded) -> None:
    assert loaded(alerts=RECEIVERS).route == Route(receiver="desk")


TREE = """\
route:
  receiver: desk
  group_by: [topic, region]
  group_wait: 1m
  routes:
    - matchers: [severity = high, 'region =~ "asia|china"']
      receiver: phone
      group_wait: 0s
      continue: true
      routes:
        - matchers: kind!=state
          group_by: [feed]
    - matchers: [kind = state]
      store_only: true
receivers:
  - {name: desk, urls: ['stdout://']}
  - {name: phone, urls: ['stdout://']}
"""


def test_routes_inherit_and_know_their_place(loaded: Loaded) -> None:
    root = loaded(alerts=TREE).route
    shared = {"group_by": ("topic", "region"), "group_interval": GROUP_INTERVAL}
    assert root.routes == (
        Route(
            receiver="phone",
            path="0.0",
            matchers=(
                Matcher(label="severity", op="=", value="high"),
                Matcher(label="region", op="=~", value="asia|china"),
            ),
            continues=True,
            group_wait=timedelta(),
            routes=(
                Route(
                    receiver="phone",
                    path="0.0.0",
                    matchers=(Matcher(label="kind", op="!=", value="state"),),
                    group_by=("feed",),
                    group_wait=timedelta(),
                    group_interval=GROUP_INTERVAL,
                ),
            ),
            **shared,  # type: ignore[arg-type]
        ),
        Route(
            receiver="desk",
            path="0.1",
            matchers=(Matcher(label="kind", op="=", value="state"),),
            group_wait=timedelta(minutes=1),
            store_only=True,
            **shared,  # type: ignore[arg-type]
        ),
    )


def test_a_root_that_says_little_has_the_defaults(loaded: Loaded) -> None:
    route = loaded(alerts=RECEIVERS + "route: {receiver: desk}\n").route
    assert (route.group_by, route.group_wait, route.group_interval) == (GROUP_BY, GROUP_WAIT, GROUP_INTERVAL)
    assert not route.store_only


def test_a_root_that_only_stores_needs_no_receiver(loaded: Loaded) -> None:
    assert loaded(alerts="route: {store_only: true}\n").route.store_only


def test_messages_carry_links_to_act_unless_their_receiver_wants_none(loaded: Loaded) -> None:
    receivers = loaded(
        alerts="""
        route: {receiver: desk}
        receivers:
          - {name: desk, urls: 'stdout://'}
          - {name: public, urls: 'stdout://', acts: false}
        """
    ).receivers
    assert {name: one.acts for name, one in receivers.items()} == {"desk": True, "public": False}
    with pytest.raises(ConfigError, match="true or false"):
        loaded(alerts="receivers: [{name: desk, urls: 'stdout://', acts: perhaps}]")


def test_targets_have_labels_without_secrets_and_keys_of_their_own(loaded: Loaded) -> None:
    desk = loaded(
        alerts="""
        receivers:
          - name: desk
            allow_private: true
            urls:
              - slack://${TOKEN}/B/C
              - {url: 'jsons://example.org/hook?+X-Token=${TOKEN}', label: the hook}
        """,
        environ={"TOKEN": "abc123def"},
    ).receivers["desk"]
    assert desk.allow_private
    assert [target.url for target in desk.targets] == [
        "slack://abc123def/B/C",
        "jsons://example.org/hook?+X-Token=abc123def",
    ]
    assert [target.label for target in desk.targets] == ["slack://***", "the hook"]
    assert all(target.key.startswith("desk/v1-") for target in desk.targets)
    assert "abc123def" not in repr(desk)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            RECEIVERS + "route: {receiver: dsk}\n",
            """
            alerts.yaml:2:19: there is no receiver `dsk`
                route: {receiver: dsk}
                                  ^^^
                hint: did you mean `desk`?
            """,
        ),
        (
            RECEIVERS + "route: {receiver: desk, matchers: [a=b]}\n",
            """
            alerts.yaml:2:36: the root of the route tree takes everything
                route: {receiver: desk, matchers: [a=b]}
                                                   ^^^
                hint: put matchers under its `routes:`
            """,
        ),
        (
            RECEIVERS + "route:\n  group_wait: 5s\n",
            """
            alerts.yaml:3:3: the root of the route tree needs a `receiver`
                  group_wait: 5s
                  ^^^^^^^^^^^^^^
                hint: one of: desk
            """,
        ),
        (
            "receivers:\n- {name: a, urls: 'stdout://'}\n- {name: b, urls: 'stdout://'}\n",
            """
            alerts.yaml:1:1: `route` is missing here: which receiver hears?
                receivers:
                ^^^^^^^^^^
                hint: route: {receiver: a}
            """,
        ),
        (
            RECEIVERS + "route: {receiver: desk, routes: [{matchers: ['topic=~\"a(b\"']}]}\n",
            """
            alerts.yaml:2:56: this is no regular expression: missing ), unterminated subpattern
                route: {receiver: desk, routes: [{matchers: ['topic=~"a(b"']}]}
                                                                       ^
            """,
        ),
        (
            RECEIVERS + "route: {receiver: desk, routes: [{matchers: ['topic: Cuba']}]}\n",
            """
            alerts.yaml:2:52: =, !=, =~ or !~ is expected here
                route: {receiver: desk, routes: [{matchers: ['topic: Cuba']}]}
                                                                   ^^^^^^
                hint: did you mean topic="Cuba"?
            """,
        ),
        (
            RECEIVERS + "route: {receiver: desk, group_by: [my desk]}\n",
            """
            alerts.yaml:2:36: a label's name is expected here: letters, digits and `_`
                route: {receiver: desk, group_by: [my desk]}
                                                   ^^^^^^^
            """,
        ),
        (
            "receivers:\n- {name: a, urls: 'stdout://'}\n- {name: a, urls: 'json://x'}\n",
            """
            alerts.yaml:3:10: the receiver `a` stands twice; the first is on line 2
                - {name: a, urls: 'json://*'}
                         ^
            """,
        ),
        (
            "receivers: [{name: a, urls: [desk@example.org]}]\n",
            """
            alerts.yaml:1:30: a receiver's URL is expected here
                receivers: [{name: a, urls: [desk@example.org]}]
                                             ^^^^^^^^^^^^^^^^
                hint: an Apprise URL like mailtos://, slack://, ntfy:// or stdout://
            """,
        ),
        (
            "receivers: [{name: a, urls: ['slack://A/B/C', 'slack://A/B/C']}]\n",
            """
            alerts.yaml:1:47: this URL stands twice in the receiver
                receivers: [{name: a, urls: ['slack://*****', 'slack://*****']}]
                                                              ^^^^^^^^^^^^^^^
            """,
        ),
        (
            "receivers: [{name: a, urls: 'stdout://'}, {name: b, urls: 'stdout://'}]\nroute: {receiver: a}\n",
            """
            alerts.yaml:1:50: warning: no route leads to the receiver `b`
                receivers: [{name: a, urls: 'stdout://'}, {name: b, urls: 'stdout://'}]
                                                                 ^
            """,
        ),
    ],
)
def test_what_is_wrong_with_routes_and_receivers(says: Says, text: str, message: str) -> None:
    assert says(alerts=text) == page(message)


def test_a_route_to_a_broken_receiver_is_not_wrong_as_well(says: Says) -> None:
    said = says(alerts="receivers: [{name: a}]\nroute: {receiver: a}\n")
    assert said.count("alerts.yaml:") == 1
    assert "`urls` is missing here" in said


def test_the_sending_library_may_be_asked_about_urls(write: Callable[..., Path]) -> None:
    directory = write(alerts="receivers: [{name: a, urls: ['slak://A/B/C', 'stdout://']}]\n")
    with pytest.raises(ConfigError) as caught:
        load(directory, environ={}, check_target=lambda url: "no service" if url.startswith("slak") else "")
    assert str(caught.value).replace(f"{directory}/", "") == page(
        """
        alerts.yaml:1:30: no service
            receivers: [{name: a, urls: ['slak://*****', 'stdout://']}]
                                         ^^^^^^^^^^^^^^
            hint: an Apprise URL like mailtos://, slack://, ntfy:// or stdout://
        """
    )

"""A directory is loaded as a whole: every problem of every file at once, nothing half."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import load
from monitor.config.config import Config
from monitor.errors import ConfigError
from tests.configs import page

Loaded = Callable[..., Config]
Says = Callable[..., str]
Write = Callable[..., Path]


def test_an_empty_directory_is_a_configuration(loaded: Loaded) -> None:
    config = loaded()
    assert (config.subscriptions, config.topics, config.files) == ((), (), ())


@pytest.mark.parametrize("text", ["", "\n", "# all commented out\n", "---\n", "\ufeff# byte order mark\n"])
def test_empty_files_are_a_configuration(loaded: Loaded, text: str) -> None:
    config = loaded(monitor=text, feeds=text, alerts=text, watch=text)
    assert (config.subscriptions, config.topics, len(config.files)) == ((), (), 4)


def test_a_directory_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "no", environ={})
    assert str(caught.value).replace(str(tmp_path), "DIR") == page(
        """
        DIR/no: there is no configuration directory here
            hint: `monitor init DIR/no` writes one to start from
        """
    )


def test_a_file_is_no_directory(write: Write) -> None:
    with pytest.raises(ConfigError, match="this is a file, not a directory"):
        load(write(feeds="") / "feeds.yaml", environ={})


def test_all_problems_of_all_files_are_told_at_once_in_their_order(says: Says) -> None:
    said = says(
        monitor="poll: {interval: soon}\nfoo: 1\n",
        feeds="- x\n- {url: 'https://example.org', nam: x}\n",
        alerts="route: {receiver: nobody}\n",
        a="- {name: a, query: '('}\n",
        b="x: [\n",
    )
    places = [line.split(": ")[0] for line in said.splitlines() if ".yaml:" in line]
    assert places == [
        "monitor.yaml:1:18",
        "monitor.yaml:2:1",
        "feeds.yaml:1:3",
        "feeds.yaml:2:32",
        "alerts.yaml:1:19",
        "watchlists/a.yaml:1:21",
        "watchlists/b.yaml:1:5",
    ]


def test_errors_are_the_message_and_warnings_come_along(write: Write) -> None:
    directory = write(feeds="- x\n", w="- {name: a, query: 'x OR y z'}\n")
    with pytest.raises(ConfigError) as caught:
        load(directory, environ={})
    assert [problem.severity for problem in caught.value.problems] == ["error", "warning"]  # type: ignore[attr-defined]
    assert "warning" not in str(caught.value)


def test_what_is_not_a_file_of_text_is_a_problem(says: Says, write: Write) -> None:
    (write() / "feeds.yaml").mkdir()
    assert says(monitor=b"a: \xff\xfe", alerts=b"\x00") == page(
        """
        monitor.yaml:1:4: the byte 0xff here is not UTF-8
            a: \ufffd\ufffd
               ^
            hint: save the file as UTF-8, then try again
        feeds.yaml: this file can not be read: is a directory
        alerts.yaml: this is a binary file, not YAML
        """
    )


def test_files_that_are_nearly_ours_are_named(says: Says, write: Write) -> None:
    directory = write(geo="- Cuba\n")
    for name in ("feed.yaml", "monitor.yml", "topics.yaml", "docker-compose.yaml", "watchlists/more.yml"):
        (directory / name).write_text("")
    assert says() == page(
        """
        feed.yaml: warning: this file is not read; did you mean feeds.yaml?
        monitor.yml: warning: this file is not read; did you mean monitor.yaml?
        topics.yaml: warning: this file is not read; did you mean watchlists/topics.yaml?
        watchlists/more.yml: warning: this file is not read; did you mean more.yaml?
        """
    )


def test_editors_leftovers_are_not_read(write: Write) -> None:
    directory = write(geo="- Cuba\n")
    for name in (".geo.yaml.swp", ".#geo.yaml", "geo.yaml~", "#geo.yaml#"):
        (directory / "watchlists" / name).write_text("- [")
    assert len(load(directory, environ={}).topics) == 1


def test_broken_topics_are_left_out_when_starting(write: Write) -> None:
    """One broken topic is reported and left out; the others go on."""
    directory = write(w="- Cuba\n- {name: bad, query: '('}\n- {name: worse, qery: x}\n- {query: y}\n")
    config = load(directory, environ={}, tolerant=True)
    assert [topic.name for topic in config.topics] == ["Cuba"]
    assert config.broken_topics == ("bad", "worse", "(without a name, w.yaml:4)")
    assert [problem.line for problem in config.problems] == [2, 3, 4]


def test_all_else_must_be_right_when_starting_too(write: Write) -> None:
    directory = write(w="- Cuba\n", feeds="- x\n")
    with pytest.raises(ConfigError):
        load(directory, environ={}, tolerant=True)


def test_the_digest_changes_with_whatever_is_read(write: Write) -> None:
    directory = write(alerts="receivers: [{name: a, urls: 'json://x.org/${T}'}]\n")
    first = load(directory, environ={"T": "one"}).digest
    assert load(directory, environ={"T": "one"}).digest == first
    assert load(directory, environ={"T": "two"}).digest != first
    (directory / "notes.txt").write_text("not read")
    assert load(directory, environ={"T": "one"}).digest == first
    write(w="# nothing\n")
    assert load(directory, environ={"T": "one"}).digest != first


def test_values_that_were_put_in_are_masked_in_messages(says: Says) -> None:
    said = says(feeds="- ${FEED}\n", environ={"FEED": "not-a-url-but-secret"})
    assert "not-a-url" not in said
    assert "- ${FEED}" in said


SECRET = "hunter2hunter2"


@pytest.mark.parametrize(
    "alerts",
    [
        f"receivers: [{{nam: x, urls: ['slack://{SECRET}/b/c']}}]\n",
        f"receivers:\n  - name: x\n    urls: slack://{SECRET}/b/c\n    urls: x\n",
        f"receivers:\n  - name: x\n    urls: slack://{SECRET}/b/c: d\n",
        f"receivers:\n  - name: x\n    urls: x\n    urls: slack://{SECRET}/b/c\n",
        f"receivers: [{{name: x, urls: !x 'slack://{SECRET}/b'}}]\n",
        f"receivers: [{{name: x, urls: 'slack://{SECRET}/${{UNSET}}/c'}}]\n",
        f"receivers: [{{name: x, urls: mailtos://me:{SECRET}@example.org [}}]\n",
        f"receivers: [{{name: x, urls: [{{url: 'jsons://example.org/?+X-Token={SECRET}', lable: y}}]}}]\n",
        f"receivers: [{{name: x, urls: 'https://hooks.slack.com/services/{SECRET}', z: }}]\n",
    ],
)
def test_a_secret_typed_into_alerts_is_never_quoted(says: Says, alerts: str) -> None:
    said = says(alerts=alerts)
    assert said
    assert SECRET not in said


@pytest.mark.parametrize(
    "feeds",
    [
        f"- {{url: 'https://me:{SECRET}@example.org/', x: y}}\n",
        f"- {{url: 'https://example.org/?api_key={SECRET}&b', x: y}}\n",
        f"- {{url: 'https://example.org/', headers: {{Authorization: Bearer {SECRET}}}, x: y}}\n",
        f"- url: https://example.org\n  headers:\n    X-Api-Key: {SECRET}: x\n",
        f"- https://me:{SECRET}@example.org/: x: y\n",
        f"- me:{SECRET}@example.org\n- https://x:{SECRET}@example.org\n",
    ],
)
def test_a_secret_typed_into_feeds_is_never_quoted(says: Says, feeds: str) -> None:
    said = says(feeds=feeds)
    assert said
    assert SECRET not in said


def test_a_log_level_from_the_environment_is_no_secret_and_a_token_is(loaded: Loaded) -> None:
    config = loaded(
        monitor="log: {level: '${LEVEL}'}\npoll: {user_agent: '${AGENT_TOKEN}'}\n",
        environ={"LEVEL": "warning", "AGENT_TOKEN": "abcdef"},
    )
    assert config.secrets.mask("a warning with abcdef") == "a warning with ***"


def test_a_secret_in_a_file_that_is_not_utf8_is_not_quoted(says: Says) -> None:
    assert SECRET not in says(alerts=f"- slack://{SECRET}/x\xff\n".encode("latin-1"))


def test_a_directory_that_can_not_be_read_is_not_the_empty_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may read everything
    with pytest.raises(ConfigError, match="can not be read: permission denied"):
        load(tmp_path, environ={})


def test_what_was_typed_as_a_secret_is_masked_everywhere(loaded: Loaded) -> None:
    config = loaded(
        alerts=f"receivers: [{{name: x, urls: 'mailtos://me:{SECRET}@example.org'}}]\n",
        feeds=f"- {{url: 'https://example.org', headers: {{Authorization: Bearer {SECRET}9}}}}\n",
    )
    assert config.secrets.mask(f"sent with {SECRET} and {SECRET}9") == "sent with *** and ***"
    assert SECRET not in repr(config)

"""The README keeps its word: what it says to type is there, and what is there it mentions."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import typer

from monitor.cli.program import GROUPS, program
from monitor.config import load

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
PROGRAM: Any = typer.main.get_command(program())


def calls(text: str) -> Iterator[str]:
    """What it says to type, with each alternative: indented lines and code spans."""
    said = re.findall(r"^    (monitor [^#\n]+)|`(monitor [^`]+)`", text, re.MULTILINE)
    for call in (one or other for one, other in said):
        head, *rest = re.split(r" (?=['\"\-]|$)", " ".join(call.split()).replace("\\|", "|"), maxsplit=1)
        for words in product(*(word.split("|") for word in head.split())):
            yield " ".join((*words, *rest))


CALLS = sorted(set(calls(README)))


def named(call: str) -> tuple[str, Any, list[str]]:
    """The name of the command that is called, the command itself, and what is left of the call."""
    command, path, rest = PROGRAM, "monitor", call.split()[1:]
    while rest and not rest[0].startswith("-") and (inner := getattr(command, "commands", None)):
        command, path = inner.get(rest[0]), f"{path} {rest.pop(0)}"
    return path, command, rest


def test_alternatives_are_calls_of_their_own() -> None:
    text = "`monitor topic add\\|edit` and\n    monitor hits --since 2d   # what\n`monitor.db` and `monitor`"
    assert list(calls(text)) == ["monitor topic add", "monitor topic edit", "monitor hits --since 2d"]


@pytest.mark.parametrize("call", CALLS)
def test_what_the_readme_says_to_type_is_there_with_its_options(call: str) -> None:
    path, command, rest = named(call)
    assert command is not None, f"there is no {path}"
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {word for word in rest if re.fullmatch(r"--?[a-z][a-z-]*", word)} <= known


def test_every_command_of_the_first_level_is_in_the_readme() -> None:
    mentioned = {call.split()[1] for call in CALLS}
    assert {name for names in GROUPS for name in names} - mentioned == set()


def columns(block: str) -> tuple[str, str]:
    """Two files that stand beside each other."""
    lines = block.splitlines()
    at = max(line.find(word) for line in lines[:2] for word in ("topics:", "feeds:"))
    return "\n".join(line[:at].rstrip() for line in lines), "\n".join(line[at:] for line in lines)


def test_the_configuration_that_it_shows_is_one(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (beside,) = (block for block in blocks if "config/watchlists/mine.yaml" in block)
    (alerts,) = (block for block in blocks if "config/alerts.yaml" in block)
    feeds, topics = columns(beside)
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "mine.yaml").write_text(topics, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text(feeds, encoding="utf-8")
    (tmp_path / "alerts.yaml").write_text(alerts, encoding="utf-8")
    secrets = {"MAIL_USER": "desk", "MAIL_PASSWORD": "hunter2", "NTFY_TOPIC": "our-desk"}
    config = load(
        tmp_path, environ={**secrets, "SLACK_TOKENS": "AAAAAAAAA/BBBBBBBBB/cccccccccccccccccccccccc"}
    )
    assert [one.name for one in config.topics] == ["Taiwan Strait", "spy balloon", "Cuba"]
    assert [one.name for one in config.subscriptions][1:] == ["Al Jazeera"]
    assert set(config.receivers) == {"desk", "on-call"}

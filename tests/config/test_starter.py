"""The starter configuration is right, is what it says it is, and is never written over a user's files."""

from pathlib import Path

from monitor.config import load
from monitor.config.settings import Settings
from monitor.config.starter import standing_files, starter_files, write_starter

CHECKOUT = Path(__file__).parent.parent.parent / "config"


def test_the_starter_is_a_right_configuration(tmp_path: Path) -> None:
    write_starter(tmp_path)
    config = load(tmp_path, environ={})
    assert config.warnings == ()
    assert 20 <= len(config.subscriptions) <= 30
    assert len(config.topics) >= 3
    assert config.route.receiver == "terminal"
    assert [target.url for target in config.receivers["terminal"].targets] == ["stdout://"]


def test_its_settings_are_the_defaults(tmp_path: Path) -> None:
    write_starter(tmp_path)
    assert load(tmp_path, environ={}).settings == Settings(database=tmp_path / "monitor.db")


def test_its_comments_are_less_than_a_hundred_columns_wide() -> None:
    for name, text in starter_files():
        assert [line for line in text.splitlines() if "#" in line and len(line) >= 100] == [], name


def test_every_feed_has_a_name_and_labels_of_its_own(tmp_path: Path) -> None:
    write_starter(tmp_path)
    subscriptions = load(tmp_path, environ={}).subscriptions
    assert len({subscription.name for subscription in subscriptions}) == len(subscriptions)
    assert all({"region", "kind", "lang"} <= set(subscription.labels) for subscription in subscriptions)


def test_its_commented_examples_are_right_too(tmp_path: Path) -> None:
    """Whoever uncomments them must not be met by errors."""
    write_starter(tmp_path)
    alerts = tmp_path / "alerts.yaml"
    lines = alerts.read_text().splitlines()
    examples = [line.replace("  # ", "  ", 1) for line in lines if is_example(line)]
    alerts.write_text("\n".join(line for line in lines if not line.lstrip().startswith("#")).replace(
        "  group_interval: 5m", "  group_interval: 5m\n" + "\n".join(examples[:split_at(examples)])
    ) + "\n" + "\n".join(examples[split_at(examples):]) + "\n")  # fmt: skip
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "hook-token").write_text("abc\n")
    environ = dict.fromkeys(
        ["MAIL_USER", "MAIL_PASSWORD", "TELEGRAM_BOT_TOKEN", "TELEGRAM_CHAT_ID", "NTFY_TOPIC"], "secret"
    )
    webhooks = dict.fromkeys(["SLACK_WEBHOOK", "DISCORD_WEBHOOK", "TEAMS_WORKFLOW"], "https://example.org/x")
    webhooks = {name: f"{url}/{name}" for name, url in webhooks.items()}
    config = load(tmp_path, environ=environ | webhooks)
    assert set(config.receivers) == {"terminal", "asia-desk", "phone", "newsroom", "archive", "on-duty"}
    receivers = [route.receiver for route in config.route.routes]
    assert receivers == ["phone", "asia-desk", "terminal", "terminal", "terminal", "archive"]


def is_example(line: str) -> bool:
    """A comment that is YAML: a key or a list item."""
    return line.startswith(("  # routes:", "  #   ", "  # - "))


def split_at(examples: list[str]) -> int:
    """The first line that belongs to the receivers."""
    return next(index for index, line in enumerate(examples) if line.startswith("  - name"))


def test_it_never_overwrites_and_says_what_stood_there(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("- https://example.org\n")
    assert standing_files(tmp_path) == [tmp_path / "feeds.yaml"]
    written = write_starter(tmp_path)
    assert tmp_path / "feeds.yaml" not in written
    assert (tmp_path / "feeds.yaml").read_text() == "- https://example.org\n"
    assert write_starter(tmp_path) == []


def test_only_yaml_is_shipped_and_it_is_the_checkouts(tmp_path: Path) -> None:
    files = dict(starter_files())
    assert set(files) >= {"monitor.yaml", "feeds.yaml", "alerts.yaml", "watchlists/geopolitics.yaml"}
    assert all(name.endswith(".yaml") for name in files)
    assert files["feeds.yaml"] == (CHECKOUT / "feeds.yaml").read_text(encoding="utf-8")

"""No published attack on mark-up, links or text makes a message do more than show it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from monitor.alerts.alert import Alert, AlertHit, Marked, Section
from monitor.alerts.links import safe_link
from monitor.alerts.message import Message
from monitor.alerts.render import render
from monitor.alerts.template import Part, Template, fill
from monitor.alerts.terminal import printed
from monitor.errors import TemplateError
from tests.alerts.examples import NOON, alert

TORTURE = Path(__file__).parent.parent.parent.parent / "shared" / "corpora" / "torture"
pytestmark = pytest.mark.skipif(not TORTURE.is_dir(), reason="needs the torture collections")

LINK = "https://example.org/a"

MAIL_TAGS = {
    "html": {"lang"},
    "head": set(),
    "meta": {"charset", "name", "content"},
    "style": set(),
    "body": set(),
    **{tag: set() for tag in ("main", "section", "h1", "h2", "blockquote")},
    "div": {"dir"},
    "a": {"href"},
    "mark": set(),
    "strong": set(),
    "small": set(),
}
CHAT_TAGS: dict[str, set[str]] = {"a": {"href"}, "b": set(), "br": set()}


def vectors() -> list[str]:
    def load(name: str) -> list[object]:
        content: list[object] = json.loads((TORTURE / f"{name}.json").read_text(encoding="utf-8"))
        return content

    lines = (TORTURE / "xss-payload-list.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    sanitiser = [case["payload"] for case in load("dompurify_expect") if isinstance(case, dict)]
    urls = [case["input"] for case in load("urltestdata") if isinstance(case, dict)]
    return list(dict.fromkeys([*lines, *map(str, load("blns")), *sanitiser, *urls]))


def hostile_alert(vector: str) -> Alert:
    """The vector wherever a stranger may write, with the middle of it marked."""
    third = len(vector) // 3
    piece = Marked(text=vector, marks=((third, 2 * third, vector),) if third else ())
    return alert(
        AlertHit(
            hit_id=1,
            topic=vector,
            labels={"severity": vector},
            found_at=NOON,
            headline=piece,
            snippets=(piece,),
            clauses=(vector,),
            link=LINK,
            feed=vector,
            published=NOON,
        )
    )


def hostile_digest(vector: str) -> Alert:
    """The same, told topic by topic, with a coverage line and other alerts' ids of a stranger's making."""
    return replace(
        hostile_alert(vector),
        kind="escalation",
        sections=(Section(topic=vector, shown=1, more=2),),
        more=2,
        coverage=vector,
        earlier=(vector,),
        thread=vector,
        group_labels={"returned": vector},
    )


@pytest.fixture(scope="module", params=[hostile_alert, hostile_digest])
def alerts(request: pytest.FixtureRequest) -> list[Alert]:
    return [request.param(vector) for vector in vectors()]


def messages(alerts: list[Alert], service: str) -> Iterator[Message]:
    for one in alerts:
        message = render(one, zone=UTC, service=service)
        assert "\n" not in message.title
        yield message


class Tags(HTMLParser):
    """Everything in a page that is not text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.other: list[str] = []

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    handle_pi = unknown_decl = handle_comment

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags_in(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    tags.close()
    return tags


@pytest.mark.parametrize(
    ("service", "allowed", "declarations"),
    [("mailto", MAIL_TAGS, ["doctype html"]), ("tgram", CHAT_TAGS, [])],
)
def test_html_holds_our_own_tags_only(
    alerts: list[Alert], service: str, allowed: dict[str, set[str]], declarations: list[str]
) -> None:
    for message in messages(alerts, service):
        tags = tags_in(message.html or "")
        assert tags.other == declarations
        for tag, attributes in tags.found:
            assert set(attributes) <= allowed[tag]
            assert attributes.get("href", LINK) == LINK


EVERY_VALUE = (
    "All: {% for hit in hits %}{{ hit.topic }} {{ hit.severity }} {{ hit.headline }} {{ hit.marked }}"
    " {{ hit.feed }}"
    " {{ hit.snippets[0].text if hit.snippets else '' }} {{ hit.matched|join(' ') }} {{ bold(hit.headline) }}"
    " {{ link(hit.headline, hit.headline) }} {{ link(hit.feed, hit.link) }}"
    " {% for letter in hit.headline[:40] %}{{ letter }}{% endfor %}{% endfor %}"
    " {{ alert.about }}"
)


def filled(one: Alert, service: str, part: Part) -> str:
    """What a template makes of an alert that prints every value that there is, or that it was refused."""
    template = Template(sources={part: EVERY_VALUE}, files={part: f"templates/{part}"})
    own = render(one, zone=UTC, service=service)
    try:
        made = fill(template, own, one, zone=UTC, service=service)
    except TemplateError:
        return ""  # it was too long, whatever is left out: nothing of it is sent
    return (made.html if part == "html" else made.text) or ""


def test_a_template_makes_no_mark_up_of_what_it_is_given(alerts: list[Alert]) -> None:
    for one in alerts[::10]:
        tags = tags_in(filled(one, "mailto", "html"))
        assert {tag for tag, _ in tags.found} <= set(MAIL_TAGS)
        for _, attributes in tags.found:
            assert set(attributes) <= {"href", "dir"}
            assert urlsplit(attributes.get("href") or LINK).scheme in ("http", "https")
        assert tags.other == []


def test_a_template_makes_no_markdown_of_what_it_is_given(alerts: list[Alert]) -> None:
    for one in alerts[1::10]:
        text = filled(one, "discord", "text")
        found = list(tokens(text))
        assert {token.type for token in found} <= PLAIN_TOKENS, text
        assert not re.search(r"@(?:everyone|here|channel)|<[@#!:]", text.replace("\\", ""))


def test_plain_text_reads_as_no_mark_up_even_where_it_is_taken_for_html(alerts: list[Alert]) -> None:
    for message in messages(alerts, "json"):
        tags = tags_in(message.title + "\n" + message.text)
        assert (tags.found, tags.other) == ([], [])


PLAIN_TOKENS = {
    *("inline", "paragraph_open", "paragraph_close", "text", "softbreak", "hardbreak", "text_special"),
    *("strong_open", "strong_close", "link_open", "link_close"),
}


def tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").parse(text):
        yield token
        yield from token.children or ()


def test_markdown_holds_our_own_mark_up_only(alerts: list[Alert]) -> None:
    for message in messages(alerts, "discord"):
        found = list(tokens(message.text))
        assert {token.type for token in found} <= PLAIN_TOKENS, message.text
        assert {token.attrs["href"] for token in found if token.type == "link_open"} <= {LINK}


def test_slack_sees_no_link_or_mention_but_ours(alerts: list[Alert]) -> None:
    from apprise import NotifyFormat
    from apprise.plugins.slack import NotifySlack

    make: Any = NotifySlack
    plugin = make(token_a="TokenAAAA", token_b="TokenBBBB", token_c="TokenCCCCCCCCCCCCCCCCCCCC")
    for message in messages(alerts, "slack"):
        shown = plugin.dialect_convert(message.text, NotifyFormat.MARKDOWN)
        assert set(re.findall(r"<([^|>]*)", shown)) <= {LINK}, shown


def test_the_terminal_gets_no_control_characters(alerts: list[Alert]) -> None:
    for message in messages(alerts, "stdout"):
        shown = printed(message, colours=False)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", shown)


def test_links_are_web_links_without_credentials_or_nothing() -> None:
    for vector in vectors():
        link = safe_link(vector)
        if link:
            parts = urlsplit(link)
            assert parts.scheme in ("http", "https")
            assert parts.hostname
            assert parts.username is None
            assert link.isascii()
            assert not set(link) & set("\"'<>() \\") - {"'"}

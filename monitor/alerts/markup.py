"""How each family of services writes bold, marks and links, and what it takes for mark-up. Pure.

A dialect takes text that was defused (see defuse.py) and makes of it what the service shows as that text.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from html import escape

from monitor.alerts.alert import Marked
from monitor.alerts.cut import Unit, size
from monitor.alerts.message import Format

START, END = "\x02", "\x03"
"""Around marked words for the terminal, until their positions are known: no defused text has them."""


def _link_below(text: str, url: str) -> str:
    return f"{text}\n{url}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A family's mark-up: `escape` makes text literal; the pairs go around escaped text."""

    format: Format
    escape: Callable[[str], str]
    mark: tuple[str, str]
    strong: tuple[str, str] = ("", "")
    small: tuple[str, str] = ("", "")
    link: Callable[[str, str], str] = field(default=_link_below)
    newline: str = "\n"
    block: tuple[str, str] = ("", "")
    """Around each paragraph of a message."""
    between: str = "\n\n"
    whole: tuple[str, str] = ("", "")
    """Around all of it."""
    headings: tuple[tuple[str, str], ...] = ()
    """Around the head of the message, and of a part of it; where there are none it is in bold."""
    quote: tuple[str, str] = ("– ", "")
    line: tuple[str, str] = ("", "")
    """Around each line of a paragraph."""
    has_head: bool = False
    """The message says what it is about even where a title has said it."""
    size: Callable[[str, Unit], int] = field(default=size)
    """How long the service will take this writing to be."""

    @property
    def links_words(self) -> bool:
        """Whether a word can be a link, and the address need not be seen."""
        return self.link is not _link_below

    def marked(self, piece: Marked) -> str:
        """The text, escaped, with its marked words marked."""
        out: list[str] = []
        done = 0
        for start, end, _why in piece.marks:
            out += (self.escape(piece.text[done:start]), self.mark[0])
            out += (self.escape(piece.text[start:end]), self.mark[1])
            done = end
        out.append(self.escape(piece.text[done:]))
        return "".join(out)

    def bold(self, escaped: str) -> str:
        """Escaped text in bold, where there is bold."""
        return f"{self.strong[0]}{escaped}{self.strong[1]}" if escaped else ""

    def headed(self, escaped: str, level: int = 0) -> str:
        """Escaped text as a heading: of the message, or at level 1 of a part of it."""
        if not escaped or not self.headings:
            return self.bold(escaped)
        return f"{self.headings[level][0]}{escaped}{self.headings[level][1]}"

    def quoted(self, escaped: str) -> str:
        """Escaped text of somebody's own words."""
        return f"{self.quote[0]}{escaped}{self.quote[1]}"

    def fine(self, escaped: str) -> str:
        """Escaped text in small print, where there is any."""
        return f"{self.small[0]}{escaped}{self.small[1]}" if escaped else ""

    def paragraph(self, lines: Iterable[str]) -> str:
        """Lines that belong together; empty ones are left out, and so is a paragraph of none."""
        kept = self.newline.join(f"{self.line[0]}{line}{self.line[1]}" for line in lines if line)
        return f"{self.block[0]}{kept}{self.block[1]}" if kept else ""


_TAG_START = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)
_COMMONMARK = re.compile(r"[\\`*_\[\]<~]|&(?=#?\w{1,32};)|^[>#+=-]")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
"""As the beginnings of quotes and headings above, it counts only where a text begins a line."""

_SLACK_SPECIAL = re.compile(r"[\[\]()<>!#]")
_SLACK_LOOKALIKES = (("*", "∗"), ("`", "ˋ"), ("\\", "＼"))


def _plain(text: str) -> str:
    """For services that say nothing of mark-up: no tag and no Markdown link can be read out of it."""
    if "<" in text:
        text = _TAG_START.sub("‹", text)
    return text.replace("](", "] (")


def _commonmark(text: str) -> str:
    escaped = _COMMONMARK.sub(r"\\\g<0>", text)
    return _NUMBERED.sub(r"\1\\\2", escaped) if escaped[:1].isdigit() else escaped


def _slack(text: str) -> str:
    """CommonMark that Apprise turns into Slack's own: Slack has no escapes for what marks bold and code."""
    for character, lookalike in _SLACK_LOOKALIKES:
        text = text.replace(character, lookalike)
    return _SLACK_SPECIAL.sub(r"\\\g<0>", text)


def _slack_size(text: str, unit: Unit) -> int:
    """On its way "&" becomes five characters, and an escaped angle bracket four."""
    return size(text, unit) + 4 * text.count("&") + 2 * (text.count("\\<") + text.count("\\>"))


def _commonmark_link(text: str, url: str) -> str:
    return f"[{text}](<{url}>)"


def _html_link(text: str, url: str) -> str:
    return f'<a href="{escape(url)}">{text}</a>'


PLAIN = Dialect(format="text", escape=_plain, mark=("*", "*"))
UNMARKED = Dialect(format="text", escape=_plain, mark=("", ""))
EXACT = Dialect(format="text", escape=str, mark=("*", "*"))
"""Plain text that nobody reads as anything else: the text part of a mail."""

TERMINAL = Dialect(format="text", escape=str, mark=(START, END))
COMMONMARK = Dialect(
    format="markdown",
    escape=_commonmark,
    mark=("**", "**"),
    strong=("**", "**"),
    link=_commonmark_link,
    newline="  \n",
)
SLACK = replace(COMMONMARK, escape=_slack, newline="\n", size=_slack_size)
TEAMS = replace(COMMONMARK, newline="\n\n")
"""Its cards know paragraphs only."""

HTML = Dialect(
    format="html",
    escape=escape,
    mark=("<b>", "</b>"),
    strong=("<b>", "</b>"),
    link=_html_link,
    newline="<br>\n",
    between="<br>\n<br>\n",
)
"""The few tags that chats know."""

TELEGRAM = replace(HTML, newline="<br>", between="<br>\u2800<br>")
"""On its way every empty line is lost; one with a Braille blank is not."""

_MAIL_HEAD = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<style>
body { margin: 0; padding: 16px; background: #eef0f3; color: #1c1e21;
font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere }
main { display: block; max-width: 600px; margin: 0 auto; padding: 4px 20px; background: #ffffff;
border-radius: 8px }
section { padding: 14px 0; border-top: 1px solid #e1e4e8 }
section:first-child { border-top: 0 }
h1, h2 { margin: 0; font-size: 20px; line-height: 1.3 } h2 { padding-top: 10px; font-size: 17px }
a { color: #0b57a4; font-weight: 600; font-size: 17px; text-decoration: none }
blockquote { margin: 6px 0; padding: 0 12px; border-inline-start: 3px solid #ccd1d8 }
mark { color: inherit; background: #ffe9a8; border-radius: 2px; padding: 0 1px }
small { color: #5b6067; font-size: 14px }
@media (prefers-color-scheme: dark) {
body { background: #0e1013; color: #e6e7e9 } main { background: #191c20 }
section { border-color: #2e333a } a { color: #8ab8f5 } mark { background: #6b5410 }
blockquote { border-color: #444b55 } small { color: #a3a9b1 }
}
</style></head><body><main>
"""

MAIL = Dialect(
    format="html",
    escape=escape,
    mark=("<mark>", "</mark>"),
    strong=("<strong>", "</strong>"),
    small=("<small>", "</small>"),
    link=_html_link,
    newline="\n",
    headings=(("<h1>", "</h1>"), ("<h2>", "</h2>")),
    quote=("<blockquote>", "</blockquote>"),
    line=('<div dir="auto">', "</div>"),
    block=("<section>", "</section>"),
    between="\n",
    whole=(_MAIL_HEAD, "\n</main></body></html>\n"),
    has_head=True,
)
"""Nothing in it is fetched from anywhere."""

"""From HTML to plain text, in one pass over it. Does not clean, judge or render.

A small scanner rather than a tree: feeds carry fragments, half of them broken, some of them hostile, and all
that is asked here is where a word ends. Every character is looked at a bounded number of times.
"""

import html
import re

from monitor.blanks import single_blanks

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
        "video",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "br",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "img",
        "s",
        "script",
        "small",
        "span",
        "strong",
        "style",
        "sub",
        "sup",
        "u",
    ]
)
_GAPS = frozenset(
    ["audio", "button", "canvas", "embed", "iframe", "img", "input", "object", "sup", "textarea"]
)
"""Stand in a line, but set words apart."""

_DROPPED = frozenset(
    ["iframe", "math", "noembed", "noframes", "noscript", "script", "style", "svg", "template", "xmp"]
)
"""Elements whose content nobody reads as text."""

_BREAK = "\x01"
"""A line's end in the making: blanks collapse, it does not."""

_TRACES = dict.fromkeys(_GAPS, " ") | dict.fromkeys(_BLOCKS, 2 * _BREAK) | {"br": _BREAK}
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^<>\"']{0,80}>)?|<!--|<!\[CDATA\[|<[!?]")
_TAG_END = re.compile(r">|=\s*([\"'])")
_REFERENCE = re.compile(
    r"&(?:#\d{1,8};|#[xX][\da-fA-F]{1,6};|[A-Za-z][A-Za-z\d]{1,31};|(?:amp|gt|lt|nbsp|quot)\b)"
)
_MANY_LINES = re.compile("\n\n\n+")
_ESCAPED_MARKUP = re.compile(
    r"<(?:a|article|b|blockquote|div|em|figure|h\d|i|img|p|section|span|strong|table|ul)\b"
)


def text_of(value: str) -> str:
    """What a reader would see: blocks are paragraphs apart by an empty line, inline tags leave no trace.

    A text without a tag or a character reference comes back as it is. Alternative texts of images are left
    out: nobody who is shown a match would find the words.
    """
    text, has_tags = _read(value)
    return _laid_out(text) if has_tags else text


def loose_text_of(value: str) -> str:
    """The same, not laid out, which takes twice as long as all else: for whoever asks only for words."""
    return _read(value)[0]


def _read(value: str) -> tuple[str, bool]:
    """The text, and whether there was a tag in it."""
    if "<" not in value:
        return _unescaped_twice(value) if "&" in value else value, False
    scanner = _Scanner(value.replace(_BREAK, " "))
    if not scanner.run():
        return _unescaped_twice(value), False
    return _unescaped("".join(scanner.segments)), True


class _Scanner:
    """One run over one text; leaves the text in pieces, with a trace of each tag that sets words apart."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.segments: list[str] = []
        self.verbatim = False
        self.has_cdata = False

    def run(self) -> bool:
        """Whether there was a tag."""
        value, position, seen = self.value, 0, False
        while found := _TAG.search(value, position):
            if position != found.start():
                self._text(position, found.start())
            position, seen = self._tag(found) if found[2] else self._no_tag(found), True
        self._text(position, len(value))
        return seen

    def _text(self, start: int, end: int) -> None:
        text = self.value[start:end]
        if self.has_cdata:
            text = text.replace("]]>", "")
        if self.verbatim:
            text = text.replace("\n", _BREAK)
        self.segments.append(text)

    def _tag(self, found: re.Match[str]) -> int:
        """Leave a trace of the tag, and return where it ends."""
        name, closing = found[2].lower(), found[1]
        end = found.end() if found[3] else _tag_end(self.value, found.end())
        if end < 0:
            return self._unended(found, name)
        if trace := _TRACES.get(name):
            self.segments.append(trace)
            if name == "pre":
                self.verbatim = not closing
        if name in _DROPPED and not closing:
            return _end_of(name, self.value, end)
        return end

    def _no_tag(self, found: re.Match[str]) -> int:
        """Skip a comment or a declaration; of CDATA only the brackets."""
        value, start = self.value, found.end()
        if found[0] == "<![CDATA[":
            self.has_cdata = True
            return start
        if found[0] != "<!--":
            return _after(">", value, start)
        # as browsers do: <!--> is a whole comment
        return start + 1 if value.startswith(">", start) else _after("-->", value, start)

    def _unended(self, found: re.Match[str], name: str) -> int:
        """Drop a tag that was cut off with the text; what only looks like one (`a <b and`) is text."""
        end = len(self.value)
        if name not in _INLINE and name not in _BLOCKS:
            self._text(found.start(), end)
        return end


def _tag_end(value: str, position: int) -> int:
    """Where the tag ends, or -1; a > inside a quoted attribute does not end it."""
    while found := _TAG_END.search(value, position):
        position = found.end()
        if found[0] == ">":
            return position
        if (close := value.find(found[1], position)) >= 0:
            position = close + 1
    return -1


def _end_of(name: str, value: str, position: int) -> int:
    """Where the content of this element ends, its closing tag included."""
    found = re.compile(f"</{name}", re.IGNORECASE).search(value, position)
    return _after(">", value, found.end()) if found else len(value)


def _after(end: str, value: str, position: int) -> int:
    place = value.find(end, position)
    return place + len(end) if place >= 0 else len(value)


def _laid_out(text: str) -> str:
    """The text with a line's end for a break and a paragraph's for several, and one blank for many."""
    lines = "\n".join(map(single_blanks, text.split(_BREAK))).strip("\n")
    return _MANY_LINES.sub("\n\n", lines) if "\n" in lines else lines


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    return _REFERENCE.sub(lambda found: html.unescape(found[0]).replace("\xa0", " "), text)


def _unescaped_twice(value: str) -> str:
    """A text without tags; where its references make up mark-up from end to end, that is read too."""
    text = _unescaped(value)
    stripped = text.strip()
    if text != value and stripped.endswith(">") and _ESCAPED_MARKUP.match(stripped):
        return text_of(text)
    return text

"""Text as entries carry it: plain titles, HTML bodies, nothing that a database chokes on. Pure."""

import html
import re
from urllib.parse import urljoin

MAX_LINE = 2_000
"""Letters in a title or a name; no honest one has more."""
MAX_BODY = 1_000_000
"""Letters in a summary or content."""

# Every pattern here is linear: a tag ends at the next "<" at the latest.
_BREAKING_TAG = re.compile(
    r"</?(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|blockquote|hr)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<(?:!--.{0,1000}?--|[a-zA-Z/!?][^<>]*)>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BREAK = re.compile("[\t\n\r\f\v\x85\u2028\u2029]")
_BLANKS = re.compile("[ \t\n\r\f\v\x85\u2028\u2029]+")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_WANTED = re.compile("[\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
"""All others, which is quicker to see."""
_RELATIVE = re.compile(
    r"""(<(?:a|img|source|video|audio|iframe)\b[^<>]*?\s(?:href|src)\s*=\s*["'])(?![a-zA-Z][a-zA-Z0-9+.-]*:|#)([^"'<>]+)""",
    re.IGNORECASE,
)
_MAYBE_RELATIVE = re.compile(r"""=\s*["'](?![a-zA-Z][a-zA-Z0-9+.-]*:|#)[^"'<>]""")
"""Without this there is none of those."""
_ABSOLUTE = re.compile(
    r"https?://[A-Za-z0-9.-]{1,250}(?::[0-9]{1,5})?(?:/[!\"$-:<->@-Z\\^-~]{0,2000})?"
    r"(?:\?[!\"$-:<-Z\\^-~]{1,2000})?(?:#[!-~]{1,1000})?"
)
"""What joining leaves as it is."""


def clean(text: str) -> str:
    """The text without control characters and lone surrogates, which SQLite and UTF-8 can not hold."""
    # What prints is wanted, and is seen in half the time.
    if text.replace("\n", " ").isprintable() or _WANTED.fullmatch(text):
        return text
    return _UNWANTED.sub(lambda found: "\ufffd" if found[0] > "\x9f" else "", text)


def line(text: str) -> str:
    """Plain text in one line of bearable length; spaces stay as they are where no line breaks are."""
    text = text[: MAX_LINE * 4]
    if not text.isprintable():  # or there would be nothing to look for
        text = clean(text)
        if _BREAK.search(text):
            text = " ".join(part for part in _BLANKS.split(text) if part)
    return text.strip()[:MAX_LINE].rstrip()


def line_of_html(markup: str) -> str:
    """The text of a little HTML in one line: tags gone, entities decoded once."""
    markup = _BREAKING_TAG.sub(" ", markup[: MAX_LINE * 10])
    return line(html.unescape(_TAG.sub("", markup)))


def line_decoded(text: str) -> str:
    """Plain text in which somebody left entities: they are decoded, what looks like tags stays."""
    text = text[: MAX_LINE * 10]
    return line(html.unescape(text) if "&" in text and _ENTITY.search(text) else text)


def body(markup: str, base: str) -> str:
    """HTML for a summary or content, with its links made absolute."""
    markup = clean(markup[:MAX_BODY]).strip()
    if not _MAYBE_RELATIVE.search(markup):
        return markup
    return _RELATIVE.sub(lambda found: found[1] + absolute(found[2], base, anything=True), markup)


def body_of_text(text: str) -> str:
    """Plain text as HTML: escaped, its paragraphs and lines kept."""
    text = html.escape(clean(text[:MAX_BODY]).strip(), quote=False)
    paragraphs = [part.replace("\n", "<br>") for part in re.split(r"\n[ \t\r]*\n\s*", text)]
    return paragraphs[0] if len(paragraphs) == 1 else "".join(f"<p>{part}</p>" for part in paragraphs)


def absolute(url: str, base: str, *, anything: bool = False) -> str:
    """The URL made absolute; "" where it is none for HTTP, unless `anything` goes."""
    if _ABSOLUTE.fullmatch(url):
        return url
    url = "".join(clean(url[: MAX_LINE * 4]).split())
    if not url:
        return ""
    try:
        joined = urljoin(base, url) if base else url
    except ValueError:
        joined = ""
    if anything:
        return joined or url
    return joined if joined.lower().startswith(("http://", "https://")) else ""

"""What strangers' text may be on a page: mark-up through nh3, which only this file knows; harmless text."""

import nh3

from monitor.alerts.links import safe_link
from monitor.cli.console import clean

TAGS = frozenset(
    (
        "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em", "h3",
        "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "small", "strong", "sub",
        "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
    )
)  # fmt: skip
"""Nothing that loads something, acts, or looks like the desk itself."""


def safe_html(markup: str) -> str:
    """Mark-up of a feed as it may stand on a page: no pictures, no styles, links that do not tell on us."""
    return nh3.clean(
        markup,
        tags=set(TAGS),
        attributes={"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        attribute_filter=_harmless,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _harmless(_: str, name: str, value: str) -> str | None:
    """A link that is none of ours and no trick; one that is relative would lead into the desk."""
    return (safe_link(value) or None) if name == "href" else value


def plain(text: str) -> str:
    """A stranger's text without control characters and what reorders a line; each keeps its place."""
    return clean(text)

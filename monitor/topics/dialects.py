"""What other query languages call things: the names of fields, what is widened and what is lost.

Tables and their messages only. Where two dialects contradict, this monitor's own language wins.
"""

import re
from collections.abc import Iterable

from monitor.errors import QueryError
from monitor.topics.query import FIELDS

FIELD_NAMES = {name: name for name in FIELDS} | {
    "intitle": "title",
    "headline": "title",
    "intext": "body",
    "inbody": "body",
    "content": "body",
    "text": "body",
    "inurl": "url",
    "domain": "site",
    "host": "site",
    "source": "feed",
    "byline": "author",
    "tags": "tag",
    "category": "tag",
    "language": "lang",
    "ingress": "body",
    "lead": "body",
    "summary": "body",
}
"""What can stand before a colon, and the field it means: Google's, Meltwater's and Talkwalker's names too."""

_WIDENED = {
    "ingress": "ingress: is read as body: the whole text is searched, not only its lead",
    "lead": "lead: is read as body: the whole text is searched, not only its lead",
    "summary": "summary: is read as body: the whole text is searched, not only the summary",
}

_LOST = {
    "sourcetype": "a feed is not classed by its kind; narrow the topic with its feeds: instead",
    "sourcecountry": "a feed has no country of its own; narrow the topic with its feeds: instead",
    "country": "an entry has no country; look for the country's names instead",
    "location": "an entry has no location; look for the place's names instead",
    "sentiment": "entries are not rated",
    "reach": "entries are not rated",
    "engagement": "entries are not rated",
    "before": "a topic has no dates: it watches what comes in",
    "after": "a topic has no dates: it watches what comes in",
    "date": "a topic has no dates: it watches what comes in",
    "published": "a topic has no dates: it watches what comes in",
    "filetype": "look into the address instead: url:pdf",
    "related": "it has no counterpart here",
    "link": "links inside an entry are not searched",
    "cache": "it has no counterpart here",
    "allintitle": "name the words in a group: title:(a b)",
    "allinurl": "name the words in a group: url:(a b)",
    "allintext": "name the words in a group: body:(a b)",
}

_HOST = re.compile(r'"?[\w-]+(\.[\w-]+)+"?')


def widened(name: str) -> str:
    """What is lost where this name of a field is read as a wider one; "" where nothing is."""
    return _WIDENED.get(name, "")


def looks_like_host(value: str) -> bool:
    """Whether the value of `source:` is a host's name and not a feed's."""
    return _HOST.fullmatch(value) is not None


def unknown_field(name: str, *, start: int, end: int) -> QueryError:
    """The error for a word before a colon that names no field; the place is the word's and the colon's."""
    if name in ("http", "https", "ftp"):
        hint = 'to look for an address, write url:"…" with the address in the quotes'
    elif name in _LOST:
        hint = _LOST[name]
    elif meant := closest(name, FIELD_NAMES):
        hint = f"did you mean {meant}:? If not, put the text in quotes"
    else:
        hint = f"the fields are {', '.join(FIELDS)}; to look for the text itself, put it in quotes"
    return QueryError(f'there is no field "{name}"', start=start, end=end, hint=hint)


def closest(name: str, names: Iterable[str]) -> str:
    """The one of the names that was probably meant, or ""."""
    from difflib import get_close_matches  # not wanted where nothing is wrong

    found = get_close_matches(name, list(names), n=1)
    return found[0] if found else ""

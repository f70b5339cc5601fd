"""What came in the place of a feed, in words, and what helps. Pure."""

import re
from urllib.parse import urlsplit

from monitor.feeds.discover import candidates
from monitor.feeds.sniff import what_is
from monitor.feeds.text import line_of_html

_READ = 64 * 1024
"""As much of a page as is looked at."""

_PAGE = re.compile(rb"<!doctype\s+html|<html\b|<head\b|<body\b", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^<>]*>([^<]{1,300})", re.IGNORECASE)

_PAGES = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (
            rb"sedoparking|parkingcrew|bodis\.com|afternic\.com|hugedomains\.com|dan\.com/buy-domain"
            rb"|parklogic|domain (?:name )?(?:is|may be) (?:for sale|parked)|buy this domain"
            rb"|parked (?:free|domain)|window\.park\b|domain(?: name)? has expired"
            rb"|diese domain steht zum verkauf",
            "the page of a parked domain, not a feed: the site has moved, or is no more",
        ),
        (
            rb"suspendedpage\.cgi|<title>[^<]{0,60}suspended",
            "the page of a suspended account, not a feed: the site does not pay, or was closed",
        ),
        (
            rb"<title>\s*(?:welcome to nginx|apache2? [^<]{0,40}default page|test page for|iis windows)",
            "a server's first page, not a feed: the site is being moved, or is no more",
        ),
    )
)

_LOGIN_TITLE = re.compile(
    r"\b(?:log[ -]?in|log[ -]?on|sign[ -]?in|anmelden|anmeldung|einloggen|connexion|iniciar sesi|acceso"
    r"|entrar|accedi|inloggen|prihl|zaloguj|authenticat)",
    re.IGNORECASE,
)
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|sso|auth|oauth2?|account/login|wp-login\.php)(?:[/?.]|$)", re.IGNORECASE
)
_CONSENT = re.compile(
    r"^(?:consent|cookie-?consent|privacy-?gate)\.|/(?:cookie-?wall|consent)(?:/|$)", re.IGNORECASE
)


def not_a_feed(document: bytes, *, url: str) -> str:
    """Why there is no feed in a document that came from `url`, and what to do about it."""
    what = what_is(document)
    start = document[:_READ]
    if "page" not in what and not _PAGE.search(start):
        return f"this is {what}, not a feed"
    if words := next((words for pattern, words in _PAGES if pattern.search(start)), ""):
        return f"this is {words}"
    split = urlsplit(url)
    if _LOGIN_TITLE.search(_title(start)) or _LOGIN_PATH.search(split.path):
        return f"this is a login page{_named(start)}, not a feed: it may want `login`, `token` or `cookies`"
    if _CONSENT.search(split.hostname or "") or _CONSENT.search(split.path):
        return "this is a page that wants consent to cookies, not a feed: `cookies` can bring it along"
    return f"this is {what}, not a feed; {_where_else(document, url)}"


def _where_else(document: bytes, url: str) -> str:
    declared = next((one.url for one in candidates(document, url=url) if one.how == "declared"), "")
    return f"it names {declared}" if declared else "`monitor feed add` can look for its feed"


def _title(start: bytes) -> str:
    found = _TITLE.search(start)
    return line_of_html(found[1].decode(errors="replace")) if found else ""


def _named(start: bytes) -> str:
    title = _title(start)
    return f" ({title!r})" if title else ""

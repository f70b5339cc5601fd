"""Why a server gave no feed, in words: what its status means, and whose bot wall it is. Pure."""

import re
from collections.abc import Mapping

_READ = 64 * 1024
"""As much of a page as is looked at."""

_MEANINGS = {
    204: "an empty answer",
    206: "only a part of the document, which nobody asked for",
    400: "the server does not understand the request",
    401: "the server wants a login",
    402: "the server wants to be paid",
    403: "the server forbids it",
    404: "there is nothing at this address",
    406: "the server has no form of it that we accept",
    407: "a proxy wants a login",
    408: "the server waited too long for the request",
    410: "the feed is gone for good",
    418: "the server takes us for a bot",
    421: "the request went to the wrong server",
    425: "the server wants to be asked again",
    429: "the server was asked too often",
    451: "withheld for legal reasons",
    500: "the server failed",
    502: "the server behind the gateway failed",
    503: "the server is overloaded or being serviced",
    504: "the server behind the gateway did not answer",
    521: "the server behind the gateway is down",
    522: "the server behind the gateway did not answer",
    523: "the server behind the gateway can not be reached",
    525: "the server behind the gateway failed at TLS",
    530: "the server behind the gateway has no address",
}

_WALLED = {401, 403, 405, 406, 418, 429, 503}
"""What bot walls answer with; pages of other errors may well carry a captcha of their own."""

_WALLS_BY_HEADER = (
    ("cf-mitigated", "challenge", "Cloudflare wants a browser"),
    ("x-amzn-waf-action", "", "AWS WAF wants a browser"),
    ("x-datadome", "", "DataDome wants a browser"),
    ("x-sucuri-block", "", "Sucuri blocks us"),
    ("x-vercel-mitigated", "", "Vercel wants a browser"),
    ("x-kpsdk-ct", "", "Kasada wants a browser"),
    ("x-iinfo", "", "Imperva wants a browser"),
    ("server", "akamaighost", "Akamai blocks us"),
    ("server", "ddos-guard", "DDoS-Guard wants a browser"),
)
"""A header, what it contains, and what that means."""

_WALLS_BY_PAGE = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (rb"<title>Just a moment\.\.\.</title>|/cdn-cgi/challenge-platform/", "Cloudflare wants a browser"),
        (rb"Attention Required! \| Cloudflare|cf-error-details|\Aerror code: 10\d\d", "Cloudflare blocks us"),
        (rb"_Incapsula_Resource|Incapsula incident", "Imperva wants a browser"),
        (rb"captcha-delivery\.com|geo\.captcha-delivery", "DataDome wants a browser"),
        (rb"Please enable JS and disable any ad blocker", "DataDome wants a browser"),
        (rb"px-captcha|perimeterx|Access to this page has been denied", "PerimeterX wants a browser"),
        (rb"awswaf\.com|AwsWafIntegration", "AWS WAF wants a browser"),
        (rb"The requested URL was rejected\. Please consult with your administrator", "F5 blocks us"),
        (rb"<title>Access Denied</title>.{0,2000}?Reference(?: |&#32;)(?:#|&#35;)", "Akamai blocks us"),
        (rb"Sucuri WebSite Firewall", "Sucuri blocks us"),
        (rb"ddos-guard", "DDoS-Guard wants a browser"),
        (rb"Making sure you(?:&#39;|')re not a bot", "Anubis wants a browser"),
        (rb"g-recaptcha|h-captcha|hcaptcha\.com|cf-turnstile", "it wants a captcha solved"),
    )
)


def why_refused(status: int, headers: Mapping[str, str], body: bytes) -> str:
    """What an answer without a document means, in words."""
    if status in _WALLED and (wall := _wall(headers, body)):
        return f"{status} from a bot wall: {wall}"
    if status in _MEANINGS:
        return f"{status}: {_MEANINGS[status]}"
    if 300 <= status < 400:
        return f"{status}: a redirect without a target"
    return f"{status}: {'the server failed' if status >= 500 else 'the server refuses'}"


def instead_of_a_feed(headers: Mapping[str, str], body: bytes) -> str:
    """What came with a good status in the place of a feed, in words; "" where it may well be one."""
    if "html" not in headers.get("Content-Type", "") or b"<rss" in body[:_READ] or b"<feed" in body[:_READ]:
        return ""
    wall = _wall(headers, body)
    return f"a bot wall in the place of the feed: {wall}" if wall else ""


def _wall(headers: Mapping[str, str], body: bytes) -> str:
    for name, contained, words in _WALLS_BY_HEADER:
        if name in headers and contained in headers[name].lower():
            return words
    page = body[:_READ]
    return next((words for pattern, words in _WALLS_BY_PAGE if pattern.search(page)), "")

"""One spelling for links that lead to the same page: for recognising entries, never for following. Pure."""

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit

_PORTS = {"http": "80", "https": "443"}

_TRACKING_PREFIXES = (
    "utm_",
    "at_",
    "mc_",
    "pk_",
    "piwik_",
    "matomo_",
    "mtm_",
    "hsa_",
    "vero_",
    "oly_",
    "ns_",
)
_TRACKING = {
    *(
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "twclid",
        "yclid",
        "ysclid",
        "igshid",
    ),
    *("_ga", "_gl", "_hsenc", "_hsmi", "__hstc", "__hssc", "hsctatracking", "mkt_tok", "s_cid", "s_kwcid"),
    *(
        "cmp",
        "cmpid",
        "campaign_id",
        "cid",
        "ito",
        "ftag",
        "ftcamp",
        "segmentid",
        "smid",
        "smtyp",
        "emc",
        "ncid",
    ),
    *("rss", "xtor", "xtref", "echobox", "wt_mc", "wtmc", "traffic_source", "guccounter", "guce_referrer"),
    *("feedname", "feedtype", "rsstrackingid", "syndication", "srnd", "sref", "spm", "sessionid"),
}
"""Parameters that say how a reader came to the page, in lower case."""

_MAYBE_TRACKING = {
    *("source", "src", "ref", "referrer", "from", "via", "medium", "mod", "feature", "campaign", "partner"),
}
"""Parameters that track where their value says so."""
_TRACKS = re.compile(r"(?:^|[^a-z])(?:rss|feed|atom|twitter|facebook|newsletter)", re.IGNORECASE)

_TRACKING_FRAGMENT = re.compile(
    r"^(?:xtor=|utm_|at_medium|ref=|echobox=|myft:|rss|intcid|comments?$|respond$|top$|more-\d+$|link_time=)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"https?://(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(/[A-Za-z0-9/_.~-]*)?")
"""A link of which only scheme, `www.` and a slash at its end could be spelt otherwise."""
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?#;]*", re.IGNORECASE)
_ARTICLE_ID = re.compile(r"(?=[a-z]*\d)[0-9a-z]{6,}$", re.IGNORECASE)
_STEP = 200
"""Letters of a path's last step that are looked at: nobody's id is longer."""
_DATE = re.compile(r"^(?:19|20)\d{6}$")


def canonical(link: str) -> str:
    """The link without what does not change where it leads: scheme, `www.`, default port, tracking, order."""
    link = link.strip()
    if plain := _PLAIN.fullmatch(link):
        return f"https://{plain[1]}{(plain[2] or '').rstrip('/')}"
    try:
        parts = urlsplit(link)
        host = _host(parts)
    except ValueError:
        return link
    if parts.scheme not in _PORTS or not host:
        return link
    path = _spelt(parts.path)
    query = "&".join(sorted(pair for pair in parts.query.split("&") if pair and not _tracks(pair)))
    fragment = "" if _TRACKING_FRAGMENT.match(parts.fragment) else parts.fragment
    return f"https://{host}{path.rstrip('/')}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"


def _spelt(path: str) -> str:
    """The path with everything escaped that should be, and nothing else; without a session."""
    unquoted = unquote(path, errors="surrogateescape")
    return _SESSION.sub("", quote(unquoted, safe="/:@!$&'()*+,;=~", errors="surrogateescape"))


def place(link: str) -> str:
    """Host and article id, or last step of the path: what stays when an article moves to another section."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ""
    last = parts.path.rstrip("/").rpartition("/")[2].lower()[-_STEP:]
    last = last.removesuffix(".html").removesuffix(".htm")
    found = _ARTICLE_ID.search(last.replace("_", "-").rpartition("-")[2])
    if found and not _DATE.match(found[0]):
        last = found[0]
    return f"{parts.hostname or ''} {last}" if len(last) >= 6 else ""


def same_but_scheme(url: str) -> str:
    """The URL as if it were always https, for guids that are URLs."""
    return f"https:{url[5:]}" if url[:7].lower() == "http://" else url


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    port = str(parts.port or "")
    return f"{host}:{port}" if port and port != _PORTS.get(parts.scheme) else host


def _tracks(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _MAYBE_TRACKING and bool(_TRACKS.search(unquote(value)))

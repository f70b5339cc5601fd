"""Who may ask for what: areas of paths, hosts, origins, headers. Decides, with the reason; does nothing.

path → area        open      pages that let in, health, styles
                   hub       what hubs tell: an unguessable path, and what comes is signed
                   api       a token in the header
                   act       a signed link in a message: the page looks at the signature
                   out       feeds for other readers: a token in the path, good for nothing else
                   desk      a session: everything that is named nowhere else
"""

import ipaddress
from collections.abc import Collection, Mapping
from typing import Literal
from urllib.parse import urlsplit

from monitor.alerts.signature import PATH
from monitor.config.addresses import host_and_port
from monitor.config.settings import WebSettings
from monitor.feeds.websub import CALLBACK
from monitor.store.access import Scope

Area = Literal["open", "hub", "api", "act", "out", "desk"]

OPEN_PATHS = frozenset(("/login", "/setup", "/healthz", "/readyz"))
OPEN_FOLDERS = ("/static/",)
OUT = "/out/"
CHANGES = frozenset(("POST", "PUT", "PATCH", "DELETE"))

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def area_of(path: str) -> Area:
    """Which area a path is in; what nobody has named is the desk's."""
    if path in OPEN_PATHS or path.startswith(OPEN_FOLDERS):
        return "open"
    if path.startswith(PATH):
        return "act"
    if path.startswith(OUT):
        return "out"
    if path.startswith(CALLBACK):
        return "hub"
    return "api" if path.startswith("/api/") or path == "/metrics" else "desk"


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


def hosts_of(web: WebSettings, port: int) -> frozenset[str]:
    """The Host headers that are answered: a stranger's name that leads here (DNS rebinding) is not in it."""
    listened, _ = host_and_port(web.listen)
    names = {*LOOPBACK_NAMES, f"[{listened}]" if ":" in listened else listened}
    hosts = {f"{name}:{port}" for name in names} | (names if port in (80, 443) else set())
    return frozenset(hosts | {urlsplit(web.public_url).netloc} - {""})


def refused_host(host: str, allowed: Collection[str]) -> str:
    """Why a Host header is not answered, "" if it is."""
    if host.lower() in allowed:
        return ""
    return "this name is not the desk's; `web: public_url:` in monitor.yaml says how it is reached"


def refused_origin(headers: Mapping[str, str]) -> str:
    """Why a change does not come from the desk's own pages, "" if it does."""
    origin = headers.get("origin", "")
    if not origin:
        return "the request does not say where it comes from (Origin)"
    if urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        return "the request comes from another site (Origin)"
    return ""


def refused_foreign(headers: Mapping[str, str]) -> str:
    """Why a change comes from another site, "" if it does not or may come from none.

    For what carries its own right and asks for no session: no other site could borrow one.
    """
    return refused_origin(headers) if "origin" in headers else ""


def refused_scopes(scopes: Collection[Scope], method: str) -> str:
    """Why a token of these scopes is not good for a request to the API, "" if it is."""
    good = {"write"} if method in CHANGES else {"read", "write"}
    return "" if good & set(scopes) else f"this token is not good for this: its scope is {', '.join(scopes)}"


def key_of(path: str) -> str:
    """The key in a feed's address: `/out/KEY/hits.atom`."""
    return path.removeprefix(OUT).partition("/")[0]


def may_set_password(client: str, headers: Mapping[str, str]) -> bool:
    """Whether this is somebody on the machine itself, not behind a server that passes requests on."""
    forwarded = any(name in headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via"))
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    return is_loopback(client) and is_loopback(host) and not forwarded


def safe_headers(area: Area, *, tls: bool) -> dict[str, str]:
    """What every answer carries."""
    headers = {
        "Content-Security-Policy": CSP,
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: with it browsers send forms with `Origin: null`.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if area != "open":
        headers["Cache-Control"] = "no-store"
    if tls:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def where_to(path: str) -> str:
    """A path of the desk to go to after the log-in; never another site."""
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc
    return path if is_ours and not parts.scheme and path.isprintable() and "\\" not in path else "/"

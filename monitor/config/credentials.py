"""A feed's credentials and its way out: login, token, cookies, a proxy, a client certificate.

What is sent becomes headers, which go to the feed's own origin only (see egress). A login in a URL becomes
one too: the URL is kept, shown and logged, and has no secret in it.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.config import tree
from monitor.config.fields import WrongValueError, as_line, as_text
from monitor.config.problem import Problem
from monitor.config.schema import CertificateItem, FeedItem
from monitor.egress.passage import ClientCertificate

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_COOKIE = re.compile(r"[\x21-\x3a\x3c-\x7e]*")


def read_headers(node: tree.Mapping | None, problems: list[Problem]) -> dict[str, str]:
    """The headers of a mapping; bad ones are reported and left out."""
    return _pairs(node, problems, what="an HTTP header", read=as_line)


def read_credentials(item: FeedItem, problems: list[Problem]) -> dict[str, str]:
    """What a feed's login, token and cookies are as headers; a second way to say who we are is a problem."""
    cookies = _pairs(item.cookies, problems, what="a cookie", read=_as_cookie)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    ways: list[tuple[tree.Node, str]] = []
    if login := split_login(item.url.text.strip())[1]:
        ways.append((item.url, login))
    if item.login:
        ways.append((item.login.user, basic(item.login.user.text, item.login.password)))
    if item.token:
        ways.append((item.token, f"Bearer {item.token.text.strip()}"))
    problems += _wrong_ways(item, [node for node, _ in ways])
    return headers | ({"Authorization": ways[0][1]} if ways else {})


def read_certificate(item: CertificateItem, directory: Path, problems: list[Problem]) -> ClientCertificate:
    """A client certificate; its files are relative to the configuration's folder, and must be there."""
    for scalar in filter(None, (item.certificate, item.key)):
        if not (path := directory / Path(scalar.text.strip()).expanduser()).is_file():
            problems.append(scalar.problem("there is no such file", hint=f"looked for {path}"))
    key = directory / Path(item.key.text.strip()).expanduser() if item.key else None
    return ClientCertificate(
        certificate=directory / Path(item.certificate.text.strip()).expanduser(),
        key=key,
        password=item.password or "",
    )


def read_proxy(scalar: tree.Scalar, problems: list[Problem]) -> str:
    """The URL of a proxy; what is wrong with it is reported."""
    text = scalar.text.strip()
    scheme = text.partition("://")[0].lower() if "://" in text else ""
    try:
        split = urlsplit(text)
        good = bool(split.hostname) and split.port != 0
    except ValueError:
        good = False
    if scheme not in ("http", "https"):
        hint = "http://proxy.example.org:3128"
        problems.append(scalar.problem("a proxy's URL begins with http:// or https://", hint=hint))
    elif not good or re.search(r"\s", text):
        problems.append(scalar.problem("this proxy's host or port can not be read"))
    return text


def split_login(url: str) -> tuple[str, str]:
    """A URL without the login that stands in it, and the login as a header's value, "" if there is none."""
    if "@" not in url:
        return url, ""
    scheme, separator, rest = url.partition("://")
    place = re.match(r"[^/?#]*", rest)
    authority = place[0] if place else ""
    login, at, host = authority.rpartition("@")
    if not at:
        return url, ""
    user, _, password = login.partition(":")
    return f"{scheme}{separator}{host}{rest[len(authority) :]}", basic(unquote(user), unquote(password))


def basic(user: str, password: str) -> str:
    """A login as HTTP's Basic scheme says it."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _wrong_ways(item: FeedItem, ways: list[tree.Node]) -> Iterator[Problem]:
    """Ways to say who we are that exclude each other, and values that can not be sent."""
    if len(ways) > 1:
        yield ways[1].problem("a feed has one login: in its URL, as `login` or as `token`")
    named = {name.lower(): key for name, (key, _) in item.headers.pairs.items()} if item.headers else {}
    for header, given in (("authorization", bool(ways)), ("cookie", item.cookies is not None)):
        if given and header in named:
            yield named[header].problem("this header stands here, and is made of the feed's credentials too")
    if item.login and ":" in item.login.user.text:
        yield item.login.user.problem("a user's name has no colon: HTTP can not send it")
    if item.token and not _TOKEN.fullmatch(item.token.text.strip()):
        yield item.token.problem("a token has ASCII characters only, and no blanks")


def _pairs(
    node: tree.Mapping | None, problems: list[Problem], *, what: str, read: Callable[[object], str]
) -> dict[str, str]:
    """Names and values; bad ones are reported and left out."""
    pairs: dict[str, str] = {}
    for name, (key, value) in (node.pairs if node else {}).items():
        if not _HEADER_NAME.fullmatch(name):
            problems.append(key.problem(f"this is no name of {what}"))
            continue
        try:
            pairs[name] = read(value)
        except WrongValueError as wrong:
            problems.append(value.problem(str(wrong), hint=wrong.hint))
    return pairs


def _as_cookie(node: object) -> str:
    text = as_text(node)
    if not _COOKIE.fullmatch(text):
        raise WrongValueError("a cookie's value has ASCII characters only, no blanks and no semicolon")
    return text

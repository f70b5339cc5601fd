"""feeds.yaml: which feeds are followed, and how."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from monitor.config import tree
from monitor.config.fields import WrongValueError, as_line
from monitor.config.labels import read_labels
from monitor.config.problem import Problem
from monitor.config.schema import FeedDefaults, FeedItem, FeedsFile, validate
from monitor.feeds.subscription import Subscription

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def read_subscriptions(
    root: tree.Node | None, *, allow_private: bool, problems: list[Problem]
) -> tuple[Subscription, ...]:
    """The subscriptions of feeds.yaml, in its order."""
    section = validate(FeedsFile, root, problems) if root else None
    if section is None:
        return ()
    base = Subscription(url="", allow_private=allow_private)
    given = validate(FeedDefaults, section.defaults, problems) if section.defaults else None
    defaults = _refined(base, given or FeedDefaults(), problems)
    found: dict[str, tree.Scalar] = {}
    return tuple(_subscriptions(section.feeds or [], defaults, found, problems))


def _subscriptions(
    nodes: list[tree.Node], defaults: Subscription, found: dict[str, tree.Scalar], problems: list[Problem]
) -> Iterator[Subscription]:
    """One subscription for each good item; `found` remembers the URLs that were seen."""
    for node in nodes:
        item = validate(FeedItem, node, problems)
        if item is None:
            continue
        subscription = _refined(defaults, item, problems)
        problem = _url_problem(item.url) or _duplicate(item.url, found)
        if problem:
            problems.append(problem)
            continue
        yield replace(subscription, url=item.url.text.strip(), name=item.name or "")


def _refined(base: Subscription, own: FeedDefaults, problems: list[Problem]) -> Subscription:
    """The subscription with what is said here; labels and headers add to those of `base`."""
    given: dict[str, Any] = {
        name: value
        for name in ("interval", "backfill", "allow_private", "user_agent")
        if (value := getattr(own, name)) is not None
    }
    labels = {**base.labels, **read_labels(own.labels, problems)}
    headers = {**base.headers, **_headers(own.headers, problems)}
    return replace(base, labels=labels, headers=headers, **given)


def _headers(node: tree.Mapping | None, problems: list[Problem]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, (key, value) in (node.pairs if node else {}).items():
        if not _HEADER_NAME.fullmatch(name):
            problems.append(key.problem("this is no name of an HTTP header"))
            continue
        try:
            headers[name] = as_line(value)
        except WrongValueError as wrong:
            problems.append(value.problem(str(wrong), hint=wrong.hint))
    return headers


def _url_problem(url: tree.Scalar) -> Problem | None:
    """What keeps this text from being a feed's URL."""
    text = url.text.strip()
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) or re.match(r"[\w.-]+:\d", text):
        near = re.match(r"[\w-]+(\.[\w-]+)+([:/?]|$)", text)
        return url.problem(
            "a URL is expected here", hint=f"did you mean https://{text}?" if near else "https://…"
        )
    scheme = text.partition(":")[0].lower()
    if scheme not in ("http", "https"):
        return url.problem(f"feeds are read over http and https, not `{scheme}`")
    if found := re.search(r"\s", text):
        start = url.text.index(text) + found.start()
        return url.problem("a URL has no blanks", start, start + 1, hint="a blank is written %20")
    return _host_problem(url, text)


def _host_problem(url: tree.Scalar, text: str) -> Problem | None:
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError:
        return url.problem("this URL's host or port can not be read")
    if not split.hostname or port == 0:
        return url.problem("this URL has no host" if not split.hostname else "a URL's port is 1 to 65535")
    return None


def _duplicate(url: tree.Scalar, found: dict[str, tree.Scalar]) -> Problem | None:
    """Whether the same URL stood before; scheme and host in any case, the fragment left out."""
    scheme, _, rest = url.text.strip().partition("://")
    host, slash, path = rest.partition("/")
    first = found.setdefault(f"{scheme.lower()}://{host.lower()}{slash}{path.partition('#')[0]}", url)
    if first is url:
        return None
    return url.problem(f"this feed stands twice; the first is {first.seen_from(url)}")

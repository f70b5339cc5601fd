"""feeds.yaml: which feeds are followed, and how."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.config import tree
from monitor.config.credentials import (
    read_certificate,
    read_credentials,
    read_headers,
    read_proxy,
    split_login,
)
from monitor.config.labels import read_labels
from monitor.config.limits import Pace, crossed, limits_of, paced, read_paces
from monitor.config.problem import Problem
from monitor.config.schema import FeedDefaults, FeedItem, FeedsFile
from monitor.config.section import validate
from monitor.config.settings import LocalSettings, Settings
from monitor.feeds.local import local_fault, scheme_of
from monitor.feeds.subscription import Subscription

_NO_URL = "a URL is expected here"
_BLANKS = "a URL has no blanks"
_PLAIN = re.compile(r"https?://[a-z0-9.-]*[a-z0-9](?::[1-9][0-9]{0,3}|:[1-5][0-9]{4})?(?:/[!-~]*)?")
"""How nearly all of them are written: nothing is wrong with these."""


def read_subscriptions(
    root: tree.Node | None, *, settings: Settings, directory: Path, problems: list[Problem]
) -> tuple[Subscription, ...]:
    """The subscriptions of feeds.yaml, in its order; the files that it names lie in `directory`."""
    section = validate(FeedsFile, root, problems) if root else None
    if section is None:
        return ()
    base = Subscription(url="", allow_private=settings.allow_private)
    given = validate(FeedDefaults, section.defaults, problems) if section.defaults else None
    defaults = _refined(base, given or FeedDefaults(), problems)
    paces = tuple(read_paces(section.by_label or [], problems))
    reader = _Feeds(local=settings.local, directory=directory, paces=paces, problems=problems)
    return tuple(reader.read(section.feeds or [], defaults))


@dataclass(kw_only=True)
class _Feeds:
    """Reads one feed after the other; `found` remembers the URLs that were seen."""

    local: LocalSettings
    directory: Path
    paces: tuple[Pace, ...]
    problems: list[Problem]
    found: dict[str, tree.Scalar] = field(default_factory=dict)

    def read(self, nodes: list[tree.Node], defaults: Subscription) -> Iterator[Subscription]:
        """One subscription for each good item."""
        for node in nodes:
            item = validate(FeedItem, node, self.problems)
            if item is None:
                continue
            subscription = paced(_refined(defaults, item, self.problems), item, self.paces)
            if crossed(node, subscription, self.problems):
                continue
            local = scheme_of(item.url.text.strip())
            wrong = self._local_problem(item.url, local) if local else _url_problem(item.url)
            if problem := wrong or _duplicate(item.url, self.found):
                self.problems.append(problem)
                continue
            subscription = _with_credentials(subscription, item, self.directory, self.problems)
            url = item.url.text.strip() if local else split_login(item.url.text.strip())[0]
            yield replace(subscription, url=url, name=item.name or "", local=bool(local))

    def _local_problem(self, url: tree.Scalar, scheme: str) -> Problem | None:
        """What keeps a file or a command from being a feed here."""
        setting = "files" if scheme == "file" else "commands"
        if not getattr(self.local, setting):
            hint = f"monitor.yaml allows them by `local: {{{setting}: true}}`"
            return url.problem(f"feeds from {setting} are not allowed here", hint=hint)
        fault = local_fault(url.text.strip())
        return url.problem(fault) if fault else None


def _refined(base: Subscription, own: FeedDefaults, problems: list[Problem]) -> Subscription:
    """The subscription with what is said here; labels and headers add to those of `base`."""
    given: dict[str, Any] = {
        name: value
        for name in ("backfill", "full_text", "allow_private", "user_agent", "owner")
        if (value := getattr(own, name)) is not None
    }
    given |= limits_of(own)
    if not (given or own.labels or own.headers or own.proxy):
        return base  # as most of ten thousand feeds
    labels = {**base.labels, **read_labels(own.labels, problems)}
    headers = {**base.headers, **read_headers(own.headers, problems)}
    passage = replace(base.passage, proxy=read_proxy(own.proxy, problems)) if own.proxy else base.passage
    return replace(base, labels=labels, headers=headers, passage=passage, **given)


def _with_credentials(
    subscription: Subscription, item: FeedItem, directory: Path, problems: list[Problem]
) -> Subscription:
    """The subscription with what only one feed may say: who we are there."""
    own = read_credentials(item, problems)
    headers = {**subscription.headers, **own}
    if item.client_certificate is None:
        return replace(subscription, headers=headers) if own else subscription
    certificate = read_certificate(item.client_certificate, directory, problems)
    return replace(
        subscription, headers=headers, passage=replace(subscription.passage, certificate=certificate)
    )


def _url_problem(url: tree.Scalar) -> Problem | None:
    """What keeps this text from being a feed's URL, at its place."""
    text = url.text.strip()
    fault = url_fault(text)
    if not fault:
        return None
    if found := re.search(r"\s", text) if fault == _BLANKS else None:
        start = url.text.index(text) + found.start()
        return url.problem(fault, start, start + 1, hint="a blank is written %20")
    if fault != _NO_URL:
        return url.problem(fault)
    near = re.match(r"[\w-]+(\.[\w-]+)+([:/?]|$)", text)
    return url.problem(fault, hint=f"did you mean https://{text}?" if near else "https://…")


def url_fault(text: str) -> str:
    """What keeps a text from being a feed's URL, in words; "" if nothing does."""
    return "" if _PLAIN.fullmatch(text) else _fault(text)


def _fault(text: str) -> str:
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) or re.match(r"[\w.-]+:\d", text):
        return _NO_URL
    scheme = text.partition(":")[0].lower()
    if scheme not in ("http", "https"):
        return f"feeds are read over http and https, not `{scheme}`"
    if re.search(r"\s", text):
        return _BLANKS
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError:
        return "this URL's host or port can not be read"
    if not split.hostname:
        return "this URL has no host"
    return "a URL's port is 1 to 65535" if port == 0 else ""


def _duplicate(url: tree.Scalar, found: dict[str, tree.Scalar]) -> Problem | None:
    """Whether the same URL stood before."""
    first = found.setdefault(url_key(url.text), url)
    if first is url:
        return None
    return url.problem(f"this feed stands twice; the first is {first.seen_from(url)}")


def url_key(url: str) -> str:
    """What two subscriptions may not share: the URL, scheme and host in any case, no login, no fragment."""
    if scheme_of(url.strip()):
        return url.strip()
    scheme, _, rest = split_login(url.strip())[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash}{path.partition('#')[0]}"

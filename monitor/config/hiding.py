"""Finds the secrets that were typed into feeds.yaml and alerts.yaml themselves.

Stars them out of the lines that are quoted (before anything is), and collects their values (when
references have been put in). References themselves, `${NAME}`, stay readable.
"""

import re
from collections.abc import Iterator

from monitor.config import tree
from monitor.config.credentials import basic, split_login
from monitor.config.secrets import (
    Span,
    feed_secrets,
    feed_spans,
    is_telling,
    target_secrets,
    target_spans,
)

_REFERENCE = re.compile(r"\$\{[^{}]*\}")


def hide_targets(node: tree.Node) -> None:
    """Hides what receivers' URLs hold; every text of alerts.yaml that looks like a URL is one."""
    for scalar in tree.scalars_of(node):
        _hide(scalar, target_spans(scalar.typed))


def hide_feeds(node: tree.Node) -> None:
    """Hides passwords in feeds' URLs, and the values of credentials and of all headers."""
    for scalar in tree.scalars_of(node):
        _hide(scalar, feed_spans(scalar.typed))
    for _, scalar in _credentials(node):
        _hide(scalar, [(0, len(scalar.typed))])


def secrets_in_targets(node: tree.Node) -> Iterator[str]:
    """The secret parts of receivers' URLs."""
    for scalar in tree.scalars_of(node):
        yield from target_secrets(scalar.text)


def secrets_in_feeds(node: tree.Node) -> Iterator[str]:
    """The passwords in feeds' URLs, credentials, and the values of headers with telling names."""
    for scalar in tree.scalars_of(node):
        yield from feed_secrets(scalar.text)
        yield from _basic_of(scalar.text)
    for name, scalar in _credentials(node):
        if is_telling(name):
            yield scalar.text
            yield scalar.text.rpartition(" ")[2]  # the token behind `Bearer`
    for user, password in _logins(node):
        yield basic(user, password).removeprefix("Basic ")


def _basic_of(url: str) -> Iterator[str]:
    """The login of a URL as it is sent."""
    if login := split_login(url)[1]:
        yield login.removeprefix("Basic ")


def _credentials(node: tree.Node) -> Iterator[tuple[str, tree.Scalar]]:
    """Name and value of every header, cookie, password and token; a cookie is called one."""
    for name, value in _pairs(node):
        if isinstance(value, tree.Scalar) and name in ("password", "token"):
            yield name, value
        elif isinstance(value, tree.Mapping) and name in ("headers", "cookies"):
            for header, (_, text) in value.pairs.items():
                called = header if name == "headers" else f"cookie {header}"
                yield from ((called, scalar) for scalar in tree.scalars_of(text))


def _logins(node: tree.Node) -> Iterator[tuple[str, str]]:
    for name, value in _pairs(node):
        if name == "login" and isinstance(value, tree.Mapping) and {"user", "password"} <= value.pairs.keys():
            user, password = (value.pairs[part][1] for part in ("user", "password"))
            if isinstance(user, tree.Scalar) and isinstance(password, tree.Scalar):
                yield user.text, password.text.strip()


def _pairs(node: tree.Node) -> Iterator[tuple[str, tree.Node]]:
    """Every key with its value, wherever it stands."""
    if isinstance(node, tree.Sequence):
        for item in node.items:
            yield from _pairs(item)
    elif isinstance(node, tree.Mapping):
        for name, (_, value) in node.pairs.items():
            yield name, value
            yield from _pairs(value)


def _hide(scalar: tree.Scalar, spans: list[Span]) -> None:
    for start, end in spans:
        scalar.source.secret.extend(
            scalar.span(*part) for part in _without_references(scalar.typed, start, end)
        )


def _without_references(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _REFERENCE.finditer(text, start, end):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
    if start < end:
        yield start, end

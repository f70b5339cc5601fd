"""Sends one message to one target and says how that ended: the only file that knows Apprise.

`deliver` runs in a child process that can be killed: it blocks, and a receiver that drips its reply holds it
for as long as it likes. It does not raise, and does not answer with a bare yes or no.
"""

import hashlib
import importlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from monitor.alerts.cut import cut
from monitor.alerts.defuse import defuse_text
from monitor.alerts.message import Message
from monitor.alerts.outcome import Outcome, outcome_of
from monitor.alerts.services import service_of
from monitor.alerts.wire import watching

__all__ = ["Outcome", "check_url", "deliver", "warm_up"]

CONNECT_SECONDS = 8.0
REPLY_SECONDS = 15.0

_APP = "feed-monitor"
_SCHEME = re.compile(r"([A-Za-z0-9]+)://")


def deliver(url: str, message: Message, *, allow_private: bool = False) -> Outcome:
    """Send the message to the target of this Apprise URL."""
    try:
        return _by_apprise(url, message, allow_private)
    except MemoryError:
        raise  # this process is spent: whoever runs it must know
    except Exception as error:  # noqa: BLE001  (100 foreign plug-ins; whatever they raise is an outcome)
        return Outcome(kind="retry", detail=f"the sender failed: {type(error).__name__}")


def check_url(url: str) -> str | None:
    """What is wrong with a receiver's URL, in words without secrets; None if nothing is. Sends nothing."""
    if service_of(url) == "stdout":
        return None  # the terminal, which is ours
    plugin = _plugin(url)
    if isinstance(plugin, str):
        return plugin
    targets = len(plugin) // (plugin.retry + 1)
    if targets > 1:
        return f"names {targets} targets: give each a URL of its own, so that a retry never repeats another"
    return None


def warm_up() -> None:
    """Load what sending needs, so that the first message of a child process does not wait for it.

    It is a whole attempt, to an address that is refused before anything is sent.
    """
    importlib.import_module("smtplib")
    deliver("json://127.0.0.1", Message(title="", text="-"))


def _by_apprise(url: str, message: Message, allow_private: bool) -> Outcome:
    import apprise

    with _logs_kept(), watching(allow_private=allow_private) as seen:
        plugin = _plugin(url)
        if isinstance(plugin, str):
            return Outcome(kind="permanent", detail=plugin)
        sender = apprise.Apprise(asset=plugin.asset)
        sender.add(plugin)
        _put_in_thread(plugin, message.thread)
        if message.data is not None and hasattr(plugin, "payload_extras"):
            plugin.payload_extras["alert"] = message.data
        body, body_format = _body(plugin, message)
        with _own_text_part(plugin, message):
            result = sender.notify(
                body=body, title=message.title, body_format=body_format, interpret_escapes=False
            )
        if _was_accepted(result):
            return Outcome(kind="delivered")
    host = _host(url, plugin)
    safe = [replace(one, words=_plain(one.words, url, public=host)) for one in seen]
    return outcome_of(safe, otherwise=_plain(_last_words(result), url, public=host) or "no reason was given")


def _plugin(url: str) -> Any:
    """The plug-in for this URL, set up for one attempt without waits; or what is wrong, in words."""
    import apprise
    from apprise.exception import AppriseException

    scheme = _SCHEME.match(url)
    if scheme is None or url != url.strip() or re.search(r"\s", url):
        return "not a URL such as slack://… or mailtos://…"
    with _logs_kept() as logged:
        try:
            plugin: Any = apprise.Apprise.instantiate(url, asset=_asset(), suppress_exceptions=False)
        except (TypeError, ValueError, AttributeError, AppriseException) as error:
            return _plain(str(error) or "its parts are not valid", url)
    if plugin is None:
        return _why_no_plugin(scheme[1].lower(), logged, url)
    plugin.retry = 0
    plugin.throttle = _do_not_wait
    # Apprise's own limits are short for a slow mail server; a target's URL may say otherwise.
    if plugin.socket_connect_timeout == type(plugin).socket_connect_timeout:
        plugin.socket_connect_timeout = REPLY_SECONDS if hasattr(plugin, "smtp_host") else CONNECT_SECONDS
    if plugin.socket_read_timeout == type(plugin).socket_read_timeout:
        plugin.socket_read_timeout = REPLY_SECONDS
    return plugin


def _do_not_wait(*_args: object, **_kwargs: object) -> None:
    """One attempt, one message: there is nothing to pace here, and a sleep would hold the child."""


def _why_no_plugin(scheme: str, logged: list[str], url: str) -> str:
    import difflib

    from apprise.manager_plugins import NotificationManager

    known: Any = NotificationManager
    services = known()
    if scheme not in services:
        if scheme in ("http", "https"):
            return f"{scheme}:// is no service: write json{scheme[4:]}:// for a web hook"
        near = difflib.get_close_matches(scheme, sorted(services.schemas()), n=1)
        hint = f": did you mean {near[0]}://?" if near else ""
        return f"no service has the scheme {scheme}://{hint}"
    if not services[scheme].enabled:
        return f"{scheme}:// needs a Python package that is not installed"
    return _plain(logged[-1] if logged else "", url) or f"not a valid {scheme}:// URL"


def _asset() -> Any:
    """How Apprise is set up: our name, no images from elsewhere, no emoji codes, nothing kept on disk.

    No redirects: a POST that is redirected becomes a GET, which a server may well answer with 200.
    """
    import apprise

    return apprise.AppriseAsset(
        app_id=_APP,
        app_desc=_APP,
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        interpret_emojis=False,
        interpret_escapes=False,
        async_mode=False,
        pgp_autogen=False,
        pem_autogen=False,
        service_timeout=0,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )


def _put_in_thread(plugin: Any, thread: str) -> None:
    """Where a service shows which messages belong together, under a name that we can give.

    A mail refers to a root that was never sent: a second mail of one Message-ID would be dropped as a copy.
    """
    if not thread:
        return
    name = hashlib.sha256(thread.encode(errors="replace")).hexdigest()[:20]
    if hasattr(plugin, "smtp_host"):
        root = f"<{name}@{_APP}.invalid>"
        plugin.headers = {**plugin.headers, "References": root, "In-Reply-To": root}
    elif getattr(plugin, "thread_key", name) is None:
        plugin.thread_key = name


def _body(plugin: Any, message: Message) -> tuple[str, Any]:
    """What is handed over, and as what; a URL with `?format=text` gets the text."""
    from apprise import NotifyFormat

    if message.html and plugin.resolve_format(NotifyFormat.HTML) == NotifyFormat.HTML:
        return message.html, NotifyFormat.HTML
    return message.text, NotifyFormat(message.format)


@contextmanager
def _own_text_part(plugin: Any, message: Message) -> Iterator[None]:
    """Mails get our text as their text part; Apprise would make one from the HTML."""
    if message.html is None or not hasattr(plugin, "smtp_host"):
        yield
        return
    mail: Any = importlib.import_module("apprise.plugins.email.base")
    own = mail.convert_between
    mail.convert_between = lambda _from, _to, _content: message.text
    try:
        yield
    finally:
        mail.convert_between = own


class _LogKeeper(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _logs_kept() -> Iterator[list[str]]:
    """What Apprise and its HTTP client log, kept from the program's own log: it holds secrets."""
    handler = _LogKeeper()
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3")]
    before = [logger.propagate for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield handler.messages
    finally:
        for logger, propagate in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.propagate = propagate


def _was_accepted(result: Any) -> bool:
    """Whether the service took it; a URL with `?optional=yes` would call a failure a success."""
    import apprise

    accepted = apprise.AppriseResultStatus.SUCCESS
    return any(attempt.status == accepted for target in result for attempt in target.attempts)


def _last_words(result: Any) -> str:
    return next((str(entry.message) for entry in reversed(list(result.logs()))), "")


def _host(url: str, plugin: Any) -> str:
    """The host that the URL names; for many services a secret stands in its place."""
    return (urlsplit(url).hostname or "") if "{host}" in "".join(plugin.templates) else ""


def _plain(words: str, url: str, *, public: str = "") -> str:
    """Foreign words made fit to show and to keep: one short line, and nothing of the URL's secrets in it."""
    words = re.sub(r"\w+://\S+", "…", words)
    for part in sorted(re.split(r"[:/?#@&=,;+]+", url)[1:], key=len, reverse=True):
        for secret in {part, unquote(part)} - {public}:
            if len(secret) >= 4:
                words = words.replace(secret, "…")
    return cut(defuse_text(words[:2000]), 200)

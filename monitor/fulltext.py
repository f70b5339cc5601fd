"""Which entries' pages are worth reading for their full text. Pure.

A page is wished for where its text may change the outcome: the feed tells only the beginning, and either the
feed asks for full text, or a topic does that does not match already, but could.
"""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from monitor.feeds.subscription import Subscription
from monitor.store.pages import Wish
from monitor.topics.document import Document
from monitor.topics.matcher import CompiledTopic
from monitor.topics.prospect import could_match

SHORT = 1_500
"""Characters of text: a feed that tells more of an entry tells all of it, or nearly."""


def may_wish(subscription: Subscription, topics: Collection[str]) -> bool:
    """Whether any page of this feed may be wished for, where these topics ask for full text."""
    return subscription.full_text != "never" and (subscription.full_text != "topics" or bool(topics))


def wish_for(
    entry_id: int,
    document: Document,
    *,
    matched: Collection[str],
    subscription: Subscription,
    topics: Mapping[str, CompiledTopic],
    again: bool = False,
) -> Wish | None:
    """The page to read for an entry, None where it is not worth it.

    `matched` are the topics that match the feed's own text, `topics` those that ask for full text. `again`:
    the entry was edited, its page is to be read although it was.
    """
    if subscription.full_text == "never":
        return None
    is_short = len(document.summary) + len(document.content) < SHORT
    if subscription.full_text == "always" or (subscription.full_text == "when_short" and is_short):
        return _wish(entry_id, document.url, None, again=again)
    if not is_short:
        return None
    asking = tuple(name for name, one in topics.items() if name not in matched and could_match(one, document))
    return _wish(entry_id, document.url, asking, again=again) if asking else None


def _wish(entry_id: int, url: str, topics: tuple[str, ...] | None, *, again: bool) -> Wish | None:
    host = _host(url)
    return Wish(entry_id=entry_id, url=url, host=host, topics=topics, again=again) if host else None


def _host(url: str) -> str:
    """The host of a page that can be read, "" for anything else."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""

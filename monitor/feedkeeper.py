"""Edits of feeds.yaml: feeds more and feeds less, checked and written, every other line as it was."""

from collections.abc import Sequence

from monitor.config.editing_draft import Draft
from monitor.config.editing_feeds import ListedFeed, find_feed, listed_feeds
from monitor.config.editing_splice import added, removed
from monitor.config.editing_values import NewFeed
from monitor.config.subscriptions import url_key
from monitor.errors import ConfigError
from monitor.keeper import Keeping, Kept, edit_feeds


def add_feeds(new: Sequence[NewFeed], *, keeping: Keeping) -> Kept:
    """Write feeds at the end of feeds.yaml; raises ConfigError where one is there already."""

    def change(draft: Draft) -> str:
        taken = {url_key(feed.url): feed for feed in listed_feeds(draft)}
        for one in new:
            if standing := taken.get(url_key(one.url)):
                raise ConfigError(f"{one.url} is followed already: {standing.place}")
        return added(draft, new)

    return edit_feeds(change, keeping=keeping)


def remove_feed(wanted: str, *, keeping: Keeping) -> tuple[Kept, ListedFeed]:
    """Take the feed of this URL or name out of feeds.yaml, with its comments."""
    gone: list[ListedFeed] = []

    def change(draft: Draft) -> str:
        gone.append(find_feed(draft, wanted))
        return removed(draft, gone[0].item)

    kept = edit_feeds(change, keeping=keeping)
    return kept, gone[0]

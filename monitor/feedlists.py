"""Lists of feeds in and out: what of an OPML document is new to feeds.yaml, and feeds.yaml as one.

Writes nothing: feedkeeper.py does. No secret leaves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.config.config import Config
from monitor.config.editing_feeds import feeds_draft, listed_feeds
from monitor.config.importing_feeds import ImportedFeeds, feeds_to_write
from monitor.config.labels import LABEL_NAME, OWN_LABELS
from monitor.config.secrets import mask_feed_url
from monitor.config.subscriptions import url_key
from monitor.errors import ConfigError, ParseError, WrongUseError
from monitor.feeds.opml import FOLDER, OpmlFeed, Outlines, read_opml, why_not_opml, write_opml
from monitor.feeds.subscription import Subscription
from monitor.keeper import Keeping


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Feeds as OPML, and which were left out: how they may be shown, and why."""

    text: str
    left_out: tuple[tuple[str, str], ...]


def read_list(document: bytes, *, name: str) -> Outlines:
    """The feeds of an OPML document; raises WrongUseError that says what it is, and where it goes wrong."""
    try:
        return read_opml(document)
    except ParseError as error:
        raise WrongUseError(f"{name}: {why_not_opml(document, error)}") from error


def new_feeds(
    outlines: Outlines, *, keeping: Keeping, labels: Mapping[str, str], folder_label: str = FOLDER
) -> ImportedFeeds:
    """The feeds of a list that feeds.yaml does not have; raises ConfigError for what can be no label."""
    if not LABEL_NAME.fullmatch(folder_label) or folder_label in OWN_LABELS:
        wanted = "letters, digits and `_` are expected"
        raise ConfigError(f"{folder_label!r} can not be a label's name: {wanted}")
    draft = feeds_draft(keeping.directory, environ=keeping.environ)
    taken = {url_key(feed.url): feed.place for feed in listed_feeds(draft)}
    return feeds_to_write(outlines, taken=taken, labels=labels, folder_label=folder_label)


def export_list(config: Config, feeds: Iterable[Subscription], *, folder_label: str = FOLDER) -> Exported:
    """These feeds as OPML for other feed readers, in folders by a label."""
    chosen = list(feeds)
    kept = {one.url: _why_kept(config, one) for one in chosen}
    exported = [
        OpmlFeed(url=one.url, title=one.name, folders=_folders(one.labels.get(folder_label, "")))
        for one in chosen
        if not kept[one.url]
    ]
    left_out = tuple(
        (one.name or config.secrets.mask(mask_feed_url(one.url)), kept[one.url])
        for one in chosen
        if kept[one.url]
    )
    return Exported(text=write_opml(exported, title="feed-monitor"), left_out=left_out)


def _why_kept(config: Config, feed: Subscription) -> str:
    """Why a feed is not for others, "" if it is."""
    if feed.local:
        return "it is a file or a command of this machine"
    secret = config.secrets.mask(mask_feed_url(feed.url)) != feed.url
    return "its address holds a secret" if secret else ""


def _folders(label: str) -> tuple[str, ...]:
    return tuple(part for part in label.split("/") if part)

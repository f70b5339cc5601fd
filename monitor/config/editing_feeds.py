"""feeds.yaml as commands edit it: which feeds stand there, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.config import tree
from monitor.config.editing_draft import FEEDS, Draft, ItemPlace, name_of, read_draft
from monitor.config.editing_files import read_standing
from monitor.config.files import FEEDS as FEEDS_FILE
from monitor.config.subscriptions import url_key
from monitor.config.suggest import did_you_mean
from monitor.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed as it stands in feeds.yaml; its URL has what references stand for put in."""

    url: str
    name: str
    place: str
    item: ItemPlace


def feeds_draft(directory: Path, *, environ: Mapping[str, str]) -> Draft:
    """feeds.yaml as it stands; raises ConfigError where it is not YAML."""
    path = directory / FEEDS_FILE
    return read_draft(path, read_standing(path).text, environ=environ, listing=FEEDS)


def listed_feeds(draft: Draft) -> Iterator[ListedFeed]:
    """The feeds that stand there, in their order."""
    for item in draft.items:
        named = item.node if isinstance(item.node, tree.Mapping) and "name" in item.node.pairs else None
        yield ListedFeed(
            url=item.name,
            name=name_of(named) if named else "",
            place=f"{draft.source.path}:{draft.line(item)}",
            item=item,
        )


def find_feed(draft: Draft, wanted: str) -> ListedFeed:
    """The feed of this URL or name; raises ConfigError where there is none, or more than one."""
    listed = list(listed_feeds(draft))
    found = [feed for feed in listed if url_key(feed.url) == url_key(wanted)]
    found = found or [feed for feed in listed if feed.name and feed.name.casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(feed.place for feed in found)
        raise ConfigError(f"the feed {wanted!r} stands in several places: {places}; its URL tells them apart")
    hint = did_you_mean(wanted, [feed.name for feed in listed if feed.name]) or "`monitor feed list` has all"
    raise ConfigError(f"there is no feed {wanted!r}; {hint}")

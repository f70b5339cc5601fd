"""Keeps watchlists and feeds: an edit is checked, written and, of a watchlist, remembered; all or nothing.

    edit ── locked ── change(text) ── review: what would break? ── ONE COMMIT: versions + the file's new text
    daemon, at its start and at each reload ── record_versions: what was edited by hand

Decides nothing about texts: config/editing_*.py make them. Knows no terminal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from monitor.config.editing import Review, find_topic, is_switched_off, review
from monitor.config.editing_draft import FEEDS, Draft, ItemPlace, read_draft
from monitor.config.editing_files import Standing, locked, read_standing, watchlist_path, write
from monitor.config.editing_lines import split
from monitor.config.editing_splice import added, item_text, lines_of, removed, replaced
from monitor.config.editing_switch import switched_off, switched_on
from monitor.config.editing_values import NewTopic
from monitor.config.files import FEEDS as FEEDS_FILE
from monitor.errors import ConfigError, EditRefusedError, StoreError
from monitor.store.store import Store
from monitor.store.versions import NewVersion, Version, Who

Change = Callable[[str], tuple[str, range]]
"""A watchlist's text → what it is to be, and the lines (counted from 1) that whoever edits it answers for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where edits are kept, whose they are, and when. Without a store no version is."""

    directory: Path
    environ: Mapping[str, str]
    store: Store | None
    who: Who
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An edit that was made. `version` is None where none was kept, and `unkept` says why if that is odd.

    `review` has what to say about the text; `changed` is False where it was like this already. `topic` is
    the name of the one topic that was edited, as it stood in the file.
    """

    path: Path
    watchlist: str = ""
    version: int | None = None
    unkept: str = ""
    review: Review = field(default_factory=Review)
    changed: bool = True
    topic: str = ""


def edit_watchlist(
    watchlist: str, change: Change, *, keeping: Keeping, note: str = "", new: bool = False
) -> Kept:
    """Change a watchlist's file, and keep the version; with `new` it must not be there yet.

    Raises EditRefusedError, with nothing written, if that would break the configuration or the file was
    changed by somebody else at the same time; ConfigError from `change`.
    """
    path = watchlist_path(keeping.directory, watchlist)

    def fresh(standing: Standing) -> tuple[str, range]:
        if new and standing.data is not None:
            raise ConfigError(f"there is a watchlist {watchlist!r} already: {path}")
        return change(standing.text)

    def put(standing: Standing, text: str) -> tuple[int | None, str]:
        return _written(standing, text, keeping, note)

    return replace(_edit_file(path, fresh, put, keeping=keeping), watchlist=watchlist)


def edit_feeds(change: Callable[[Draft], str], *, keeping: Keeping) -> Kept:
    """Change feeds.yaml, which is made if it is not there; raises as `edit_watchlist`. No version is kept."""
    path = keeping.directory / FEEDS_FILE

    def changed(standing: Standing) -> tuple[str, range]:
        draft = read_draft(path, standing.text, environ=keeping.environ, listing=FEEDS)
        return change(draft), range(0)

    def put(standing: Standing, text: str) -> tuple[int | None, str]:
        write(standing, text)
        return None, ""

    return _edit_file(path, changed, put, keeping=keeping)


def add_topics(watchlist: str, topics: Sequence[NewTopic], *, keeping: Keeping, note: str = "") -> Kept:
    """Write topics at the end of a watchlist, which is made if it is not there."""
    if not all(topic.name.strip() for topic in topics):
        raise ConfigError("a topic needs a name")

    def change(text: str) -> tuple[str, range]:
        path = watchlist_path(keeping.directory, watchlist)
        return added(read_draft(path, text, environ=keeping.environ), topics), range(0)

    return edit_watchlist(watchlist, change, keeping=keeping, note=note)


def remove_topic(name: str, *, keeping: Keeping, watchlist: str = "") -> Kept:
    """Take a topic out of its watchlist, with its comments."""

    def change(draft: Draft, topic: ItemPlace) -> tuple[str, range]:
        return removed(draft, topic), range(0)

    return _edit_topic(name, watchlist, change, keeping=keeping, done="removed")


def switch_topic(name: str, *, on: bool, keeping: Keeping, watchlist: str = "") -> Kept:
    """Disable a topic or enable it again; it stays in its file."""

    def change(draft: Draft, topic: ItemPlace) -> tuple[str, range]:
        if is_switched_off(topic) is not on:
            return draft.text, range(0)
        return (switched_on if on else switched_off)(draft, topic), lines_of(draft, topic)

    done = "enabled" if on else "disabled"
    return _edit_topic(name, watchlist, change, keeping=keeping, done=done)


def replace_topic(name: str, text: str, *, was: str, keeping: Keeping, watchlist: str = "") -> Kept:
    """Put an edited text in the place of a topic's own lines, which were `was` when the edit began."""

    def change(draft: Draft, topic: ItemPlace) -> tuple[str, range]:
        if item_text(draft, topic) != was:
            message = f"the topic {name!r} was changed by somebody else meanwhile; nothing was written"
            raise EditRefusedError(message)
        first = lines_of(draft, topic).start
        return replaced(draft, topic, text), range(first, first + len(split(text)))

    return _edit_topic(name, watchlist, change, keeping=keeping, done="edited")


def restore(watchlist: str, number: int, *, keeping: Keeping) -> Kept:
    """Write an earlier version's text back, as a new version; raises ConfigError where there is none."""
    if keeping.store is None:
        raise StoreError("there is no database: no version was ever kept")
    version = find_version(keeping.store, watchlist, number)
    text = version.text
    if text is None:
        raise ConfigError(f"version {number} of {watchlist!r} is its removal: there is no text to restore")
    return edit_watchlist(
        watchlist, lambda _: (text, range(0)), keeping=keeping, note=f"version {number} restored"
    )


def find_version(store: Store, watchlist: str, number: int | None = None) -> Version:
    """A version, the newest if no number is given; raises ConfigError that says which there are."""
    latest = store.latest_version(watchlist)
    if latest is None:
        raise ConfigError(
            f"no version of a watchlist {watchlist!r} was kept; `monitor watchlist log` lists them"
        )
    found = latest if number is None else store.version(watchlist, number)
    if found is None:
        raise ConfigError(f"there is no version {number} of {watchlist!r}; the newest is {latest.number}")
    return found


def record_versions(
    store: Store, watchlists: Mapping[str, str], *, who: Who = "file", now: datetime
) -> dict[str, int]:
    """Keep what all watchlists say now, the texts by their names, and which are gone.

    Returns the numbers of the new versions: what an edit has kept already is not kept again.
    """
    gone = [name for name in store.standing_watchlists() if name not in watchlists]
    news = [NewVersion(watchlist=name, text=text, who=who) for name, text in watchlists.items()]
    news += [NewVersion(watchlist=name, text=None, who=who, note="removed") for name in gone]
    numbers = store.add_versions(news, now=now)
    return {new.watchlist: number for new, number in zip(news, numbers, strict=True) if number is not None}


def _edit_file(
    path: Path,
    change: Callable[[Standing], tuple[str, range]],
    put: Callable[[Standing, str], tuple[int | None, str]],
    *,
    keeping: Keeping,
) -> Kept:
    """Change a file while nobody else does, if that breaks nothing; `put` writes it and keeps a version."""
    with locked(path.parent):
        standing = read_standing(path)
        text, lines = change(standing)
        if standing.data is not None and text == standing.text:
            return Kept(path=path, changed=False)
        before = None if standing.data is None else standing.text
        seen = review(
            keeping.directory, path, before=before, after=text, environ=keeping.environ, lines=lines
        )
        version, unkept = put(standing, text)
    return Kept(path=path, version=version, unkept=unkept, review=seen)


def _edit_topic(
    name: str,
    watchlist: str,
    change: Callable[[Draft, ItemPlace], tuple[str, range]],
    *,
    keeping: Keeping,
    done: str,
) -> Kept:
    """Change the watchlist in which a topic stands; raises ConfigError where there is no such topic."""
    found, there = find_topic(keeping.directory, name, environ=keeping.environ, watchlist=watchlist)

    def change_text(text: str) -> tuple[str, range]:
        draft = read_draft(found.source.path, text, environ=keeping.environ)
        standing = draft.named(name)
        if len(standing) != 1:
            raise EditRefusedError(
                f"the topic {name!r} is being edited by somebody else; nothing was written"
            )
        return change(draft, standing[0])

    note = f"topic {there.name} {done}"
    kept = edit_watchlist(found.source.path.stem, change_text, keeping=keeping, note=note)
    return replace(kept, topic=there.name)


def _written(standing: Standing, text: str, keeping: Keeping, note: str) -> tuple[int | None, str]:
    """Write the file and keep the version, which the daemon then finds when it reads the file.

    That no version can be kept does not keep anybody from editing his files.
    """
    if keeping.store is None:
        write(standing, text)
        return None, ""
    news = [NewVersion(watchlist=standing.watchlist, text=text, who=keeping.who, note=note)]
    if standing.data is not None:  # what was edited by hand since the last version, and would be lost now
        news.insert(0, NewVersion(watchlist=standing.watchlist, text=standing.text, who="file"))
    try:
        numbers = keeping.store.add_versions(news, now=keeping.now, then=lambda: write(standing, text))
    except StoreError as error:
        if read_standing(standing.path).text != text:
            write(standing, text)
        return None, str(error)
    return numbers[-1], ""

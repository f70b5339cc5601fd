"""Recorded histories of feeds, each document as captured, and the truth about them, found the slow way.

The truth knows nothing of the monitor. It reads every document whole, and two appearances are the same entry
where they share a guid, or link and title (without guids the link alone, without links the title): the
connected pieces of that graph are the entries. It needs the whole history at once, and compares texts as they
stand, but for mark-up, blanks and a slash at a link's end.
"""

import html
import io
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import feedparser

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Capture:
    """A document, and since when it was there."""

    at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Appearance:
    """An entry as it stood in a document: as much as the truth goes by."""

    guid: str
    link: str
    title: str
    text: str = ""

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """What it may be known by; two that share one are the same entry."""
        keys: list[tuple[str, ...]] = [("guid", self.guid)] if self.guid else []
        if self.link:
            keys.append(("link and title", self.link, self.title))
        if self.link and not self.guid:
            keys.append(("link", self.link))
        return keys or [("title", self.title)]


def histories(corpora: Path) -> Iterator[tuple[str, list[Capture]]]:
    """Each recorded feed's name and its documents, in the order of time."""
    for path in sorted((corpora / "polls").glob("*.tar.xz")):
        with tarfile.open(path) as archive:
            files = [(member.name, archive.extractfile(member)) for member in archive if member.isfile()]
            captures = [Capture(_moment(name), file.read()) for name, file in files if file]
        yield path.name.removesuffix(".tar.xz"), sorted(captures, key=lambda one: one.at)


def _moment(name: str) -> datetime:
    return datetime.strptime(Path(name).stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def appearances(body: bytes) -> list[Appearance]:
    """What feedparser finds in a whole document."""
    found = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False).entries
    made = (
        Appearance(
            one.get("id", "").strip(),
            one.get("link", "").strip().rstrip("/"),
            plain(one.get("title", "")),
            plain(one.get("summary", "")) + plain("".join(part.value for part in one.get("content", ()))),
        )
        for one in found
    )
    return [one for one in made if any((one.guid, one.link, one.title, one.text))]


def plain(text: str) -> str:
    """A text without mark-up, entities and superfluous blanks."""
    return " ".join(html.unescape(_TAG.sub(" ", html.unescape(text))).split())


class Truth:
    """Which appearances are the same entry, over a whole history."""

    def __init__(self, documents: Iterable[Sequence[Appearance]]) -> None:
        self._parents: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._titles: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        seen = {one for document in documents for one in document}
        for one in seen:
            first, *others = one.keys
            for other in others:
                self._parents[self._root(other)] = self._root(first)
        for one in seen:
            self._titles[self.entry(one)].add(one.title)

    def entry(self, appearance: Appearance) -> tuple[str, ...]:
        """Which entry an appearance is; one that the history does not have is an entry of its own."""
        return next(
            (self._root(key) for key in appearance.keys if key in self._parents), ("?", *appearance.keys[0])
        )

    @property
    def entries(self) -> set[tuple[str, ...]]:
        """Every entry that ever was in a document."""
        return set(self._titles)

    @property
    def edited_titles(self) -> set[tuple[tuple[str, ...], str]]:
        """Every title of an entry that had more than one."""
        return {
            (entry, title) for entry, titles in self._titles.items() if len(titles) > 1 for title in titles
        }

    def _root(self, key: tuple[str, ...]) -> tuple[str, ...]:
        parent = self._parents.setdefault(key, key)
        while parent != self._parents[parent]:
            parent = self._parents[parent]
        return parent

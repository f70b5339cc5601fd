"""Captured feeds, transcoded feeds and recorded histories through parsing and recognising."""

import csv
import gzip
import io
import json
import random
import tarfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import feedparser
import pytest

from monitor.errors import ParseError
from monitor.feeds.entry import Entry, Parsed
from monitor.feeds.parse import parse
from tests.feeds.remembering import Remembered

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
if not CORPORA.is_dir():
    pytest.skip("no corpora beside the repository", allow_module_level=True)

URL = "http://feed.example/dir/feed.xml"


@cache
def captured() -> dict[str, bytes]:
    """The captured feeds by their file's name."""
    with tarfile.open(CORPORA / "feeds" / "feeds.tar.xz") as archive:
        files = [(member.name, archive.extractfile(member)) for member in archive if member.isfile()]
        return {name: file.read() for name, file in files if file}


@cache
def whole(file: str) -> Parsed:
    """A captured feed, read whole."""
    return parse(captured()[file], url=URL)


def index() -> list[dict[str, str]]:
    with (CORPORA / "feeds" / "INDEX.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def is_empty(entry: feedparser.FeedParserDict) -> bool:
    """Whether feedparser found an entry in which there is nothing."""
    says = (entry.get(key) for key in ("id", "link", "title", "summary"))
    return not any(says) and not any(one.get("value") for one in entry.get("content", ()))


@pytest.mark.parametrize("row", index(), ids=lambda row: str(row["id"]))
def test_a_captured_feed_is_read_as_feedparser_reads_it(row: dict[str, str]) -> None:
    """98 % of its entries, with their titles, and nothing that a database could not hold."""
    document = captured()[row["file"]]
    parsed = whole(row["file"])
    empty = 0
    if row["fmt"] != "json" and not document.startswith(b"\x1f\x8b"):
        plain = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
        empty = sum(map(is_empty, plain.entries))
    assert len(parsed.entries) >= 0.98 * (int(row["entries"]) - empty)
    for entry in parsed.entries:
        for text in (entry.title, entry.summary, entry.content, entry.guid, entry.author):
            text.encode()
            assert "\x00" not in text
        assert entry.link == "" or entry.link.startswith(("http://", "https://"))


@pytest.mark.parametrize("row", index(), ids=lambda row: str(row["id"]))
def test_what_is_new_is_read_as_in_the_whole_document(row: dict[str, str]) -> None:
    """With all items known but one, and with half of them known."""
    first = whole(row["file"])
    if len(first.items) != len(first.entries):
        return  # it is always read whole, or has empty entries
    chance = random.Random(row["id"])
    for unknown in ({chance.randrange(len(first.items))}, set(range(0, len(first.items), 2))):
        known = {one for number, one in enumerate(first.items) if number not in unknown}
        rest = [entry for entry, one in zip(first.entries, first.items, strict=True) if one not in known]
        some = parse(captured()[row["file"]], url=URL, known=known)
        assert list(some.entries) == rest
        assert some.feed == first.feed
        assert some.items == first.items


def test_nearly_all_captured_feeds_can_be_read_in_part() -> None:
    rows = [row for row in index() if row["fmt"] != "json"]
    unsure = [row["id"] for row in rows if not whole(row["file"]).items]
    assert len(unsure) <= 0.08 * len(rows), unsure


def transcoded() -> list[dict[str, str]]:
    with gzip.open(CORPORA / "encodings" / "truth.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("truth", transcoded(), ids=lambda truth: str(truth["file"].rpartition("/")[2]))
def test_a_transcoded_feed_has_its_titles(truth: dict[str, str]) -> None:
    with tarfile.open(CORPORA / "encodings" / "transcoded.tar.xz") as archive:
        file = archive.extractfile(truth["file"])
        assert file is not None
        parsed = parse(file.read(), url=URL, content_type=truth["http_content_type"])
    titles = [title.replace("<i>", "").replace("</i>", "") for title in truth["titles"]]
    assert [entry.title for entry in parsed.entries] == titles


# --- recorded histories ---

HISTORIES = {path.name.removesuffix(".tar.xz"): path for path in sorted((CORPORA / "polls").glob("*.tar.xz"))}


def polls(name: str) -> Iterator[tuple[bytes, list[Entry]]]:
    """Each capture and all its entries, parsed only where they were not known."""
    entries: dict[bytes, Entry] = {}
    with tarfile.open(HISTORIES[name]) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is None:
                continue
            document = file.read()
            try:
                parsed = parse(document, url=URL, known=entries.keys())
            except ParseError:
                continue
            if not parsed.items:
                yield document, list(parsed.entries)
                continue
            fresh = iter(parsed.entries)
            for one in parsed.items:
                if one not in entries:
                    entries[one] = next(fresh)
            yield document, [entries[one] for one in parsed.items]


def story(entry: Entry) -> str:
    """The plainest notion of which story this is."""
    return entry.guid or entry.link.rstrip("/") or entry.title


@pytest.mark.parametrize("name", HISTORIES)
def test_a_recorded_history_tells_each_story_once(name: str) -> None:
    """Every story that ever was in the feed is told, none twice, and none when nothing changed."""
    feed = Remembered()
    stories: set[str] = set()
    last: list[Entry] | None = None
    for _, entries in polls(name):
        if entries == last:
            continue
        last = entries
        stories.update(map(story, entries))
        feed.poll(*entries)
        assert {one.verdict for one in feed.poll(*entries)} <= {"seen"}
    told = Counter(map(story, feed.told))
    assert stories - told.keys() == set(), "never told"
    assert [one for one, times in told.items() if times > 1] == [], "told twice"
    assert feed.identity == "guid"


@pytest.mark.parametrize("name", HISTORIES)
def test_a_recorded_history_reads_alike_in_parts_and_whole(name: str) -> None:
    """Every hundredth capture is read whole too."""
    for number, (document, entries) in enumerate(polls(name)):
        if number % 100 == 1:
            assert list(parse(document, url=URL).entries) == entries

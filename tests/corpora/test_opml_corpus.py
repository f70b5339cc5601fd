"""Real OPML lists, read, written and read again."""

import tarfile
from functools import cache
from pathlib import Path

import pytest

from monitor.config.importing_feeds import feeds_to_write
from monitor.feeds.opml import Outlines, read_opml, write_opml

LISTS = Path(__file__).parents[3] / "shared" / "corpora" / "feedlists"
if not LISTS.is_dir():
    pytest.skip("no corpora beside the repository", allow_module_level=True)


@cache
def lists() -> dict[str, bytes]:
    """Every list by its file's name."""
    found = {path.name: path.read_bytes() for path in LISTS.glob("*.opml")}
    with tarfile.open(LISTS / "awesome-rss-feeds_opml.tar.xz") as archive:
        members = [member for member in archive if member.name.endswith(".opml")]
        files = {member.name: archive.extractfile(member) for member in members}
        return found | {name: file.read() for name, file in files.items() if file}


def wanted(outlines: Outlines) -> int:
    imported = feeds_to_write(outlines, taken={}, labels={}, folder_label="folder")
    broken = [one for one in imported.left_out if one.why == "broken"]
    assert len(broken) <= 2, broken
    return len(imported.feeds)


@pytest.mark.parametrize("name", sorted(lists()))
def test_a_real_list_is_read_whole_and_comes_back(name: str) -> None:
    document = lists()[name]
    outlines = read_opml(document)
    assert len(outlines.feeds) == document.lower().count(b"xmlurl=")
    assert wanted(outlines) > 0
    again = read_opml(write_opml(outlines.feeds, title=name).encode())
    assert {(one.url, one.folders) for one in again.feeds} == {
        (one.url, one.folders) for one in outlines.feeds
    }

"""`monitor feed import|export`: OPML in, OPML out, with everything that was left out named."""

import json
from pathlib import Path

import pytest

from monitor.config import load
from monitor.feeds.opml import read_opml
from tests.command_line import Call

LIST = """<opml version="2.0"><head/><body>
<outline text="Asia"><outline text="Taiwan">
  <outline type="rss" text="Focus &quot;Taiwan&quot;" xmlUrl="https://focus.example/rss"/>
</outline></outline>
<outline type="rss" text="Old" xmlUrl="https://OLD.example/rss"/>
<outline type="rss" text="Twice" xmlUrl="https://focus.example/rss#x"/>
<outline type="rss" text="Local" xmlUrl="file:///etc/passwd"/>
<outline text="Empty"/>
</body></opml>
"""
FEEDS = "# mine\nfeeds:\n  - https://old.example/rss   # stays\n"


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "feeds.yaml"
    path.parent.mkdir()
    path.write_text(FEEDS)
    (tmp_path / "list.opml").write_text(LIST)
    return path


def test_new_feeds_are_written_with_their_folders_as_a_label(monitor: Call, feeds: Path) -> None:
    done = monitor("feed", "import", "list.opml", "--folder-label", "region", "--label", "kind=wire")
    assert "1 feed imported from list.opml" in done.out
    assert feeds.read_text() == FEEDS + (
        '  - name: Focus "Taiwan"\n    url: https://focus.example/rss\n'
        "    labels: {region: Asia/Taiwan, kind: wire}\n"
    )


def test_what_is_left_out_is_named_with_its_line_and_reason(monitor: Call, feeds: Path) -> None:
    done = monitor("feed", "import", "list.opml")
    assert done.code == 1
    assert done.err.splitlines() == [
        f"left out, line 5: Old: followed already: {feeds.resolve()}:3",
        "left out, line 6: Twice: followed already: line 3",
        "left out, line 7: Local: 'file:///etc/passwd': feeds are read over http and https, not `file`",
        "left out, line 8: Empty: it has no xmlUrl, and nothing stands in it",
    ]


def test_duplicates_alone_are_no_failure(monitor: Call, feeds: Path, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(
        '<opml><body><outline text="Old" xmlUrl="https://old.example/rss"/></body></opml>'
    )
    done = monitor("feed", "import", "list.opml")
    assert (done.code, feeds.read_text()) == (0, FEEDS)
    assert "nothing is new: it is followed already" in done.out


def test_a_dry_run_writes_nothing(monitor: Call, feeds: Path) -> None:
    done = monitor("feed", "import", "list.opml", "--dry-run")
    assert "1 feed would be written, nothing was" in done.out
    assert "folder=Asia/Taiwan" in done.out
    assert feeds.read_text() == FEEDS
    facts = json.loads(monitor("feed", "import", "list.opml", "--dry-run", "--json").out)
    assert [one["why"] for one in facts["left_out"]] == ["duplicate", "duplicate", "broken", "broken"]


def test_a_list_comes_from_standard_input_too(monitor: Call, feeds: Path) -> None:
    monitor("feed", "import", "-", stdin=LIST.encode())
    assert "focus.example" in feeds.read_text()


def test_a_file_that_is_no_list_is_refused_with_its_place(monitor: Call, feeds: Path, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text("<opml><body><outline text='a' text='b'/></body></opml>")
    done = monitor("feed", "import", "list.opml")
    assert (done.code, done.err) == (
        2, "error: list.opml: line 1, column 31: this is not XML: duplicate attribute\n"
    )  # fmt: skip
    assert monitor("feed", "import", "nowhere.opml").err == (
        "error: nowhere.opml can not be read: no such file or directory\n"
    )


@pytest.mark.parametrize("name", ["", "a b", "topic", "1x"])
def test_a_label_that_can_be_none_is_refused(monitor: Call, feeds: Path, name: str) -> None:
    done = monitor("feed", "import", "list.opml", "--folder-label", name)
    assert (done.code, "can not be a label's name" in done.err) == (2, True)
    assert feeds.read_text() == FEEDS


def test_what_is_exported_can_be_imported_again(monitor: Call, feeds: Path, tmp_path: Path) -> None:
    monitor("feed", "import", "list.opml")
    exported = monitor("feed", "export").out
    before = load(feeds.parent, environ={}).subscriptions
    feeds.write_text("")
    (tmp_path / "again.opml").write_text(exported)
    assert monitor("feed", "import", "again.opml").code == 0
    after = load(feeds.parent, environ={}).subscriptions
    assert {(one.url, one.labels.get("folder")) for one in after} == {
        (one.url, one.labels.get("folder")) for one in before
    }


def test_no_secret_is_exported(monitor: Call, feeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "hunter2hunter2")
    feeds.write_text(
        "- {url: 'https://me:geheim@a.example/rss', name: A}\n"
        "- {url: 'https://b.example/${KEY}/rss', name: B}\n"
        "- {url: 'https://c.example/rss', name: C, headers: {X-Key: sesam}}\n"
    )
    done = monitor("feed", "export")
    assert [one.title for one in read_opml(done.out.encode()).feeds] == ["A", "C"]
    assert "left out: B: its address holds a secret" in done.err
    assert not {"geheim", "hunter2", "sesam"} & set(done.out + done.err)


def test_files_and_commands_of_this_machine_are_not_exported(monitor: Call, feeds: Path) -> None:
    (feeds.parent / "monitor.yaml").write_text("local: {files: true, commands: true}\n")
    feeds.write_text("- file:///var/feeds/a.xml\n- {url: exec:scrape, name: S}\n- https://a.example/rss\n")
    done = monitor("feed", "export")
    assert [one.url for one in read_opml(done.out.encode()).feeds] == ["https://a.example/rss"]
    assert "left out: S: it is a file or a command of this machine" in done.err


def test_a_part_is_exported_by_labels(monitor: Call, feeds: Path) -> None:
    monitor("feed", "import", "list.opml", "--label", "kind=wire")
    exported = monitor("feed", "export", "--label", "kind=wire", "--folder-label", "kind").out
    (found,) = read_opml(exported.encode()).feeds
    assert (found.url, found.folders) == ("https://focus.example/rss", ("wire",))

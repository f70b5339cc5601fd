"""Real lists of feeds, and files that are none, through the desk's door for lists."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.clock import clock
from monitor.config.subscriptions import url_fault, url_key
from monitor.feeds.opml import read_opml
from tests.corpora.test_opml_corpus import LISTS, lists
from tests.stocked import Stock
from tests.web.running import Running, running
from tests.web.test_now import words
from tests.web.test_opml import send

NO_LISTS = ("all_urls_with_evidence.tsv", "kite_feeds.json", "recommended_geopolitics.tsv", "smallweb.txt")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Running]:
    """A desk that follows nothing."""
    stock = Stock(tmp_path, now=clock())
    directory = stock.write("- Cuba\n")
    (directory / "monitor.yaml").write_text("web: {listen: '127.0.0.1:0'}\ndatabase: ../monitor.db\n")
    with running(directory, stock.path) as served:
        yield served
    stock.store.close()


def test_the_largest_real_lists_are_taken_in_and_known_the_second_time(desk: Running) -> None:
    largest = sorted(lists().values(), key=len)[-8:]
    for document in largest:
        assert "followed from now on" in words(send(desk, document).text)
        assert " 0 feeds followed from now on" in words(send(desk, document).text)
    visitor = desk.insider()
    exported = read_opml(visitor.get("/feeds/feeds.opml").text.encode())
    listed = {url_key(one.url) for one in exported.feeds}
    assert listed >= {url_key(one.url) for one in read_opml(largest[-1]).feeds if not url_fault(one.url)}
    assert f"{len(listed):,} feeds" in words(visitor.get("/feeds").text)
    assert desk.troubles == []


@pytest.mark.parametrize("name", NO_LISTS)
def test_a_file_that_is_no_list_is_refused_by_its_kind(desk: Running, name: str) -> None:
    document = (LISTS / name).read_bytes()[:4_000_000]
    answer = send(desk, document, file=name)
    assert answer.status == 422
    assert "not an OPML list of feeds" in words(answer.text)
    assert not (desk.directory / "feeds.yaml").exists()
    assert desk.troubles == []

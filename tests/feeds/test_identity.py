"""Every entry once, whatever feeds do with guids, links and titles."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.entry import Entry
from monitor.feeds.identity import Known, keys_of, recognise
from tests.feeds.remembering import Remembered

BODY = "A text of some length, which nobody would write twice about different things, number {}."


def story(number: int, **changes: object) -> Entry:
    """A story like no other: its own guid, link, title and text."""
    entry = Entry(
        guid=f"tag:a.example,{number}",
        link=f"https://a.example/stories/{number}",
        title=f"Story number {number} has a title",
        summary=BODY.format(number),
    )
    return entry._replace(**changes)  # type: ignore[arg-type]


def stories(*numbers: int, **changes: object) -> list[Entry]:
    return [story(number, **changes) for number in numbers]


@pytest.fixture
def feed() -> Remembered:
    return Remembered()


def verdicts(feed: Remembered, *entries: Entry) -> list[str]:
    return [one.verdict for one in feed.poll(*entries)]


# --- the plain case ---


def test_the_first_document_is_all_new(feed: Remembered) -> None:
    assert verdicts(feed, *stories(1, 2)) == ["new", "new"]


def test_the_same_document_again_is_all_seen(feed: Remembered) -> None:
    feed.poll(*stories(1, 2))
    assert verdicts(feed, *stories(2, 1)) == ["seen", "seen"]


def test_only_what_was_added_is_new(feed: Remembered) -> None:
    feed.poll(*stories(1, 2))
    assert feed.new(*stories(3, 1, 2)) == ["Story number 3 has a title"]


def test_what_comes_back_after_weeks_is_seen(feed: Remembered) -> None:
    feed.poll(*stories(1))
    feed.poll(*stories(2))
    assert verdicts(feed, *stories(1, 2)) == ["seen", "seen"]


def test_an_empty_document_changes_nothing(feed: Remembered) -> None:
    feed.poll(*stories(1, 2, 3))
    assert verdicts(feed) == []
    assert verdicts(feed, *stories(1, 2, 3)) == ["seen"] * 3


def test_an_entry_with_nothing_at_all_is_left_out(feed: Remembered) -> None:
    assert verdicts(feed, Entry(), story(1)) == ["new"]


# --- edits ---


@pytest.mark.parametrize(
    "edit",
    [{"title": "Another title for it"}, {"summary": "Another text for it"}, {"content": "<p>More</p>"}],
)
def test_an_edit_of_title_or_text_is_a_revision(feed: Remembered, edit: dict[str, str]) -> None:
    feed.poll(story(1))
    assert verdicts(feed, story(1, **edit)) == ["revised"]
    assert verdicts(feed, story(1, **edit)) == ["seen"]


@pytest.mark.parametrize(
    "change",
    [
        {"published": datetime(2030, 1, 1, tzinfo=UTC), "updated": datetime(1980, 1, 1, tzinfo=UTC)},
        {"author": "Another"},
        {"categories": ("a", "b")},
        {"title": " Story  number 1 has a\ttitle "},
        {"summary": f"<p>{BODY.format(1)}</p><img src='https://tracker.example/?n=77'>"},
        {"link": "http://www.a.example/stories/1/?utm_source=rss&fbclid=x#xtor=RSS-1"},
    ],
)
def test_what_is_no_edit(feed: Remembered, change: dict[str, object]) -> None:
    """Dates, authors, spaces, mark-up and tracking."""
    feed.poll(story(1))
    assert verdicts(feed, story(1, **change)) == ["seen"]


def test_a_text_that_flips_between_two_versions_is_revised_once(feed: Remembered) -> None:
    other = story(1, summary="The other version of it")
    assert [verdicts(feed, one) for one in (story(1), other, story(1), other)] == [
        ["new"],
        ["revised"],
        ["seen"],
        ["seen"],
    ]


def test_an_article_that_moves_and_gets_a_new_title_is_a_revision(feed: Remembered) -> None:
    feed.poll(story(1, link="https://a.example/world/bonds-draw-weak-demand-d9e46e87"))
    moved = story(1, link="https://a.example/economy/asia/bonds-weak-d9e46e87", title="Weak demand for bonds")
    assert verdicts(feed, moved) == ["revised"]


# --- guids ---


def test_guids_are_told_apart_by_case(feed: Remembered) -> None:
    assert verdicts(feed, story(1, guid="abc"), story(2, guid="ABC")) == ["new", "new"]


def test_spaces_around_a_guid_do_not_count(feed: Remembered) -> None:
    feed.poll(story(1, guid="abc"))
    edited = story(1, guid=" abc\n", title="Another title", link="")
    assert verdicts(feed, edited) == ["revised"]


def test_a_new_guid_is_a_new_entry(feed: Remembered) -> None:
    """A live page: one link, the same kind of title, another text."""
    feed.poll(story(1, title="Morning briefing"))
    assert verdicts(feed, story(1, guid="2", title="Morning briefing", summary="Today's")) == ["new"]


def test_a_new_guid_on_the_same_text_at_the_same_link_tells_nothing(feed: Remembered) -> None:
    feed.poll(story(1))
    assert verdicts(feed, story(1, guid="other")) == ["seen"]


def test_a_guid_given_to_another_story_is_a_new_entry(feed: Remembered) -> None:
    feed.poll(story(1))
    assert feed.new(story(2, guid=story(1).guid)) == ["Story number 2 has a title"]
    assert feed.new(story(2, guid=story(1).guid)) == []


def test_guids_that_are_only_positions_confuse_nobody(feed: Remembered) -> None:
    """Each poll brings a story on top; the guids are 0, 1, 2 from above."""
    for top in range(5, 15):
        document = [story(number, guid=str(at)) for at, number in enumerate(range(top, top - 5, -1))]
        feed.poll(*document)
    assert sorted(entry.title for entry in feed.told) == sorted(
        entry.title for entry in stories(*range(1, 15))
    )


def test_guids_that_change_at_every_poll_are_not_believed(feed: Remembered) -> None:
    feed.poll(*stories(1, 2, 3, 4, guid=""), *[story(5, guid="x")])
    feed = Remembered()
    for poll in range(4):
        document = [story(number, guid=f"{poll}-{number}", summary=f"edit {poll}") for number in range(1, 6)]
        feed.poll(*document)
    assert len(feed.told) == 5
    assert feed.identity == "link"
    assert feed.notes == ["its guids change from poll to poll: its entries are recognised by their links"]
    assert feed.new(*stories(5, 6)) == ["Story number 6 has a title"]


def test_guids_and_links_that_change_at_every_poll_leave_the_text(feed: Remembered) -> None:
    for poll in range(4):
        feed.poll(
            *[
                story(n, guid=f"{poll}-{n}", link=f"https://a.example/{poll}/{n}", title=f"Story {n}")
                for n in range(1, 6)
            ]
        )
    assert len(feed.told) == 5
    assert feed.identity == "text"
    assert len(feed.notes) == 1


def test_links_that_change_at_every_poll_leave_the_text(feed: Remembered) -> None:
    for poll in range(4):
        feed.poll(*[story(n, guid="", link=f"https://a.example/{poll}/{n}") for n in range(1, 6)])
    assert len(feed.told) == 5
    assert feed.identity == "text"


def test_a_feed_that_returns_with_all_new_stories_is_still_believed(feed: Remembered) -> None:
    feed.poll(*stories(1, 2, 3, 4))
    feed.poll(*stories(11, 12, 13, 14))
    assert feed.identity == "guid"
    assert feed.notes == []


def test_guids_that_move_to_https_stay(feed: Remembered) -> None:
    feed.poll(story(1, guid="http://a.example/?p=1"))
    assert verdicts(feed, story(1, guid="https://a.example/?p=1", title="Edited", link="")) == ["revised"]


def test_a_guid_that_counts_revisions_of_its_link_stands_for_the_link(feed: Remembered) -> None:
    link = "https://www.a.example/news/articles/c0x"
    feed.poll(story(1, guid=f"{link}#0", link=f"{link}?at_medium=RSS"))
    assert verdicts(feed, story(1, guid=f"{link}#1", link=f"{link}?at_medium=RSS", title="Edited")) == [
        "revised"
    ]


# --- links ---


def test_without_guids_links_decide(feed: Remembered) -> None:
    feed.poll(*stories(1, 2, guid=""))
    edited = story(1, guid="", title="Edited")
    assert verdicts(feed, edited, *stories(2, 3, guid="")) == ["revised", "seen", "new"]


def test_the_same_title_at_another_link_is_another_story(feed: Remembered) -> None:
    feed.poll(story(1, guid="", title="Jobless claims fell last week"))
    again = story(2, guid="", title="Jobless claims fell last week")
    assert verdicts(feed, again) == ["new"]


def test_a_link_that_all_entries_share_says_nothing(feed: Remembered) -> None:
    everywhere = {"link": "https://a.example/", "guid": ""}
    assert verdicts(feed, *stories(1, 2, 3, **everywhere)) == ["new"] * 3
    assert verdicts(feed, *stories(4, 3, 2, 1, **everywhere)) == ["new", "seen", "seen", "seen"]


def test_a_guid_that_all_entries_share_says_nothing(feed: Remembered) -> None:
    assert verdicts(feed, *stories(1, 2, 3, guid="0")) == ["new"] * 3
    assert verdicts(feed, *stories(4, 3, 2, guid="0")) == ["new", "seen", "seen"]


def test_two_stories_under_one_link_are_told_apart(feed: Remembered) -> None:
    live = "https://a.example/live"
    assert verdicts(feed, story(1, link=live), story(2, link=live)) == ["new", "new"]
    assert verdicts(feed, story(2, link=live), story(3, link=live)) == ["seen", "new"]


def test_fragments_tell_entries_of_one_page_apart(feed: Remembered) -> None:
    page = "https://a.example/changelog"
    feed.poll(story(1, guid="", link=f"{page}#1.0"), story(2, guid="", link=f"{page}#1.1"))
    assert len(feed.told) == 2
    assert verdicts(feed, story(1, guid="", link=f"{page}#1.0", title="Edited")) == ["revised"]


# --- text ---


def test_without_guid_and_link_the_text_decides(feed: Remembered) -> None:
    bare = {"guid": "", "link": ""}
    assert verdicts(feed, *stories(1, 2, **bare)) == ["new", "new"]
    assert verdicts(feed, *stories(2, 3, **bare)) == ["seen", "new"]


def test_without_guid_and_link_the_same_title_on_another_text_is_new(feed: Remembered) -> None:
    """A log of changes: better told again after an edit than never told."""
    bare = {"guid": "", "link": "", "title": "What changed in the world of games"}
    assert verdicts(feed, *stories(1, 2, **bare)) == ["new", "new"]
    assert verdicts(feed, *stories(3, 2, **bare)) == ["new", "seen"]


def test_where_only_the_text_is_believed_a_telling_title_outlives_an_edit(feed: Remembered) -> None:
    feed.identity = "text"
    feed.poll(*stories(1, 2))
    edited = story(1, guid="x", link="https://a.example/x", summary="Edited")
    assert verdicts(feed, edited, story(2)) == ["revised", "seen"]


def test_a_feed_of_titles_only_is_read(feed: Remembered) -> None:
    titles = [Entry(title=f"Line {number}") for number in range(4)]
    assert verdicts(feed, *titles[:3]) == ["new"] * 3
    assert verdicts(feed, *titles) == ["seen"] * 3 + ["new"]


# --- doubles in one document ---


def test_a_double_in_the_document_is_dropped(feed: Remembered) -> None:
    assert verdicts(feed, story(1), story(2), story(1)) == ["new", "new"]


def test_a_double_that_says_more_is_the_one_that_is_kept(feed: Remembered) -> None:
    longer = story(1, content="<p>The whole text</p>")
    (kept,) = feed.poll(story(1), longer)
    assert kept.entry == longer
    assert verdicts(feed, longer, story(1)) == ["seen"]


def test_the_same_story_in_two_sections_is_one(feed: Remembered) -> None:
    other = story(1, link="https://a.example/economy/stories/1")
    assert verdicts(feed, story(1), other) == ["new"]
    assert verdicts(feed, other) == ["seen"]


def test_what_a_newer_entry_took_is_not_taken_back_after_it_has_left(feed: Remembered) -> None:
    """Nothing is to be written about a document that says nothing new."""
    older = story(1)
    newer = story(2)._replace(title=older.title)
    feed.poll(older)
    feed.poll(newer)
    (again,) = feed.poll(older)
    assert (again.verdict, again.new_keys) == ("seen", ())


def test_what_two_entries_share_is_not_taken_by_turns(feed: Remembered) -> None:
    """A title that stands on two stories belongs to one of them, and stays there."""
    document = stories(1, 2, title="Jobless claims fell last week")
    feed.poll(*document)
    for _ in range(3):
        assert [one.new_keys for one in feed.poll(*document)] == [(), ()]


# --- what comes back ---


def test_entries_come_back_in_the_documents_order() -> None:
    entries = stories(3, 1, 2)
    found = recognise(entries, [keys_of(one) for one in entries], {}, "guid")
    assert [one.entry for one in found.items] == entries


def test_keys_that_are_new_for_a_known_entry_are_told() -> None:
    before, after = story(1), story(1, link="https://a.example/elsewhere")
    keys = keys_of(before)
    known = {key: Known(entry_id=7, content_hash=keys.content) for key in keys.all}
    (one,) = recognise([after], [keys_of(after)], known, "guid").items
    assert (one.entry_id, one.verdict) == (7, "seen")
    assert set(one.new_keys) == set(keys_of(after).all) - set(keys.all) != set()


def test_keys_are_16_bytes_and_say_their_version() -> None:
    assert {(len(key), key[0]) for key in (*keys_of(story(1)).all, keys_of(story(1)).content)} == {(16, 1)}


# --- properties ---

FEW = st.sampled_from(["", "a", "b", "c"])
LINKS = st.sampled_from(["", "https://a.example/1", "https://a.example/2", "http://www.a.example/1?utm_id=1"])
TITLES = st.sampled_from(["", "One", "Two", "A title that is long enough to tell"])
BODIES = st.sampled_from(["", "x", BODY.format(1), BODY.format(2)])
ENTRIES = st.builds(Entry, guid=FEW, link=LINKS, title=TITLES, summary=BODIES)
DOCUMENTS = st.lists(ENTRIES, max_size=8)


@given(DOCUMENTS)
def test_the_same_document_twice_tells_nothing(document: list[Entry]) -> None:
    feed = Remembered()
    feed.poll(*document)
    assert {one.verdict for one in feed.poll(*document)} <= {"seen"}


@given(
    st.lists(DOCUMENTS, max_size=4),
    st.lists(st.none() | st.datetimes(timezones=st.just(UTC)), min_size=1, max_size=9),
)
def test_dates_decide_nothing(history: list[list[Entry]], dates: list[datetime | None]) -> None:
    """The same documents, with no dates and with any."""
    plain, dated = Remembered(), Remembered()
    for poll, document in enumerate(history):
        shown = [
            entry._replace(published=dates[(poll + at) % len(dates)], updated=dates[at % len(dates)])
            for at, entry in enumerate(document)
        ]
        verdicts = [(one.verdict, one.entry_id) for one in plain.poll(*document)]
        assert [(one.verdict, one.entry_id) for one in dated.poll(*shown)] == verdicts


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(document: list[Entry], random: object) -> None:
    shuffled = list(document)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Remembered(), Remembered()
    assert sorted(map(repr, one.poll(*document))) == sorted(map(repr, other.poll(*shuffled)))
    assert "new" not in {found.verdict for found in one.poll(*shuffled)}


@given(DOCUMENTS)
def test_each_entry_comes_out_at_most_once(document: list[Entry]) -> None:
    found = recognise(document, [keys_of(one) for one in document], {}, "guid").items
    assert len(found) <= len(document)
    assert len({id(one.entry) for one in found}) == len(found)


@given(st.lists(st.lists(st.integers(0, 30), max_size=12), max_size=12))
def test_a_well_behaved_feed_tells_each_story_exactly_once(history: list[list[int]]) -> None:
    feed = Remembered()
    for document in history:
        feed.poll(*stories(*document))
    assert sorted(entry.guid for entry in feed.told) == sorted(
        {story(n).guid for row in history for n in row}
    )


@given(
    st.lists(st.lists(st.integers(0, 20), min_size=4, max_size=12, unique=True), min_size=1, max_size=12),
    st.sampled_from(["guid", "link"]),
)
def test_a_feed_whose_ids_are_edited_now_and_then_tells_each_story_once(
    history: list[list[int]], kept: str
) -> None:
    """Titles are edited at every poll; only the guid, or only the link, stays."""
    feed = Remembered()
    for poll, document in enumerate(history):
        changes = {"title": f"Edited {poll}", "guid" if kept == "link" else "link": ""}
        feed.poll(*[story(n, **{**changes, "title": f"Edited {poll} of {n}"}) for n in document])
    assert len(feed.told) == len({n for row in history for n in row})


@given(DOCUMENTS, st.sampled_from(["guid", "link", "text"]))
def test_entries_with_nothing_in_common_are_what_a_comparison_finds(
    document: list[Entry], identity: str
) -> None:
    """A first document is mostly spared the comparison; a known key that nobody has asks for it."""
    keys = [keys_of(one) for one in document]
    nobodys = {b"nobody's": Known(entry_id=7, content_hash=b"")}
    spared, compared = (recognise(document, keys, known, identity) for known in ({}, nobodys))
    assert spared == compared
    assert [one.at for one in spared.items] == [one.at for one in compared.items]
    assert [one.places for one in spared.items] == [one.places for one in compared.items]

"""Hits and feeds in a real browser: what arrives, what is done with it by hand, and which feeds there are."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.clock import clock
from tests.loopback import loopback, rss
from tests.stocked import OTHER, Stock
from tests.web.browser import inside, needs_browser, watched
from tests.web.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, needs_browser()]


def page_with_news(chromium: "Browser", desk: Running, stock: Stock) -> "tuple[Page, list[str]]":
    """The page Now, for which a hit has come since it was opened, and what goes wrong on it."""
    page = inside(chromium, desk)
    wrong = watched(page)
    page.goto("/")
    page.locator(".hit").first.wait_for()
    stock.see("Cuba: the light is back")
    desk.tell()
    return page, wrong


def test_a_hit_arrives_live_and_is_marked_wrong_with_the_keyboard(
    chromium: "Browser", desk: Running, stock: Stock
) -> None:
    page, wrong = page_with_news(chromium, desk, stock)
    page.get_by_text("the light is back").wait_for()
    assert "1 new hit" in page.locator("#fresh").inner_text()
    page.keyboard.press("j")
    assert "the light is back" in page.locator(".hit:focus").inner_text()
    page.keyboard.press("m")
    page.locator(".hit.wrong").wait_for()
    assert [one.verdict for one in stock.store.judgements()] == ["wrong"]
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert "the light is back" in page.locator(".hit:focus").inner_text()
    page.keyboard.press("/")
    page.keyboard.type("balloon")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=balloon*")
    assert page.locator(".hit").count() == 1
    assert wrong == []


def test_a_hit_that_waits_says_so_no_more_once_it_is_told(
    chromium: "Browser", desk: Running, stock: Stock
) -> None:
    page, wrong = page_with_news(chromium, desk, stock)
    came = page.locator(".hit", has_text="the light is back")
    came.locator(".state.pending").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.type("call them")
    newest = stock.store.newest_hit_id()
    stock.store.settle([newest], state="kept", reason="same story: counted")
    desk.tell()
    came.locator(".state.kept").wait_for()
    assert "kept · same story: counted · why" in " ".join(came.locator(".facts").inner_text().split())
    page.keyboard.type(" now")
    assert page.locator(".hit:focus-within textarea").input_value() == "call them now"
    assert wrong == []


def test_a_hit_gets_a_star_and_a_note_and_its_story_is_muted_with_the_keyboard(
    chromium: "Browser", desk: Running, stock: Stock
) -> None:
    page = inside(chromium, desk)
    wrong = watched(page)
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.locator('.hit:focus .star[aria-pressed="true"]').wait_for()
    page.keyboard.press("n")
    page.keyboard.type("<b>call</b> them")
    page.keyboard.press("Control+Enter")
    page.locator(".hit:focus .note").wait_for()
    assert page.locator(".note").inner_text() == "<b>call</b> them"
    page.keyboard.press("x")
    page.get_by_text("Muted until").wait_for()
    (remark,) = stock.store.remarks([1, 2]).values()
    assert (remark.starred, remark.note) == (True, "<b>call</b> them")
    page.keyboard.press("x")
    page.get_by_role("button", name="undo").wait_for(state="detached")
    assert stock.store.silences(since=clock()) == []
    page.get_by_label("starred").check()
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**starred=yes*")
    assert page.locator(".hit").count() == 1
    assert wrong == []


def test_a_hit_that_joins_a_story_takes_its_place(chromium: "Browser", desk: Running, stock: Stock) -> None:
    stock.see("Baseline of B", feed=OTHER)
    text = "The lights of Havana went out on Friday as the largest power plant of the island failed again."
    stock.see("Cuba: lights out", summary=text)
    page = inside(chromium, desk)
    page.goto("/")
    assert page.locator(".story").count() == 3
    stock.see("Cuba: lights out in Havana", summary=text, feed=OTHER)
    desk.tell()
    page.get_by_text("1 more hit of this story").click()
    assert page.locator(".story").count() == 3
    page.keyboard.press("Escape")
    page.locator(".story.new .brief").get_by_text("Cuba: lights out").wait_for()


def test_a_feed_is_found_followed_and_removed(chromium: "Browser", desk: Running) -> None:
    (desk.directory / "monitor.yaml").write_text("web: {listen: '127.0.0.1:0'}\nallow_private: true\n")
    page = inside(chromium, desk)
    wrong = watched(page)
    with loopback() as site:
        declared = "<link rel=alternate type=application/rss+xml href=/rss>"
        site.pages |= {
            "/": f"<!doctype html><html><head>{declared}</head></html>".encode(),
            "/rss": rss("One"),
        }
        page.goto("/feeds")
        page.get_by_label("Address of a feed").fill(site.url("/"))
        page.get_by_role("button", name="Look for feeds").click()
        page.get_by_label("Name").fill("The Loop")
        page.get_by_role("button", name="Follow").click()
        page.get_by_text("The Loop is followed").wait_for()
        page.get_by_text("2 not polled yet").wait_for()
    assert "name: The Loop" in (desk.directory / "feeds.yaml").read_text()
    page.get_by_role("link", name="A", exact=True).click()
    page.get_by_text("Follow it no more").click()
    page.get_by_role("button", name="Remove A").click()
    page.get_by_text("A is followed no more").wait_for()
    assert wrong == []


def test_a_list_of_feeds_is_looked_at_taken_in_and_given_out(
    chromium: "Browser", desk: Running, tmp_path: Path
) -> None:
    file = tmp_path / "list.opml"
    file.write_text('<opml><body><outline text="B" xmlUrl="https://b.example/rss"/></body></opml>')
    for scripts in (True, False):
        page = inside(chromium, desk, java_script_enabled=scripts)
        page.goto("/feeds")
        page.get_by_role("link", name="OPML").click()
        page.get_by_label("A list that another reader").set_input_files(file)
        page.get_by_role("button", name="Look first").click()
        page.get_by_text("nothing was written").wait_for()
        page.get_by_label("A list that another reader").set_input_files(file)
        page.get_by_role("button", name="Take them in").click()
        found = "1 feed followed from now on" if scripts else "1 known already"
        page.get_by_text(found).first.wait_for()
        with page.expect_download() as given:
            page.get_by_role("link", name="feeds.opml").click()
        assert "https://b.example/rss" in given.value.path().read_text()

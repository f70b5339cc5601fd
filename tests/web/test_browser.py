"""The desk in a real browser: from the first visit to a restored version, and what it looks like."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from monitor.acting import signer
from monitor.alerts.act import acts_of
from monitor.alerts.mute import LASTS, story_matcher
from monitor.clock import clock
from monitor.config import load
from monitor.dispatcher import dispatch
from monitor.setup import rules_of
from tests.stocked import FEED, OTHER, Stock
from tests.web.browser import PASSWORD, SIZES, inside, needs_browser, watched
from tests.web.conftest import WATCHLIST
from tests.web.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.slow, needs_browser()]
CUBA = "/topics/edit?watchlist=watch&topic=Cuba"
PAGES = (
    "/",
    "/hits/1",
    "/topics",
    "/topics/new",
    CUBA,
    "/watchlists/watch",
    "/feeds",
    "/feeds/1",
    "/feeds/opml",
    "/alerts",
    "/receivers",
    "/silences",
    "/outgoing?topic=Cuba",
    "/coverage",
)
ALERTS = """\
route: {receiver: desk, group_wait: 0s}
receivers: [{name: desk, urls: ["json://127.0.0.1:9/x"], allow_private: true}]
"""


@pytest.fixture
def desk(stock: Stock, desk: Running) -> Running:
    """A desk with an alert that was given up."""
    (stock.folder / "config" / "alerts.yaml").write_text(ALERTS)
    config = load(stock.folder / "config", environ={})
    dispatch(stock.store, rules=rules_of(config), now=clock())
    for delivery in stock.store.deliveries():
        stock.store.save_attempt(delivery.delivery_id, state="dead", now=clock(), error="no answer")
    return desk


def mute(stock: Stock, hit_id: int) -> None:
    """Mute the story of a hit."""
    (hit,) = stock.store.hits(ids=[hit_id])
    (story,) = stock.store.story_sums([hit.entry.entry_id]).values()
    stock.store.add_silence(
        [story_matcher(story.story_id)], starts_at=clock(), ends_at=clock() + LASTS, comment="", who="ann"
    )


def test_from_the_first_visit_to_the_log_in(chromium: "Browser", desk: Running) -> None:
    page = chromium.new_context(base_url=f"http://127.0.0.1:{desk.port}").new_page()
    wrong = watched(page)
    page.goto("/")
    assert page.url.endswith("/setup")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_text("Cuba without light").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("Cuba without light").wait_for()
    assert wrong == []


def test_a_topic_is_added_with_a_mistake_mended_previewed_and_saved(
    chromium: "Browser", desk: Running, stock: Stock
) -> None:
    page = inside(chromium, desk)
    wrong = watched(page)
    page.goto("/topics")
    page.get_by_role("link", name="New topic").click()
    page.locator("[name=name]").fill("Seas")
    page.get_by_label("Query").press_sequentially("(sea OR")
    page.locator("#said .problem").wait_for()
    assert "^" in page.locator("#said .problem").inner_text()
    page.get_by_label("Query").press_sequentially(" ocean)")
    page.locator("#said .reading").wait_for()
    assert "sea, or ocean" in page.locator("#said").inner_text()
    page.get_by_text("in 7 days").wait_for()
    assert "A spy balloon over the sea" in page.locator("#preview").inner_text()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved as version 2").wait_for()
    file = (stock.folder / "config" / "watchlists" / "watch.yaml").read_text()
    assert file == WATCHLIST + "  - name: Seas\n    query: (sea OR ocean)\n"
    page.get_by_label("Query").fill("sea OR light")
    page.get_by_text("+1 / −0").wait_for()
    assert wrong == []


def test_of_two_windows_the_second_shows_the_conflict(chromium: "Browser", desk: Running) -> None:
    ann, ben = inside(chromium, desk), inside(chromium, desk)
    for page in (ann, ben):
        page.goto("/topics/edit?watchlist=watch&topic=Cuba")
    ann.get_by_label("Query").fill("Cuba OR Havana")
    ann.get_by_role("button", name="Save").click()
    ann.get_by_text("Saved as version 2").wait_for()
    ben.get_by_label("Query").fill("Cuba NOT libre")
    ben.get_by_role("button", name="Save").click()
    ben.get_by_text("Somebody else has changed this topic").wait_for()
    assert ben.get_by_label("Query").input_value() == "Cuba NOT libre"
    ben.get_by_role("button", name="Save").click()
    ben.get_by_text("Saved as version 3").wait_for()


def test_an_earlier_version_is_restored(chromium: "Browser", desk: Running, stock: Stock) -> None:
    page = inside(chromium, desk)
    page.goto("/topics/edit?watchlist=watch&topic=Cuba")
    page.get_by_text("Remove this topic").click()
    page.get_by_role("button", name="Remove Cuba").click()
    page.get_by_role("link", name="versions").click()
    page.get_by_role("button", name="restore").click()
    page.get_by_text("Restored, as version 3").wait_for()
    assert (stock.folder / "config" / "watchlists" / "watch.yaml").read_text() == WATCHLIST


def test_a_dead_letter_is_sent_again(chromium: "Browser", desk: Running, stock: Stock) -> None:
    page = inside(chromium, desk)
    page.goto("/alerts?state=dead")
    before = len(stock.store.deliveries(state="dead"))
    page.get_by_role("button", name="send again").first.click()
    page.wait_for_load_state()
    assert len(stock.store.deliveries(state="dead")) == before - 1


def test_a_loud_hit_is_silenced_and_heard_again(chromium: "Browser", desk: Running, stock: Stock) -> None:
    page = inside(chromium, desk)
    page.goto("/hits/1")
    page.get_by_role("link", name="silence this topic").click()
    page.get_by_label("Why").fill("a long story")
    page.get_by_role("button", name="Silence").click()
    page.get_by_text("S-1").first.wait_for()
    (silence,) = stock.store.silences()
    assert [str(matcher) for matcher in silence.matchers] == ['topic="Cuba"', 'feed="A"']
    page.get_by_role("button", name="end").click()
    page.get_by_text("over", exact=True).wait_for()


def links(stock: Stock) -> dict[str, str]:
    """What the message about Cuba offers, by verb."""
    signs = signer(stock.store, "https://desk.example", now=clock())
    (alert,) = (one.alert for one in stock.store.deliveries() if one.alert.hits[0].topic == "Cuba")
    assert signs
    return {act.verb: signs.path(act) for act in acts_of(alert)}


def test_a_link_of_a_message_is_followed_and_its_button_pressed(
    chromium: "Browser", desk: Running, stock: Stock
) -> None:
    page = chromium.new_context(base_url=f"http://127.0.0.1:{desk.port}").new_page()
    wrong = watched(page)
    page.goto(links(stock)["snooze-1h"])
    assert stock.store.silences() == []
    page.get_by_role("button", name="Snooze 1 h").click()
    page.get_by_text("Nobody hears of it for 1 hour").wait_for()
    page.get_by_role("link", name="Everything that can be done about it").click()
    page.get_by_role("button", name="Wrong hit").click()
    page.get_by_text("The hit is marked as wrong").wait_for()
    assert len(stock.store.silences()) == len(stock.store.judgements()) == 1
    assert page.context.cookies() == []
    assert wrong == []


def test_without_scripts_everything_works(chromium: "Browser", desk: Running, stock: Stock) -> None:
    page = inside(chromium, desk, java_script_enabled=False)
    page.goto("/")
    page.locator(".hit").first.get_by_role("button", name="wrong").click()
    page.locator(".hit.wrong").wait_for()
    page.locator(".hit").first.get_by_role("button", name="star").click()
    page.locator('.star[aria-pressed="true"]').wait_for()
    page.locator(".hit").first.get_by_role("link", name="note").click()
    page.get_by_role("textbox", name="Note").fill("a note")
    page.get_by_role("button", name="Save the note").click()
    page.locator(".note").get_by_text("a note").wait_for()
    page.get_by_role("button", name="mute story").click()
    page.get_by_text("Muted until").wait_for()
    page.get_by_role("button", name="undo").click()
    page.get_by_role("button", name="mute story").wait_for()
    page.goto("/topics/edit?watchlist=watch&topic=Cuba")
    page.get_by_label("Query").fill("light")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("in 7 days").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved as version 2").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_can_be_read_by_everybody(
    chromium: "Browser", desk: Running, stock: Stock, size: str, scheme: Any
) -> None:
    """Nothing is wider than the window, and axe-core finds nothing serious."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    stock.judge("wrong", titles=["Cuba without light"])
    stock.store.star([1], on=True, who="ann", now=clock())
    stock.store.note(1, "call\nthem", who="ann", now=clock())
    stock.see("Baseline of B", feed=OTHER)
    for feed in (FEED, OTHER):
        stock.see("A spy balloon was seen", summary="over the wide and empty sea this morning", feed=feed)
    mute(stock, 2)
    stock.write("- {name: Sahel, query: Mali, disabled: true}\n", name="other", runs=True)
    width, height = SIZES[size]
    page = inside(chromium, desk, viewport={"width": width, "height": height}, color_scheme=scheme)
    # axe runs in the page: the desk's own policy would keep any stranger's script out.
    for path in (*PAGES, "/login", *links(stock).values(), "/act/x"):
        page.goto(path)
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = axe.run(page).response["violations"]
        serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
        assert serious == [], f"{path}: {json.dumps(found, indent=1)[:3000]}"

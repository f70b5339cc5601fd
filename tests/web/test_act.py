"""Acting from a message: pages that need no session, links that work once, and strangers who try."""

import re
from dataclasses import dataclass

import pytest

from monitor.acting import KEY, signer
from monitor.alerts.act import Verb, acts_of, the_act
from monitor.alerts.alert import Alert
from monitor.clock import clock
from monitor.config import load
from monitor.dispatcher import dispatch
from monitor.setup import rules_of
from tests.stocked import Stock
from tests.web.running import Answer, Running, Visitor

ALERTS = """\
route: {receiver: desk, group_wait: 0s, group_by: [topic]}
receivers: [{name: desk, urls: ["json://127.0.0.1:9/x"], allow_private: true}]
"""


@dataclass
class Mail:
    """Somebody who was sent a message, and has nothing but its links."""

    visitor: Visitor
    stock: Stock
    alert: Alert

    def link(self, verb: Verb) -> str:
        signs = signer(self.stock.store, "https://desk.example", now=clock())
        assert signs
        act = next((act for act in acts_of(self.alert) if act.verb == verb), the_act(verb, self.alert))
        return signs.path(act)

    def press(self, verb: Verb) -> Answer:
        """The button of the page that the link leads to, as a browser sends it."""
        path = re.search(r'action="(/act/[^"]+)"', self.visitor.get(self.link(verb)).text)
        assert path
        return self.visitor.post(path[1], {})


@pytest.fixture
def mail(desk: Running, stock: Stock) -> Mail:
    (stock.folder / "config" / "alerts.yaml").write_text(ALERTS)
    config = load(stock.folder / "config", environ={})
    told = dispatch(stock.store, rules=rules_of(config), now=clock())
    (cuba,) = (alert for alert in told.alerts if alert.hits[0].topic == "Cuba")
    return Mail(desk.visitor(), stock, cuba)


def words(answer: Answer) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", answer.text))


def test_whoever_follows_a_link_sees_what_it_does_and_has_done_nothing(mail: Mail) -> None:
    answer = mail.visitor.get(mail.link("snooze-1h"))
    assert answer.status == 200
    assert "Tell nobody of Cuba for 1 hour." in words(answer)
    assert "Cuba without light" in words(answer)
    assert mail.visitor.ask("HEAD", mail.link("snooze-1h")).status == 200
    assert mail.stock.store.silences() == []


def test_pressing_the_button_does_it_without_a_session(mail: Mail, desk: Running) -> None:
    answer = mail.press("snooze-8h")
    assert answer.status == 200
    assert "Nobody hears of it for 8 hours (silence S-1)." in words(answer)
    assert mail.visitor.cookies == {}
    (silence,) = mail.stock.store.silences()
    assert [str(one) for one in silence.matchers] == ['topic="Cuba"']
    assert desk.rung == ["dispatch"]


def test_a_second_press_does_nothing_more_and_says_what_was_done(mail: Mail) -> None:
    link = mail.link("mute-feed")
    mail.press("mute-feed")
    for answer in (mail.visitor.post(link, {}), mail.visitor.get(link)):
        assert (answer.status, "(silence S-1)" in words(answer)) == (200, True)
        assert "<button" not in answer.text
    assert len(mail.stock.store.silences()) == 1


def test_an_alert_is_acknowledged_and_again_is_harmless(mail: Mail) -> None:
    assert "Acknowledged" in words(mail.press("ack"))
    assert "Acknowledged" in words(mail.visitor.post(mail.link("ack"), {}))
    (said,) = mail.stock.store.acknowledgements([mail.alert.id])
    assert said.who == "message to desk"


def test_one_link_leads_to_everything_that_can_be_done(mail: Mail) -> None:
    page = mail.visitor.get(mail.link("more"))
    paths = re.findall(r'action="(/act/[^"]+)"', page.text)
    verbs = [path.split("/")[2].split(".")[0] for path in paths]
    assert verbs == ["ack", "snooze-1h", "snooze-8h", "mute-story", "mute-feed", "wrong"]
    assert all(mail.visitor.post(path, {}).status == 200 for path in paths)
    assert len(mail.stock.store.silences()) == 4
    assert mail.visitor.post(mail.link("more"), {}).status == 200


def test_a_program_may_press_too(mail: Mail) -> None:
    """A web hook's receiver has no page and no Origin: the signature is the right."""
    assert mail.visitor.ask("POST", mail.link("wrong")).status == 200
    assert [one.verdict for one in mail.stock.store.judgements()] == ["wrong"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_sites_page_can_not_press_it(mail: Mail, origin: str) -> None:
    assert mail.visitor.post(mail.link("wrong"), {}, Origin=origin).status == 403
    assert mail.stock.store.judgements() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link[:-1],
        lambda link: link + "A",
        lambda link: link.replace("ack", "wrong"),
        lambda link: link.replace(".0.", ".1."),
        lambda link: "/act/" + "x" * 5000,
        lambda link: "/act/%00%ff",
        lambda link: "/act/a.b.c.d.e",
    ],
)
def test_a_forged_link_says_so_in_words(mail: Mail, desk: Running, change: object) -> None:
    link = change(mail.link("ack"))  # type: ignore[operator]  # a function
    for answer in (mail.visitor.get(link), mail.visitor.post(link, {})):
        assert answer.status == 404
        assert "not one of ours" in words(answer)
        assert "Cuba" not in answer.text
    assert (mail.stock.store.acknowledgements([mail.alert.id]), desk.troubles) == ([], [])


def test_a_link_that_is_too_old_says_so(mail: Mail) -> None:
    signs = signer(mail.stock.store, "x", now=clock())
    assert signs
    (act, *_) = acts_of(mail.alert)
    old = signs.path(type(act)(verb="ack", alert_id=act.alert_id, hit_id=0, until=clock()))
    answer = mail.visitor.post(old, {})
    assert (answer.status, "too old" in words(answer)) == (410, True)


def test_who_guesses_links_has_to_wait_and_a_good_link_never_does(mail: Mail) -> None:
    statuses = [mail.visitor.get(f"/act/guess-{number}").status for number in range(8)]
    assert statuses[:4] == [404] * 4
    assert statuses[-1] == 429
    assert mail.visitor.get("/act/one-more").headers["retry-after"]
    assert mail.visitor.get(mail.link("ack")).status == 200
    assert mail.press("ack").status == 200


def test_its_pages_are_as_closed_as_all_others(mail: Mail) -> None:
    for verb in ("ack", "more"):
        answer = mail.visitor.get(mail.link(verb))
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert not re.search(r"<style|\sstyle=|<script", answer.text)


def test_the_key_stands_on_no_page_and_in_no_report(mail: Mail, desk: Running) -> None:
    seen = [mail.visitor.get(mail.link("more")).text, mail.press("ack").text, repr(desk.reports)]
    key = mail.stock.store.secret(KEY)
    assert key
    assert not any(key in one for one in seen)


def test_what_a_feed_says_can_not_become_mark_up_on_these_pages(desk: Running, stock: Stock) -> None:
    stock.see('Cuba <script>alert(1)</script>"><img src=x onerror=x>\u202e')
    (stock.folder / "config" / "alerts.yaml").write_text(ALERTS)
    config = load(stock.folder / "config", environ={})
    told = dispatch(stock.store, rules=rules_of(config), now=clock())
    for alert in told.alerts:
        mail = Mail(desk.visitor(), stock, alert)
        for verb in ("ack", "more"):
            text = mail.visitor.get(mail.link(verb)).text
            assert not re.search(r"<script|<img|\u202e", text)

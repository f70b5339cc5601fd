"""What a feed offers to those who want to be told: websub.rocks' cases of discovery, and what is odd."""

import time

import pytest

from monitor.feeds.entry import Feed
from monitor.feeds.offers import Offer, best_hub, learnt_offer, links_of, offer_of
from monitor.feeds.parse import parse
from monitor.feeds.state import FeedState

URL = "https://a.example/feed"
HUB, OTHER = "https://hub.example/", "https://other.example/hub"


def offered(header: str = "", document: str = "", url: str = URL) -> Offer | None:
    feed = parse(document.encode(), url=url).feed if document else None
    return offer_of(header, feed, url=url)


def atom(hub: str, itself: str = "") -> str:
    links = f'<link rel="hub" href="{hub}"/>' + (f'<link rel="self" href="{itself}"/>' if itself else "")
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{links}</feed>'


def rss(hub: str, itself: str) -> str:
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>A</title>'
        f'<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{itself}"/></channel></rss>'
    )


def test_100_the_link_header_says_it() -> None:
    header = f'<{URL}>; rel="self", <{HUB}>; rel="hub"'
    assert offered(header) == Offer(hub=HUB, topic=URL)


def test_102_an_atom_feed_says_it() -> None:
    assert offered(document=atom(HUB, URL)) == Offer(hub=HUB, topic=URL)


def test_103_an_rss_feed_says_it_in_atoms_words() -> None:
    assert offered(document=rss(HUB, URL)) == Offer(hub=HUB, topic=URL)


def test_a_json_feed_says_it_in_its_own_words() -> None:
    document = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [],'
        f'"feed_url": "{URL}", "hubs": [{{"type": "rssCloud", "url": "{OTHER}"}},'
        f'{{"type": "WebSub", "url": "{HUB}"}}]}}'
    )
    assert offered(document=document) == Offer(hub=HUB, topic=URL)


def test_104_the_link_header_is_believed_before_the_document() -> None:
    header = f"<{URL}>; rel=self, <{HUB}>; rel=hub"
    assert offered(header, atom(OTHER, "https://wrong.example/")) == Offer(hub=HUB, topic=URL)


def test_200_the_topic_is_what_the_feed_calls_itself() -> None:
    other = f"{URL}?self=other"
    assert offered(document=atom(HUB, other)) == Offer(hub=HUB, topic=other)


def test_a_feed_that_does_not_say_what_it_is_called_is_called_by_its_address() -> None:
    assert offered(document=atom(HUB)) == Offer(hub=HUB, topic=URL)


def test_a_feed_without_a_hub_offers_nothing() -> None:
    assert (
        offered(f"<{URL}>; rel=self", "<rss version='2.0'><channel><title>A</title></channel></rss>") is None
    )


def test_of_several_hubs_the_first_one_over_tls_is_taken() -> None:
    header = f"<http://plain.example/>; rel=hub, <{HUB}>; rel=hub, <{OTHER}>; rel=hub"
    assert offered(header) == Offer(hub=HUB, topic=URL)
    assert best_hub(["http://b.example/", "http://c.example/"]) == "http://b.example/"


@pytest.mark.parametrize(
    ("header", "links"),
    [
        ("</hub>; rel=hub", [("hub", "https://a.example/hub")]),
        ('<https://x.example/>; title="a, <b>; c"; rel="HUB other"',
         [("hub", "https://x.example/"), ("other", "https://x.example/")]),
        ("<https://x.example/> ; hreflang=en-GB ; REL = hub", [("hub", "https://x.example/")]),
        ("<https://x.example/>; rel=hub; anchor='#part'", []),
        ("<javascript:alert(1)>; rel=hub", []),
        ("<ftp://x.example/>; rel=hub", []),
        ("<https://[/>; rel=hub", []),
        ("https://x.example/; rel=hub", []),
        ("<>; rel=hub", []),
        ("\x00<\x01;;;===,,,", []),
    ],
)  # fmt: skip
def test_what_a_link_header_says(header: str, links: list[tuple[str, str]]) -> None:
    assert list(links_of(header, url=URL)) == links


@pytest.mark.parametrize("piece", ["<", "<a>", '<a>;b="', "<a>; ", '<a>;b="\\', ";a=b", "<a>;b=c "])
def test_a_long_header_of_garbage_takes_no_time(piece: str) -> None:
    began = time.process_time()
    list(links_of(piece * (64_000 // len(piece)), url=URL))
    assert time.process_time() - began < 0.5


def test_an_answer_without_a_document_changes_nothing_that_is_known() -> None:
    state = FeedState(feed_id=1, url=URL, hub=HUB, topic=URL)
    assert learnt_offer(state, "", None, url=URL) == state
    assert learnt_offer(state, f"<{OTHER}>; rel=hub", None, url=URL) == state


def test_a_document_that_offers_nothing_any_more_takes_the_offer_back() -> None:
    state = FeedState(feed_id=1, url=URL, hub=HUB, topic=URL)
    assert learnt_offer(state, "", Feed(), url=URL).hub == ""
    assert learnt_offer(state, "", Feed(hub=OTHER), url=URL).hub == OTHER

"""What messages say, in every service's own writing and within its limits."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.alert import Alert, AlertHit, AlertKind, Marked, Section
from monitor.alerts.cut import size
from monitor.alerts.message import Message
from monitor.alerts.render import render
from monitor.alerts.services import SERVICES, service_named
from monitor.alerts.signature import Signer
from tests.alerts.examples import alert, hit, marked

PRAGUE = ZoneInfo("Europe/Prague")

SPY_BASE = hit(
    headline=marked("Spy base near Havana grows", "Havana"),
    snippets=(
        marked("… images of the base near Havana …", "base", "Havana"),
        marked("… the base was built in 2019 …", "base"),
    ),
    severity="high",
    clauses=("Havana NEAR/10 base",),
)


def message(made: Alert, service: str = "json", **options: Any) -> Message:
    return render(made, zone=PRAGUE, service=service, **options)


def test_one_hit_with_all_that_is_known_of_it() -> None:
    assert message(alert(SPY_BASE), "gotify") == Message(
        title="Cuba: Spy base near Havana grows",
        text=(
            "Spy base near *Havana* grows\n"
            "https://example.org/a\n"
            "high · World News · Tue 5 Mar 2024, 13:00 CET\n"
            "– … images of the *base* near *Havana* …\n"
            "– … the *base* was built in 2019 …\n"
            "Matched: Havana NEAR/10 base\n"
            "\n"
            "A-7K3QX-9ZD4M"
        ),
    )


def test_where_there_is_no_title_the_text_begins_with_the_topic() -> None:
    made = message(alert(SPY_BASE), "discord")
    assert made.title == ""
    assert made.text.startswith(
        "**Cuba · high**\n\n[Spy base near **Havana** grows](<https://example.org/a>)"
    )


def test_several_hits_are_counted_and_the_newest_comes_first() -> None:
    made = message(alert(hit(1, "Older"), hit(2, "Newer")))
    assert made.title == "Cuba: 2 new entries"
    assert made.text.index("Newer") < made.text.index("Older")


def test_what_does_not_fit_is_counted() -> None:
    made = message(alert(*(hit(number, f"Headline {number}") for number in range(100)), more=4_900), "pover")
    shown = made.text.count("Headline")
    assert 3 < shown < 50
    assert f"and {5_000 - shown:,} more\nA-7K3QX-9ZD4M" in made.text
    assert made.title == "Cuba: 5,000 new entries"


def test_few_hits_are_told_all_rather_than_in_full() -> None:
    hits = (hit(n, f"Headline {n}", snippets=(Marked(text="word " * 70),) * 3) for n in range(3))
    made = message(alert(*hits), "pover")
    assert made.text.count("Headline") == 3
    assert "more" not in made.text


@pytest.mark.parametrize(
    ("topics", "title"),
    [
        (["Cuba", "Taiwan"], "Cuba, Taiwan: 2 new entries"),
        (["A", "B", "C", "D"], "A and 3 more topics: 4 new entries"),
    ],
)
def test_a_group_of_several_topics_names_them(topics: list[str], title: str) -> None:
    made = message(alert(*(hit(number, topic=topic) for number, topic in enumerate(topics))))
    assert made.title == title
    assert all(f"{topic} · World News" in made.text for topic in topics)


def test_the_time_found_stands_for_a_missing_date() -> None:
    assert "Tue 5 Mar 2024, 13:00 CET" in message(alert(hit(published=None))).text


def test_times_are_in_the_readers_zone_on_both_sides_of_a_change_of_clocks() -> None:
    summer = datetime(2024, 3, 31, 1, 0, tzinfo=UTC)
    assert "Sun 31 Mar 2024, 03:00 CEST" in message(alert(hit(published=summer))).text


def test_a_message_that_may_repeat_says_so() -> None:
    assert "This may repeat an earlier message.\nA-7K3QX" in message(alert(SPY_BASE), may_repeat=True).text


def test_a_link_that_is_none_is_left_out() -> None:
    assert "javascript" not in message(alert(hit(link="javascript:alert(1)"))).text
    assert "**Spy base grows**" in message(alert(hit(link="")), "slack").text


def test_a_link_that_would_leave_no_room_is_left_out() -> None:
    hits = (hit(2, "First", link="https://example.org/" + "a" * 900), hit(1, "Second"))
    text = message(alert(*hits), "pover").text
    assert "aaa" not in text
    assert "Second" in text


def test_an_entry_without_a_headline_is_still_told() -> None:
    assert "(no title)" in message(alert(hit(headline=""))).text


def test_mail_has_a_text_and_an_html_part() -> None:
    made = message(alert(SPY_BASE), "mailtos")
    assert made.text.startswith("Spy base near *Havana* grows\n")
    assert made.html is not None
    assert '<a href="https://example.org/a">Spy base near <mark>Havana</mark> grows</a>' in made.html


def test_the_terminal_gets_the_places_of_the_marked_words() -> None:
    made = message(alert(SPY_BASE), "stdout")
    assert [made.text[start:end] for start, end in made.marks] == ["Havana", "base", "Havana", "base"]


def test_the_tightest_limits_keep_the_headline_and_the_id() -> None:
    assert message(alert(hit()), "aprs").text == "Cuba: Spy base grows\nhttps://example.org/a\nA-7K3QX-9ZD4M"
    assert message(alert(hit(headline="word " * 50, link="")), "aprs").text == (
        "Cuba: word word word word word word word word word…\nA-7K3QX-9ZD4M"
    )


def test_an_alert_without_hits_is_a_message_all_the_same() -> None:
    made = message(alert(more=3), "slack")
    assert "3 new entries" in made.title
    assert "and 3 more" in made.text


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("json", "‹b>bold‹/b> [x] (http://e.example) *a* _b_ &amp; 1 < 2"),
        ("mailto", "<b>bold</b> [x](http://e.example) *a* _b_ &amp; 1 < 2"),
        ("discord", r"\<b>bold\</b> \[x\](http://e.example) \*a\* \_b\_ \&amp; 1 \< 2"),
        ("slack", r"\<b\>bold\</b\> \[x\]\(http://e.example\) ∗a∗ _b_ &amp; 1 \< 2"),
    ],
)
def test_mark_up_of_strangers_is_text(service: str, expected: str) -> None:
    headline = "<b>bold</b> [x](http://e.example) *a* _b_ &amp; 1 < 2"
    assert expected in message(alert(hit(headline=headline)), service).text


def test_mark_up_of_strangers_is_text_in_html_too() -> None:
    made = message(alert(hit(headline='<b onclick="x">bold</b> &amp;', link="")), "tgram")
    assert made.html is not None
    assert "<b>&lt;b onclick=&quot;x&quot;&gt;bold&lt;/b&gt; &amp;amp;</b>" in made.html


def digest(*sections: Section, kind: AlertKind = "digest", **facts: Any) -> Alert:
    """What these sections tell; the hits of a topic are numbered from the oldest."""
    hits = [
        hit(10 * at + number, f"{section.topic} no. {number}", topic=section.topic)
        for at, section in enumerate(sections)
        for number in range(1, section.shown + 1)
    ]
    more = sum(section.more for section in sections)
    return replace(alert(*hits, more=more), kind=kind, sections=sections, group_labels={}, **facts)


def test_a_digest_goes_topic_by_topic_the_newest_first_with_counts_and_coverage() -> None:
    made = message(
        digest(
            Section(topic="Cuba", shown=2),
            Section(topic="Taiwan Strait", shown=1, more=4),
            coverage="212 of 214 feeds polled",
        )
    )
    assert made.title == "Digest: Cuba (2), Taiwan Strait (5): 7 new entries"
    lines = [line for line in made.text.split("\n") if line and not line.startswith(("https:", "World News"))]
    assert lines == [
        "Cuba · 2",
        "Cuba no. 2",
        "Cuba no. 1",
        "Taiwan Strait · 5",
        "Taiwan Strait no. 1",
        "and 4 more",
        "212 of 214 feeds polled",
        "A-7K3QX-9ZD4M",
    ]


def test_a_digest_tells_some_of_every_topic_rather_than_all_of_one() -> None:
    made = message(digest(*(Section(topic=f"Topic {at}", shown=9, more=90) for at in range(5))), "discord")
    for at in range(5):
        assert f"**Topic {at} · 99**" in made.text
        assert f"Topic {at} no. 9" in made.text
    assert made.text.count("and 96 more") == 5


def test_a_digest_with_no_room_for_any_entry_still_counts_every_topic() -> None:
    made = message(digest(*(Section(topic=f"Topic {at}", shown=5) for at in range(15))), "pover")
    assert all(f"Topic {at} · 5" in made.text for at in range(15))
    assert "no. 5" not in made.text


@pytest.mark.parametrize(
    ("kind", "title", "remark"),
    [
        ("catch-up", "Catch-up: Cuba", "It stands for 2 alerts that could not be delivered."),
        ("escalation", "Not acknowledged: Cuba", "Nobody has acknowledged A-1, A-2."),
    ],
)
def test_a_special_alert_says_why_it_comes(kind: AlertKind, title: str, remark: str) -> None:
    made = message(digest(Section(topic="Cuba", shown=2), kind=kind, earlier=("A-1", "A-2")))
    assert made.title.startswith(title)
    assert remark in made.text


@pytest.mark.parametrize(
    ("others", "said"), [(1, "also in 1 other feed"), (7, "also in 7 other feeds"), (0, "")]
)
def test_how_many_other_feeds_carry_it(others: int, said: str) -> None:
    text = message(alert(replace(SPY_BASE, other_feeds=others))).text
    assert said in text
    assert ("also in" in text) == bool(said)


def test_where_the_title_makes_the_thread_it_is_the_topic() -> None:
    assert message(alert(SPY_BASE), "zulip").title == "Cuba"
    assert message(digest(Section(topic="Cuba", shown=2)), "zulip").title == "Digest: Cuba: 2 new entries"


def test_a_web_hook_gets_safe_data() -> None:
    hostile = hit(headline=marked("Hello @everyone\u202e", "Hello"), link="javascript:x", feed="a\u200bb")
    data = message(alert(hostile)).data
    assert data is not None
    (told,) = data["hits"]
    assert told["headline"] == {"text": "Hello ＠everyone", "marks": [[0, 5]]}
    assert (told["link"], told["feed"]) == ("", "ab")


TEXT = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("<>&*_[]()`~\\|@# \n\u0301👩‍👦台")), max_size=400
)


@st.composite
def pieces(draw: st.DrawFn) -> Marked:
    text = draw(TEXT)
    ends = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    return Marked(
        text=text, marks=tuple((start, end, "") for start, end in zip(ends[::2], ends[1::2], strict=False))
    )


@st.composite
def hits(draw: st.DrawFn) -> AlertHit:
    return hit(
        draw(st.integers(0, 100)),
        draw(pieces()),
        topic=draw(TEXT),
        snippets=tuple(draw(st.lists(pieces(), max_size=3))),
        severity=draw(TEXT),
        clauses=tuple(draw(st.lists(TEXT, max_size=3))),
        feed=draw(TEXT),
        link=draw(
            st.sampled_from(["", "https://example.org/" + "&" * 1200, "https://example.org/" + "_" * 1900])
        ),
    )


@given(
    st.lists(hits(), min_size=1, max_size=6),
    st.sampled_from(sorted(SERVICES)),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "https://a.example", f"https://{'a' * 200}.example"]),
)
def test_no_message_is_over_its_services_limits(
    some: list[AlertHit], service: str, repeat: bool, as_digest: bool, site: str | None
) -> None:
    takes = service_named(service)
    sections = tuple(Section(topic=one.topic, shown=1, more=9) for one in some) if as_digest else ()
    told = replace(alert(*some, more=9 * len(sections)), sections=sections, coverage="x" * 99 * as_digest)
    signer = Signer(site=site, key=b"a key") if site else None
    made = message(told, service, may_repeat=repeat, signer=signer)
    assert size(made.title, takes.unit) <= takes.title
    assert size(made.text, takes.unit) <= takes.text
    assert "A-7K3QX-9ZD4M" in made.text or takes.text < 100
    if takes.html:
        assert made.html is not None
        assert len(made.html) <= takes.html_limit
    assert "\n" not in made.title


def test_slack_counts_the_escapes_that_are_made_on_the_way() -> None:
    from apprise import NotifyFormat
    from apprise.plugins.slack import NotifySlack

    convert: Any = NotifySlack.dialect_convert
    hostile = Marked(text="<&>" * 300)
    made = message(alert(*(hit(n, hostile, snippets=(hostile,) * 3) for n in range(9))), "slack")
    assert 1_000 < len(convert(NotifySlack, made.text, NotifyFormat.MARKDOWN)) <= 3_000

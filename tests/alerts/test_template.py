"""Users' templates: what they can say, what they can not do, and what is said of a broken one."""

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.act import acts_of
from monitor.alerts.cut import size
from monitor.alerts.message import Message
from monitor.alerts.render import render
from monitor.alerts.services import service_named
from monitor.alerts.signature import Signer
from monitor.alerts.template import Template, check, fill
from monitor.errors import TemplateError
from tests.alerts.examples import alert, hit, marked

ONE = alert(
    hit(
        headline=marked("Spy base near Havana grows", "Havana"),
        snippets=(marked("… the base near Havana …", "base"),),
        severity="high",
        clauses=("Havana NEAR/10 base",),
        link="https://example.org/a_b",
    )
)


def filled(service: str = "json", told: Any = ONE, *, may_repeat: bool = False, **sources: str) -> Message:
    template = Template(
        sources=sources,  # type: ignore[arg-type]
        files={part: f"templates/my.{part}" for part in sources},  # type: ignore[misc]
    )
    own = render(told, zone=UTC, service=service, may_repeat=may_repeat)
    return fill(template, own, told, zone=UTC, service=service, may_repeat=may_repeat)


def test_a_template_says_what_it_wants_of_an_alert() -> None:
    made = filled(
        title="{{ alert.severity }}: {{ hits[0].topic }}",
        text=(
            "{% for hit in hits %}\n"
            "{{ hit.marked }} ({{ hit.feed }}, {{ hit.when }})\n"
            "{% for one in hit.snippets %}> {{ one.marked }}{% endfor %}\n\n"
            "why: {{ hit.matched|join('; ') }}\n"
            "{% endfor %}\n"
            "{{ alert.total }} of {{ alert.receiver }}, id {{ alert.id }}\n"
        ),
    )
    assert made.title == "high: Cuba"
    assert made.text == (
        "Spy base near *Havana* grows (World News, Tue 5 Mar 2024, 12:00 UTC)\n"
        "> … the *base* near Havana …\n"
        "why: Havana NEAR/10 base\n"
        "1 of desk, id A-7K3QX-9ZD4M"
    )


def test_a_template_may_offer_what_can_be_done() -> None:
    signer = Signer(site="https://news.example.org", key=b"a key")
    offers = signer.offers(acts_of(ONE))
    template = Template(
        sources={"html": "{% for one in acts %}{{ link(one.label, one.link) }} {% endfor %}"},
        files={"html": "templates/my.html"},
    )
    own = render(ONE, zone=UTC, service="mailto", signer=signer)
    made = fill(template, own, ONE, zone=UTC, service="mailto", offers=offers)
    assert made.html
    assert made.html.startswith(f'<a href="{offers[0].url}">Acknowledge</a> <a href=')
    assert filled(text="{% for one in acts %}{{ one.name }}{% endfor %}-").text.startswith("-")


def test_what_a_template_leaves_out_is_ours() -> None:
    made = filled("mailto", title="News")
    own = render(ONE, zone=UTC, service="mailto")
    assert made == replace(own, title="News")


def test_the_alerts_id_and_a_repeat_are_said_whatever_the_template_says() -> None:
    made = filled("discord", text="{{ hits[0].headline }}", may_repeat=True)
    assert made.text.endswith("\n\nThis may repeat an earlier message.  \nA-7K3QX-9ZD4M")


def test_the_end_of_a_page_in_a_strangers_text_is_no_place_for_the_id() -> None:
    made = filled("discord", alert(hit(headline="a </body> b")), text="{{ hits[0].headline }}")
    assert made.text == r"a \</body> b" + "\n\nA-7K3QX-9ZD4M"


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("discord", r"\<b>x\</b> \[y\](z) ＠everyone"),
        ("json", "‹b>x‹/b> [y] (z) ＠everyone"),
        ("slack", r"\<b\>x\</b\> \[y\]\(z\) ＠everyone"),
    ],
)
def test_text_of_strangers_is_escaped_for_the_service(service: str, said: str) -> None:
    hostile = alert(hit(headline="<b>x</b> [y](z) @everyone\u202e"))
    for expression in ("hits[0].headline", "hits[0].headline ~ ''", "hits[0].headline|trim"):
        assert filled(service, hostile, text="{{ " + expression + " }}").text.startswith(said)


def test_pieces_of_a_text_can_not_be_put_together_to_a_mention() -> None:
    hostile = alert(hit(headline="@everyone <!channel>"))
    made = filled(
        "discord",
        hostile,
        text="{% for letter in hits[0].headline %}{{ letter }}{% endfor %}",
    )
    assert "@" not in made.text
    assert "<!" not in made.text.replace("\\", "")


def test_a_link_is_a_web_link_or_none() -> None:
    assert filled("discord", text="{{ link('x', hits[0].link) }}").text.startswith(
        "[x](<https://example.org/a_b>)"
    )
    assert filled("discord", text="{{ link('x', 'javascript:alert(1)') }}").text.startswith("x\n")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{{ hits[0].nope }}", "templates/my.text:1: 'dict object' has no attribute 'nope'"),
        ("\n\n{{ 1 / 0 }}", "templates/my.text:3: division by zero"),
        ("{{ ().__class__ }}", "templates/my.text:1: access to attribute '__class__' of 'tuple' object is"),
        ("{{ hits.append(1) }}", "templates/my.text:1: access to attribute 'append' of 'list' object is"),
        ("{{ alert.clear() }}", "templates/my.text:1: access to attribute 'clear' of 'dict' object is"),
        ("{{ bold.__globals__ }}", "templates/my.text:1: access to attribute '__globals__' of"),
        ("{{ 'x' * 300000 }}", "templates/my.text: it prints more than 200,000 characters"),
        ("{{ 'x' * 30000 }}", "templates/my.text: it makes more than the 20,000 characters that fit"),
    ],
)
def test_a_template_that_goes_wrong_is_named_with_its_line(source: str, problem: str) -> None:
    with pytest.raises(TemplateError) as caught:
        filled(text=source)
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize(
    "source",
    [
        "<a href='{{ hits[0].headline }}'>x</a>",
        "<img src='https://example.org/pixel'>",
        "<p onclick='x()'>x</p>",
        "<script>1</script>",
        "<style>p { background: url(https://example.org/pixel) }</style>",
        "<p style='background: u\\rl(//example.org)'>x</p>",
        "<a href='java&#115;cript:x'>x</a>",
    ],
)
def test_html_that_acts_or_fetches_is_refused(source: str) -> None:
    with pytest.raises(TemplateError, match=r"templates/my\.html: "):
        filled("mailto", alert(hit(headline="javascript:alert(1)")), html=source)


def test_html_of_ones_own_is_welcome() -> None:
    source = "<body style='color: red'><a href='{{ hits[0].link }}'>{{ hits[0].marked }}</a></body>"
    made = filled("mailto", html=source)
    assert made.html is not None
    assert made.html.startswith(
        "<body style='color: red'><a href='https://example.org/a_b'>Spy base near <mark>Havana</mark> grows"
    )
    assert "A-7K3QX-9ZD4M" in made.html


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{{ hits }", ("unexpected '}'", 1)),
        ("one\n{% if hits %}", ("Unexpected end of template", 2)),
        ("one\n\n{{ hit.headline }}", ("there is no `hit`; known here: acts, alert, bold, hits", 3)),
        ("{% include 'x' %}", ("`include` is not for these templates", 1)),
        ("{% macro m() %}{% endmacro %}", ("`macro` is not for these templates", 1)),
        ("{{ range(10) }}", ("there is no `range`", 1)),
        ("{{ more is odder }}", ("there is no test `odder`", 1)),
        ("{{ more|nofilter }}", ("there is no filter `nofilter`", 1)),
        ("x" * 100_001, ("this template is too large", 1)),
    ],
)
def test_what_can_be_known_before_is_said_with_its_line(source: str, problem: tuple[str, int]) -> None:
    found = check(source)
    assert found is not None
    assert (found[0].startswith(problem[0]), found[1]) == (True, problem[1]), found


@pytest.mark.parametrize(
    "source", ["{{ 'x' * 99999999999 }}", "{{ 9**9**9**9 }}", "{{ 'x'|center(10**11) }}"]
)
def test_reading_a_template_works_nothing_out(source: str) -> None:
    assert check(source) is None


def test_as_many_hits_are_told_as_fit() -> None:
    many = alert(*(hit(number, f"Headline {number} " + "x" * 80) for number in range(50)))
    source = "{% for hit in hits %}{{ hit.headline }}\n{% endfor %}and {{ more }} more"
    made = filled("discord", many, text=source)
    assert made.text.count("Headline") == 20
    assert "and 30 more" in made.text


@given(
    st.text(max_size=300), st.sampled_from(["discord", "slack", "tgram", "json", "ntfy", "aprs", "mailto"])
)
def test_no_text_makes_a_filled_message_too_long(text: str, service: str) -> None:
    told = alert(hit(headline=text, feed=text, topic=text))
    try:
        made = filled(
            service, told, title="{{ alert.about }}", text="{{ hits[0].headline }} {{ hits[0].feed }}"
        )
    except TemplateError:
        return
    takes = service_named(service)
    assert size(made.text, takes.unit) <= takes.text
    assert size(made.title, takes.unit) <= takes.title
    assert "\n" not in made.title

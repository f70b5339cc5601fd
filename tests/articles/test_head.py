"""What a page says of itself for machines."""

import json
from datetime import UTC, datetime

import lxml.html
import pytest

from monitor.articles.article import Head
from monitor.articles.head import head_of

URL = "https://news.example/a/b?utm_source=x"


def head(html: str, lang: str = "") -> Head:
    attribute = f' lang="{lang}"' if lang else ""
    return head_of(lxml.html.fromstring(f"<html{attribute}><head>{html}</head><body></body></html>"), url=URL)


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_a_page_that_says_nothing_has_an_empty_head() -> None:
    assert head("") == Head()


def test_an_article_among_other_objects_is_found_however_deep() -> None:
    found = head(
        ld(
            {
                "@graph": [
                    {"@type": "WebSite", "headline": "No"},
                    {"@type": ["NewsArticle"], "headline": "Yes"},
                ]
            }
        )
    )
    assert found.title == "Yes"


def test_the_canonical_address_is_made_absolute() -> None:
    assert head('<link rel="canonical" href="/c">').url == "https://news.example/c"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "https://[broken", "mailto:a@b.example"]
)
def test_an_address_that_nobody_should_be_sent_to_is_none(link: str) -> None:
    assert head(f'<link rel="canonical" href="{link}">').url == ""


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ann Lee", ("Ann Lee",)),
        ({"@type": "Person", "name": "Ann Lee"}, ("Ann Lee",)),
        ([{"name": "Ann Lee"}, "Bo Xu", {"name": "Ann Lee"}], ("Ann Lee", "Bo Xu")),
        ([{"name": ["Ann Lee", "Bo Xu"]}], ("Ann Lee", "Bo Xu")),
        ("https://news.example/people/ann", ()),
        ([[["Ann"]]], ()),
        (7, ()),
    ],
)
def test_authors_are_names_given_in_any_of_the_usual_ways(author: object, names: tuple[str, ...]) -> None:
    assert head(ld({"@type": "Article", "author": author})).authors == names


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2026-03-01T12:00:00+02:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("yesterday", None),
        ("0001-01-01T00:00:00+23:00", None),
    ],
)
def test_a_date_is_a_moment_in_utc_or_not_said(date: str, moment: datetime | None) -> None:
    assert head(ld({"@type": "Article", "datePublished": date})).published == moment


def test_a_broken_script_hides_nothing_that_is_said_elsewhere() -> None:
    found = head(
        '<script type="application/ld+json">{"@type": "Article",</script>'
        '<meta property="article:published_time" content="2026-03-01"><meta name="author" content="Ann Lee">'
    )
    assert (found.authors, found.published) == (("Ann Lee",), datetime(2026, 3, 1, tzinfo=UTC))


def test_scripts_nested_without_end_are_no_trouble() -> None:
    deep = "[" * 100_000
    assert head(f'<script type="application/ld+json">{deep}</script>') == Head()


@pytest.mark.parametrize(("lang", "tag"), [("zh-Hant", "zh-Hant"), ("pt_BR", "pt-BR"), ("<b>", ""), ("", "")])
def test_a_language_is_a_tag_or_not_said(lang: str, tag: str) -> None:
    assert head("", lang=lang).lang == tag

"""A page's bytes → its article."""

import json

import pytest

from monitor.articles.article import Article, Head
from monitor.articles.extract import extract
from monitor.errors import ArticleError
from tests.articles.pages import PARAGRAPHS, page

URL = "https://news.example/2026/frigates"


def text_of(html: str, **kwargs: str) -> str:
    return extract(html.encode(), url=URL, **kwargs).text


def test_the_article_is_found_a_paragraph_a_line() -> None:
    lines = text_of(page()).splitlines()
    assert [line for line in lines if line in PARAGRAPHS] == list(PARAGRAPHS)


def test_a_link_that_touches_a_word_is_parted_from_it() -> None:
    paragraph = PARAGRAPHS[2].replace("a spy station in", "a<a href='/s'>spy station</a>in")
    assert PARAGRAPHS[2] in text_of(page(paragraphs=(*PARAGRAPHS[:2], paragraph)))


def test_what_stands_around_the_article_is_left_out() -> None:
    text = text_of(page())
    assert not [word for word in ("Home", "Read more", "balloon", "Imprint") if word in text]


def test_a_text_that_the_page_carries_as_data_counts_where_little_is_seen() -> None:
    body = " ".join(PARAGRAPHS)
    data = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "articleBody": body})
    script = f'<script type="application/ld+json">{data}</script>'
    assert text_of(page(head=script, paragraphs=("Subscribe to read on.",))) == body


def test_of_a_paid_page_what_all_may_see_is_read() -> None:
    data = json.dumps({"@type": "NewsArticle", "isAccessibleForFree": False})
    found = extract(
        page(head=f'<script type="application/ld+json">{data}</script>', paragraphs=PARAGRAPHS[:1]).encode(),
        url=URL,
    )
    assert PARAGRAPHS[0] in found.text
    assert found.head.is_paid


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"", "not an HTML page"),
        (b"%PDF-1.7\x00\x01", "not an HTML page"),
        (b'{"error": "nothing here"}', "not an HTML page"),
        (b"<html><body></body></html>", "no article"),
        (b"<html>" + b"<div>" * 50_000, "no article|not an HTML page"),
    ],
)
def test_what_is_no_article_is_refused_in_words(document: bytes, words: str) -> None:
    with pytest.raises(ArticleError, match=words):
        extract(document, url=URL)


def test_an_empty_page_that_is_paid_for_is_called_so() -> None:
    html = b"""<html><script type="application/ld+json">
        {"@type": "Article", "isAccessibleForFree": "False"}</script><body></body></html>"""
    with pytest.raises(ArticleError, match="paywall"):
        extract(html, url=URL)


def test_the_header_says_how_a_page_is_encoded() -> None:
    html = page(paragraphs=tuple(text.replace("strait", "détroit") for text in PARAGRAPHS))
    html = html.replace('<meta charset="utf-8">', "")
    found = extract(html.encode("cp1252"), url=URL, content_type="text/html; charset=windows-1252")
    assert "détroit" in found.text


def test_a_charset_that_does_not_exist_is_guessed_instead() -> None:
    assert PARAGRAPHS[0] in text_of(page(), content_type="text/html; charset=klingon")


def test_a_text_becomes_paragraphs_in_which_nothing_is_markup() -> None:
    assert (
        Article(text="a < b & c\n\n<script>x</script>", head=Head()).html
        == "<p>a &lt; b &amp; c</p><p>&lt;script&gt;x&lt;/script&gt;</p>"
    )

"""What a query matches and which words it marks: the rules of the language, one table a rule."""

import pytest

from monitor.topics.document import Document
from monitor.topics.parser import parse
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic


def marked(query: str, text: str, *, stem: str = "") -> list[str]:
    """What the query marks in a document of this content."""
    topic = Topic(name="t", query=parse(query).node, stem=stem)
    percolator = Percolator([topic])
    assert not percolator.broken
    return [
        span.text
        for match in percolator.match(Document(content=text))
        for span in match.spans
        if text[span.start : span.end] == span.text
    ]


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("Taiwan", "A Taiwanese diplomat", []),
        ("Taiwan", "TAIWAN, says Taiwan.", ["TAIWAN", "Taiwan"]),
        ("cuba", "An incubator", []),
        ('"spy balloon"', "a spy balloon; a balloon spy", ["spy balloon"]),
    ],
)
def test_rule_4_whole_tokens_match(query: str, text: str, words: list[str]) -> None:
    assert marked(query, text) == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("cafe", "Le Café", ["Café"]),
        ("Zürich", "ZURICH", ["ZURICH"]),
        ("=US", "tell us what the US says", ["US"]),
        ("=café", "cafe café", ["café"]),
        ("fi", "ﬁ", ["ﬁ"]),
    ],
)
def test_rule_5_case_and_accents_are_folded_unless_exact(query: str, text: str, words: list[str]) -> None:
    assert marked(query, text) == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("balloon", "balloons, balloon's and balloons'", ["balloons", "balloon's", "balloons"]),
        ("country", "two countries", ["countries"]),
        ("drill", "drilling drilled", []),
        ("drill*", "drilling drilled", ["drilling", "drilled"]),
        ("wom?n", "woman women wombn womn", ["woman", "women", "wombn"]),
    ],
)
def test_rule_6_a_word_matches_its_plural_and_possessive(query: str, text: str, words: list[str]) -> None:
    assert [word.rstrip("'") for word in marked(query, text)] == words


def test_rule_6_a_stemmer_is_turned_on_by_topic() -> None:
    assert marked("drill", "drilling", stem="en") == ["drilling"]


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("台湾海峡", "两艘军舰通过台湾海峡。", ["台湾海峡"]),
        ("ไต้หวัน", "ช่องแคบไต้หวันวันนี้", ["ไต้หวัน"]),
        ("台湾 NEAR/2 军舰", "台湾的军舰", ["台湾", "军舰"]),
        ("台湾 NEAR/2 军舰", "台湾附近的军舰", []),
    ],
)
def test_rule_7_scripts_without_spaces_are_runs_of_characters(
    query: str, text: str, words: list[str]
) -> None:
    assert marked(query, text) == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("U.S.", "The U.S. said", ["U.S."]),
        ("C++", "in C++ and C", ["C++"]),
        ("COVID-19", "COVID-19 and COVID 20", ["COVID-19"]),
        ("F-16", "an F-16 jet", ["F-16"]),
        ("5G", "a 5G mast", ["5G"]),
        ("#Gaza", "on #Gaza today", ["#Gaza"]),
        ('"spy-balloon"', "a spy balloon", ["spy balloon"]),
        ('"spy balloon"', "a spy-balloon", ["spy-balloon"]),
        ("O'Brien", "said O’Brien", ["O’Brien"]),
    ],
)
def test_rule_8_special_terms_hyphens_and_apostrophes(query: str, text: str, words: list[str]) -> None:
    assert marked(query, text) == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ('"Taiwan Strait"', "Taiwan\n\nStrait", []),
        ("Taiwan NEAR/5 Strait", "Taiwan\n\nStrait", []),
        ("spy NEAR/2 balloon", "a spy in a balloon", ["spy", "balloon"]),
        ("spy NEAR/1 balloon", "a spy in a balloon", []),
        ("balloon NEAR/2 spy", "a spy in a balloon", ["spy", "balloon"]),
        ("balloon ONEAR/2 spy", "a spy in a balloon", []),
        ("spy NEAR/0 ﬁve", "a spy, ﬁve", ["spy", "ﬁve"]),
        ('"balloon spy"~2', "a spy in a balloon", ["spy in a balloon"]),
        ("(a1 OR b1) NEAR/1 (c1 OR d1)", "b1 x c1", ["b1", "c1"]),
        ('"spy balloon"', "the spy's -- “balloons”, it said", ["spy's -- “balloons"]),
        ('"the spy balloon"', "The\nspy, the spy balloon", ["the spy balloon"]),
        ('"the first spy"', "for the first lady and the first spy", ["the first spy"]),
    ],
)
def test_rule_9_phrases_and_near_stay_in_a_paragraph(query: str, text: str, words: list[str]) -> None:
    assert marked(query, text) == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("Cuba NOT libre", "Cuba libre", []),
        ("Cuba NOT libre", "Cuba", ["Cuba"]),
        ("Cuba AND Havana", "Cuba", []),
        ("Cuba Havana", "Havana, Cuba", ["Havana", "Cuba"]),
        ("/ball(oo|u)ns?/", "a ballun", ["ballun"]),
    ],
)
def test_operators_mean_what_they_say(query: str, text: str, words: list[str]) -> None:
    assert marked(query, text) == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("Cuba", "in CubaThe White House", ["Cuba"]),
        ("Cuba", "since 2019.The island.Cuba.The", ["Cuba"]),
        ('"spy balloon"', "a “spy balloon”over", ["spy balloon"]),
        ("Cuba", "«Cuba»-- said", ["Cuba"]),
        ("phone", "an iPhone", []),
        ("Donald", "McDonald", []),
        ("tube", "YouTube", []),
    ],
)
def test_words_that_a_scrape_glued_are_found_and_names_stay_whole(
    query: str, text: str, words: list[str]
) -> None:
    assert marked(query, text) == words


def test_words_far_apart_are_not_near_because_a_paragraph_was_read_twice() -> None:
    """Distances are measured in the text as it stands, not where a lost blank was put in."""
    text = "In CubaThe House.\n\nA spy" + " and" * 20 + " a balloon."
    assert marked("spy NEAR/5 balloon", text) == []
    assert marked("spy NEAR/21 balloon", text) == ["spy", "balloon"]


@pytest.mark.parametrize("measured", ["", "tt tt uu " * 9])
def test_what_is_glued_behind_a_word_is_no_word_between(measured: str) -> None:
    """However much was measured in the text before: words are counted as they stand."""
    text = f"{measured}\n\nCubaTheHouse spy"
    assert marked("(Cuba NEAR/0 spy) OR (tt NEAR/6 uu)", text)[-2:] == ["Cuba", "spy"]
    assert marked("(spy NEAR/0 the) OR (tt NEAR/6 uu)", text)[-2:] == ["The", "spy"]


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("الله", "a ﷺ b", ["ﷺ"]),
        ("株式", "㍿の", ["㍿"]),
        ("会社", "㍿の", ["㍿"]),
        ('"1 2"', "½ cup", ["½"]),
        ("1", "½ cup", ["½"]),
        ("cup NEAR/1 five", "cup ½ five", []),
        ("cup NEAR/2 five", "cup ½ five", ["cup", "five"]),
        ("الله NEAR/0 spy", "spyﷺ spy", ["ﷺ", "spy"]),
        ("عليه NEAR/2 صلى", "ﷺ spy", []),
    ],
)
def test_a_character_that_stands_for_several_letters_is_marked_whole(
    query: str, text: str, words: list[str]
) -> None:
    assert marked(query, text) == words


def test_a_field_narrows_and_the_topic_s_fields_are_the_default() -> None:
    document = Document(
        title="Cuba", summary="Havana", url="https://news.example.org/cuba", author="A. Writer"
    )

    def matches(query: str, fields: tuple[str, ...] = ("title", "body")) -> bool:
        topic = Topic(name="t", query=parse(query).node, fields=fields)
        return bool(Percolator([topic]).match(document))

    assert matches("title:Cuba")
    assert not matches("title:Havana")
    assert matches("body:Havana")
    assert not matches("Havana", ("title",))
    assert matches("author:Writer")
    assert not matches("Writer")


def test_a_topic_is_narrowed_to_feeds_and_languages() -> None:
    topic = Topic(name="t", query=parse("Cuba").node, feeds=("BBC",), langs=("en",))
    percolator = Percolator([topic])

    def matches(feed: str, lang: str) -> bool:
        return bool(percolator.match(Document(title="Cuba", feed=feed, lang=lang)))

    assert matches("bbc", "en-GB")
    assert matches("BBC", "")
    assert not matches("BBC", "es")
    assert not matches("CNN", "en")

"""Strings pasted from elsewhere: they parse to what they meant there, or a message says what is lost."""

import pytest

from monitor.errors import QueryError
from monitor.topics.parser import parse

MEANT = [
    # Google Alerts
    ('"spy balloon" OR airship -toy', '"spy balloon" OR (airship NOT toy)'),
    ('("spy balloon" OR airship) -toy -"hot air"', '("spy balloon" OR airship) NOT toy NOT "hot air"'),
    ('"taiwan strait" site:reuters.com', '"taiwan strait" AND site:reuters.com'),
    ("cuba -site:example.org", "cuba NOT site:example.org"),
    ("intitle:cuba inurl:politics", "title:cuba AND url:politics"),
    ("intext:cuba", "body:cuba"),
    ("taiwan AROUND(5) pla", "taiwan NEAR/5 pla"),
    ("taiwan around(5) pla", "taiwan NEAR/5 pla"),
    ("taiwan | formosa", "taiwan OR formosa"),
    ('"the * strait"', '"the" ONEAR/1 "strait"'),
    ('"taiwan * * pla"', '"taiwan" ONEAR/2 "pla"'),
    ("~car price", "car AND price"),
    ("source:reuters cuba", "feed:reuters AND cuba"),
    # Talkwalker
    ('("Taiwan Strait" OR Formosa) AND NOT (tea OR cup)', '("Taiwan Strait" OR Formosa) NOT (tea OR cup)'),
    ("PLA NEAR/5 Taiwan", "PLA NEAR/5 Taiwan"),
    ("PLA ONEAR/5 Taiwan", "PLA ONEAR/5 Taiwan"),
    ('(PLA OR navy) NEAR/5 ("Taiwan Strait" OR sea)', '(PLA OR navy) NEAR/5 ("Taiwan Strait" OR sea)'),
    ("title:Taiwan AND lang:en", "title:Taiwan AND lang:en"),
    ('title:("Taiwan Strait" OR PLA)', 'title:("Taiwan Strait" OR PLA)'),
    ("++ICE AND raid", "=ICE AND raid"),
    ('++"ICE raid"', '="ICE raid"'),
    ("+Apple", "Apple"),
    ('"Luxemb* bank"', 'Luxemb* ONEAR/0 "bank"'),
    # Meltwater
    ("apple near/5 watch", "apple NEAR/5 watch"),
    ("apple onear/5 watch", "apple ONEAR/5 watch"),
    ("Apple NEAR watch", "Apple NEAR/5 watch"),
    ('apple AND (watch OR iwatch) NOT ("apple sauce" OR "apple orchard*")',
     'apple AND (watch OR iwatch) NOT ("apple sauce" OR ("apple" ONEAR/0 orchard*))'),
    ("title:drone* OR ingress:drone*", "title:drone* OR body:drone*"),
    ("organi?ation", "organi?ation"),
    # Lucene
    ("+balloon -toy", "balloon NOT toy"),
    ("+balloon +spy", "balloon AND spy"),
    ('+"spy balloon" -(toy party)', '"spy balloon" NOT (toy AND party)'),
    ('"taiwan strait"~5', '"taiwan strait"~5'),
    ("taiwan && strait", "taiwan AND strait"),
    ("taiwan || formosa", "taiwan OR formosa"),
    ("taiwan && !tea", "taiwan NOT tea"),
    ("taiwan AND NOT tea", "taiwan NOT tea"),
    ("title:(taiwan strait)", "title:(taiwan AND strait)"),
    ('title:"taiwan strait"', 'title:"taiwan strait"'),
    (r"\(1\+1\)\:2", r"\(1+1\):2"),
    ("te?t tes*", "te?t AND tes*"),
    ("/joh?n(ath[oa]n)/", "/joh?n(ath[oa]n)/"),
    ("roam~", "roam"),
    ("roam~0.8", "roam"),
    ("taiwan^4 strait", "taiwan AND strait"),
    ('"taiwan strait"^4', '"taiwan strait"'),
    ('(taiwan OR formosa)^1.5', "taiwan OR formosa"),
    ("roam~1^2", "roam"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), MEANT)
def test_what_is_pasted_parses_to_what_it_meant(text: str, tree: str) -> None:
    assert str(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("roam~ x", "~ for similar spellings is lost: only the word as typed is looked for"),
        ("taiwan^4", "^ for a weight is lost: an entry matches or it does not"),
        ('"taiwan strait"^4', "^ for a weight is lost: an entry matches or it does not"),
        ("(a OR b)^2", "^ for a weight is lost: an entry matches or it does not"),
        ("~car price", "~ for synonyms is lost: only the word itself is looked for"),
        ("ingress:drone", "ingress: is read as body: the whole text is searched, not only its lead"),
        ('"the * strait"', 'a * between words stands for at most one word: read as "the" ONEAR/1 "strait"'),
        ("+balloon spy", "this is required like the words with a +: a blank means AND"),
        ("source:reuters.com", "source: looks at the feed's name"),
        ("spy balloon OR airship", "AND binds tighter than OR: read as (spy AND balloon) OR airship"),
    ],
)
def test_a_warning_says_what_is_lost_or_different(text: str, message: str) -> None:
    assert [warning.message for warning in parse(text).warnings] == [message]


@pytest.mark.parametrize(
    "text",
    ['"spy balloon" -toy', "+balloon -toy", "+balloon +spy", "taiwan AROUND(5) pla", '"spy balloon*"',
     "apple near/5 watch", "taiwan && !tea", "++ICE AND raid", "title:(a OR b) AND lang:en"],
)  # fmt: skip
def test_nothing_is_said_where_nothing_is_lost(text: str) -> None:
    assert parse(text).warnings == ()


NO_DATES = "a topic has no dates: it watches what comes in"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("sourcetype:blog x", 'there is no field "sourcetype"',
         "a feed is not classed by its kind; narrow the topic with its feeds: instead"),
        ("x engagement:50", 'there is no field "engagement"', "entries are not rated"),
        ("x before:2024-01-01", 'there is no field "before"', NO_DATES),
        ("allintitle:taiwan", 'there is no field "allintitle"', "name the words in a group: title:(a b)"),
        ("published:[2020 TO 2021]", 'there is no field "published"', NO_DATES),
        ("[a TO b]", "a range ([a TO b]) has no counterpart here",
         "list what you look for with OR; for anything else, put the text in quotes"),
        ("title:{a TO b}", "a range ([a TO b]) has no counterpart here",
         "list what you look for with OR; for anything else, put the text in quotes"),
        ("(a b c)~2", "~ can not stand after a group", "write (…) NEAR/5 (…)"),
        ("col*r", "a * stands only at the end of a word", r"write a regular expression: /\bcol\w*r\b/"),
        ("*gate", "a * stands only at the end of a word", r"write a regular expression: /\b\w*gate\b/"),
        ("слов*арь", "a * stands only at the end of a word", r"write a regular expression: /слов\pL*арь/"),
        ("taiwan ! tea", "! excludes a word directly after it", "write NOT or leave it out"),
        ('"abc* bcd* cde*"~4', "there are too many words for a wildcard in these quotes",
         "write ONEAR/n or NEAR/n"),
    ],
)  # fmt: skip
def test_what_would_mean_something_else_is_an_error_that_says_so(text: str, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (str(caught.value), caught.value.hint) == (message, hint)

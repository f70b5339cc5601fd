"""Finds where a scraped page glued two words together, and gives the text a second reading there.

At the borders of links and sentences scrapers lose blanks: "CubaThe White House", "in 2019The", "the Wall
Street Journalreported". Whether "YouTube" is one word or two can not be known for certain, so a paragraph
with such a place is read twice: as it stands, and with a blank at each border that looks like a lost one.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from monitor.topics.fold import byte_table
from monitor.topics.folded import Folded, Pieces

CAMEL_NAMES = frozenset(
    [
        "accuweather",
        "actblue",
        "airasia",
        "allsides",
        "americorps",
        "astrazeneca",
        "axelspringer",
        "biontech",
        "blackberry",
        "blackrock",
        "buzzfeed",
        "bytedance",
        "calfire",
        "carplay",
        "centurylink",
        "chatgpt",
        "clientearth",
        "codepink",
        "comscore",
        "conocophillips",
        "corecivic",
        "crowdstrike",
        "deepmind",
        "deepseek",
        "directv",
        "doordash",
        "dreamworks",
        "duckduckgo",
        "exxonmobil",
        "facetime",
        "factcheck",
        "factset",
        "fedex",
        "fireeye",
        "fivethirtyeight",
        "freedomworks",
        "gamestop",
        "github",
        "gitlab",
        "glaxosmithkline",
        "globalpost",
        "gofundme",
        "harpercollins",
        "healthcare",
        "hubspot",
        "huffpost",
        "iheartmedia",
        "imessage",
        "infowars",
        "javascript",
        "jetblue",
        "lexisnexis",
        "linkedin",
        "mailonline",
        "marketwatch",
        "mastercard",
        "mcdonald",
        "metlife",
        "moveon",
        "mypillow",
        "myspace",
        "newsguard",
        "newshour",
        "newsmax",
        "newsnation",
        "nextera",
        "nextgen",
        "obamacare",
        "oceangate",
        "onedrive",
        "onlyfans",
        "openai",
        "opensecrets",
        "oxycontin",
        "paypal",
        "pepsico",
        "petsmart",
        "playstation",
        "politifact",
        "powerpoint",
        "pricewaterhousecoopers",
        "propublica",
        "protonmail",
        "realclearpolitics",
        "redstate",
        "romneycare",
        "seaworld",
        "shotspotter",
        "siriusxm",
        "softbank",
        "solarcity",
        "soundcloud",
        "stubhub",
        "suntrust",
        "superpac",
        "surveymonkey",
        "techcrunch",
        "thinkprogress",
        "thyssenkrupp",
        "tiktok",
        "transcanada",
        "tripadvisor",
        "trumpcare",
        "turbotax",
        "underarmour",
        "unitedhealth",
        "unitedhealthcare",
        "viacomcbs",
        "wechat",
        "westjet",
        "wework",
        "whatsapp",
        "wikileaks",
        "winred",
        "wireimage",
        "wordpress",
        "yougov",
        "youtube",
        "youtuber",
    ]
)
"""Names with a capital inside that no blank was lost from, folded."""

_NAME_BEGINNINGS = frozenset(("mac", "fitz", "von", "van", "del", "della"))
_LONGEST, _SHORTEST = 40, 4
"""Letters in a word that is looked at, on each side of the place; letters before "reported"."""

_REPORTED = re.compile(r"report(?:ed|s|ing)(?= )")
"""What is glued to a link on another newspaper more often than anything else."""

_SHAPES = byte_table(lambda char: "a" if char.islower() or char.isdigit() else "A" if char.isupper() else " ")
_CAPITAL = re.compile("(?<=[a-zß-ÿ0-9α-ωа-џґ])(?=[A-ZÀ-ÞΑ-ΩА-ЯЀ-ЏҐ])")
_INSIDE_NAMES = "@＠/_"
"""What stands before handles and parts of addresses, which are spelt as they like."""


def with_second_reading(text: str, narrow: bytes | None, folded: Folded) -> Folded:
    """The folded text; where blanks were lost, followed by its paragraphs with the blanks put in."""
    places = lost_blanks(text, narrow, folded)
    return _read_again(text, folded, places) if places else folded


def lost_blanks(text: str, narrow: bytes | None, folded: Folded) -> list[int]:
    """The places in the text, in order, where a blank seems to have been lost inside a word."""
    found: list[int] = []
    for place in _capitals(text, narrow):
        if _divides(text, place, found[-1] if found else 0):
            found.append(place)
    if "report" in folded.text:
        found.extend(_before_reported(folded))
    return sorted(found) if found else found


def _read_again(text: str, folded: Folded, places: list[int]) -> Folded:
    pieces = Pieces(folded)
    pieces.keep(0, len(folded.text))
    read_once, done = len(pieces.starts), 0
    for place in places:
        if place < done:
            continue
        start = text.rfind("\n\n", 0, place) + 1
        done = text.find("\n\n", place) % (len(text) + 1)
        pieces.put(" ", start)
        for border in places[bisect_right(places, start) : bisect_right(places, done)]:
            pieces.keep(folded.position(start), folded.position(border))
            pieces.put(" ", border)
            start = border
        pieces.keep(folded.position(start), folded.position(done))
        pieces.put(" ", done)
    return pieces.folded(read_once=read_once)


def _capitals(text: str, narrow: bytes | None) -> list[int]:
    """Places before a capital inside a word, in order: `CubaThe`."""
    if narrow is None:
        return [found.start() for found in _CAPITAL.finditer(text)]
    shapes = narrow.translate(_SHAPES)
    places, place = [], shapes.find(b"aA")
    while place >= 0:
        places.append(place + 1)
        place = shapes.find(b"aA", place + 2)
    return places


def _divides(text: str, place: int, earlier: int) -> bool:
    """Whether a blank was lost before this capital, or a name is spelt so: YouTube, McDonald, iPhone."""
    if not text[place - 3 : place].isalnum():
        return False
    start = end = place
    while start > max(earlier, place - _LONGEST) and text[start - 1].isalnum():
        start -= 1
    while end < place + _LONGEST and text[end].isalnum():
        end += 1
    before, after = text[start:place], text[place:end]
    if len(before) < 3 or len(after) < 2 or place + _LONGEST == end or text[start - 1] in _INSIDE_NAMES:
        return False
    if before[-1].isdigit():
        return before.isdigit() and after[1].islower()
    word = (before + after).lower()
    is_name = word in CAMEL_NAMES or word.removesuffix("s") in CAMEL_NAMES
    return not is_name and before.lower() not in _NAME_BEGINNINGS


def _before_reported(folded: Folded) -> Iterator[int]:
    """Places inside a word before "reported": the wall street Journalreported."""
    text = folded.text
    place = text.find("report", _SHORTEST)
    while place >= 0:
        if (
            text[place - 1] != " "
            and " " not in text[place - _SHORTEST : place]
            and _REPORTED.match(text, place)
        ):
            yield folded.origin(place)
        place = text.find("report", place + 1)

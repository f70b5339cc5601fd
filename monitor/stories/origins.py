"""Who told it first: the agency or outlet that a text credits, else whoever published it. Pure.

    (Reuters) - …   WASHINGTON (AP) — …   By Xinhua   新华社北京3月1日电   /TASS/     a credit: it is theirs
    according to Xinhua   told NBC News   laut dpa   как сообщает Интерфакс           they are the source

Only names that are known are found: a wrong origin would make two of one.
"""

import re
from dataclasses import dataclass

_NAMES = {
    "AFP": "AFP|Agence France-Presse|法新社|АФП",
    "AP": "AP|Associated Press|美联社|美聯社",
    "ANSA": "ANSA|Ansa",
    "BBC": "BBC News|BBC|Би-би-си",
    "Bloomberg": "Bloomberg News|Bloomberg|彭博社",
    "Caixin": "Caixin|财新",
    "CBS News": "CBS News",
    "CCTV": "CCTV|央视新闻",
    "CNA": "CNA|Central News Agency|中央社",
    "CNN": "CNN",
    "dpa": "dpa|Deutsche Presse-Agentur",
    "EFE": "EFE|Agencia EFE",
    "Financial Times": "Financial Times",
    "Fox News": "Fox News",
    "Global Times": "Global Times|环球时报|環球時報",
    "Interfax": "Interfax|Интерфакс",
    "Jiji": "Jiji Press|Jiji|時事通信|時事",
    "Kyodo": "Kyodo News|Kyodo|共同通信|共同",
    "KCNA": "KCNA|조선중앙통신",
    "NBC News": "NBC News",
    "NHK": "NHK",
    "NPR": "NPR",
    "New York Times": "New York Times",
    "People's Daily": "People['’]s Daily|人民日报",
    "Politico": "Politico|POLITICO",
    "PTI": "PTI|Press Trust of India",
    "Reuters": "Reuters|Thomson Reuters|路透社|路透|ロイター|로이터|Рейтер",
    "RIA Novosti": "RIA Novosti|РИА Новости",
    "TASS": "TASS|ТАСС",
    "UPI": "UPI",
    "Wall Street Journal": "Wall Street Journal",
    "Washington Post": "Washington Post",
    "Xinhua": "Xinhua|新华社|新华网|新華社|Синьхуа",
    "Yonhap": "Yonhap News Agency|Yonhap|연합뉴스|韩联社",
}
_SITES = {
    "AFP": "afp.com",
    "AP": "apnews.com ap.org",
    "ANSA": "ansa.it",
    "BBC": "bbc.com bbc.co.uk bbci.co.uk",
    "Bloomberg": "bloomberg.com",
    "Caixin": "caixin.com caixinglobal.com",
    "CBS News": "cbsnews.com",
    "CCTV": "cctv.com",
    "CNA": "cna.com.tw focustaiwan.tw",
    "CNN": "cnn.com",
    "dpa": "dpa.com",
    "EFE": "efe.com",
    "Financial Times": "ft.com",
    "Fox News": "foxnews.com",
    "Global Times": "globaltimes.cn huanqiu.com",
    "Interfax": "interfax.com interfax.ru",
    "Jiji": "jiji.com",
    "Kyodo": "kyodonews.net kyodonews.jp",
    "KCNA": "kcna.kp",
    "NBC News": "nbcnews.com",
    "NHK": "nhk.or.jp",
    "NPR": "npr.org",
    "New York Times": "nytimes.com",
    "People's Daily": "people.com.cn people.cn",
    "Politico": "politico.com politico.eu",
    "PTI": "ptinews.com",
    "Reuters": "reuters.com",
    "RIA Novosti": "ria.ru",
    "TASS": "tass.com tass.ru",
    "UPI": "upi.com",
    "Wall Street Journal": "wsj.com",
    "Washington Post": "washingtonpost.com",
    "Xinhua": "xinhuanet.com news.cn",
    "Yonhap": "yna.co.kr yonhapnews.co.kr",
}
"""Where they publish themselves: what stands there is theirs, as is what credits them elsewhere."""
_NAMES_OF_SITES = {site: name for name, sites in _SITES.items() for site in sites.split()}
_NAME = "|".join(f"(?P<n{number}>{names})" for number, names in enumerate(_NAMES.values()))
_SPACELESS_NAME = "|".join(
    f"(?P<n{number}>{'|'.join(spaceless)})"
    for number, names in enumerate(_NAMES.values())
    if (spaceless := [name for name in names.split("|") if not name[0].isascii() and name[0] > "\u2fff"])
)

# Most texts name none of them: one quick look instead of eight slow ones.
_LITERALS = {
    max(re.split(r"\[.*?\]", name), key=len) for names in _NAMES.values() for name in names.split("|")
}
_ANY_NAME = re.compile("|".join(map(re.escape, sorted(_LITERALS))))

_BRACKETS = re.compile(
    rf"[(\[/【（]\s*(?:[^()\[\]]{{0,60}}[;,]\s*|[^\0-\x7f]{{0,6}})?(?:{_NAME})\s*(?:/[A-Z][\w ]*)?[)\]/】）]"
)
_HEAD = re.compile(
    rf"^\W*(?:(?:By|By:|Source:|Quelle:|Источник:|来源[:：])\s*)?(?:the\s+)?(?:{_NAME})\s*(?:[-–—:|]|$)"
)
_DATELINE = re.compile(rf"^[^.()\n]{{3,40}} [-–—] (?:{_NAME})\b")
_WIRE = re.compile(rf"(?:{_SPACELESS_NAME})[^。，,]{{0,24}}[电電]")
_WORDS_BEFORE = (
    "according to|told|citing|cited by|quoting|quoted by|reports|reported by|via|laut|berichtet|zufolge"
    "|meldet|selon|rapporte|según|informó|informa|secondo|riferisce|segundo|по данным|сообщает|сообщил[аи]?"
    "|передает|передаёт|пишет|со ссылкой на"
)
_ATTRIBUTED = re.compile(
    rf"(?:\b(?:{_WORDS_BEFORE})\s+(?:the\s+|die\s+|der\s+|l['’]|la\s+|a\s+)?(?:agency\s+|агентство\s+|агентства\s+)?|[据據]|援引)"
    rf"(?:{_NAME})\b"
)
_REPORTED = re.compile(rf"(?:{_SPACELESS_NAME})(?:报道|報道|報導|消息|称)")

HEAD, TAIL = 240, 160
"""Letters of a text in which a credit stands: its dateline, and its last line."""
ATTRIBUTION = 600
"""Letters in which a source is named that the report as a whole rests on."""

_PREFIXES = re.compile(r"^(?:www\d?|feeds?|rss|m|amp|mobile|edition|news|en|edition-m)\.(?=[^.]+\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who told it first, and whether the text says so; if not, it is whoever published it."""

    name: str
    credited: bool = False


def origin_of(text: str, *, author: str = "", publisher: str) -> Origin:
    """The origin of a text, title not included: who it credits, else who it rests on, else the publisher."""
    head, tail = text[:HEAD], text[HEAD:][-TAIL:]
    anywhere = f"{text[:ATTRIBUTION]}\n{tail}\n{author}"
    if not _ANY_NAME.search(anywhere):
        return Origin(name=publisher)
    for pattern, where in (
        (_BRACKETS, head),
        (_WIRE, head),
        (_DATELINE, head),
        (_HEAD, head),
        (_HEAD, author),
        (_BRACKETS, tail),
        (_ATTRIBUTED, text[:ATTRIBUTION]),
        (_REPORTED, text[:ATTRIBUTION]),
    ):
        if found := pattern.search(where):
            return Origin(name=_name(found), credited=True)
    return Origin(name=publisher)


def site_of(*, link: str, source: str, feed: str) -> str:
    """The site that publishes an entry: the one that it links to.

    Where that is the feed's own, as with aggregators that lead to all sites through theirs, it is the site
    that the entry says it was taken from. A feed can lie there, and look like many outlets, as well as it
    can with links to many hosts and credits to many agencies: it is believed no more and no less.
    """
    if not source or _without_prefix(link) not in {"", _without_prefix(feed)}:
        return link
    return source


def publisher_of(*, owner: str, site: str, feed: str) -> str:
    """Who published it: the owner that the subscription names, else who is known to own the site.

    Else the site itself, and where there is none the feed.
    """
    return owner or _owner_of(site) or _without_prefix(site) or feed


def _owner_of(site: str) -> str:
    parts = site.split(".")
    domains = (".".join(parts[at:]) for at in range(len(parts) - 1))
    return next((name for domain in domains if (name := _NAMES_OF_SITES.get(domain))), "")


def _without_prefix(site: str) -> str:
    return _PREFIXES.sub("", site)


def _name(found: re.Match[str]) -> str:
    number = next(int(group[1:]) for group, text in found.groupdict().items() if text)
    return tuple(_NAMES)[number]

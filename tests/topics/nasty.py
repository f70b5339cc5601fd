"""Hypothesis strategies for texts that are hard to read, and for queries over the words in them.

The texts are made of characters that unfold to several letters or words, of glued words, accents that
combine, characters that nobody sees, blanks of all kinds, and scripts without blanks.
"""

from functools import cache

from hypothesis import strategies as st

from monitor.topics.document import Document
from monitor.topics.query import And, In, Near, Node, Not, Or, Phrase, Regex, Term, joined

Vocabulary = tuple[str, ...]

WORDS = (
    "spy", "balloon", "Cuba", "the", "house", "five", "fi", "reported", "café", "s", "U.S.", "O'Brien", "1",
    "2", "C++", "#tag", "Тайвань", "الله", "صلى", "عليه", "株式", "会社", "社", "台湾", "湾", "アパート",
    "平成", "ไต้หวัน", "대만", "F-16", "us", "com",
)  # fmt: skip
"""What queries look for, and texts have."""

WRITTEN = (
    "ﬁve", "ﬁ", "ﬃ", "㍿", "ﷺ", "ﷻ", "½", "1½", "℅", "㏂", "㌀", "㍻", "cafe\u0301", "CAFÉ", "bal\u00adloon",
    "bal\u200bloon", "spy\u200b", "\u2060Cuba", "CubaThe", "SpyBalloon", "theHouse", "CubaTheHouse",
    "houseﬁve", "Cubareported", "spyﬁReported", "HouseThe", "2019The", "Cuba.The", "balloons", "spies",
    "Cuba’s", "Cuba'", "houses'", "’balloon’", "U.S", "U.S.'s", "O’Brien", "example.com", "3.5", "台 湾",
    "台\u3000湾", "台。湾", "株\u200b式", "Cuba台湾", "台湾Cuba", "か\u3099", "ｶﾞ", "ไต้ หวัน", "한\u1161",
    "الله\u0640", "x\ufc5e", "\ufc5e", "n\u0308", "\u0301", "Şpy", "ǅ", "ŉ", "İ", "ß", "C++", "#tag",
    "＃tag", "@spy", "™", "spy™", "\U0001f388", "and", "a", "in",
)  # fmt: skip
"""What besides stands in texts."""

BETWEEN = (
    " ", " ", " ", " ", "", ", ", ". ", ".", "'", "’", "-", "’s ", "\n", "\n\n", "\n \t\n", "\r\n\r\n",
    "\u00a0", "\u2003", "\u3000", "\u2029", "\x0b", "\x85", "\u200b", "\u00ad", "\ufe0f", "\u200d ", "… “",
    "” ", "&", "/", "_", "  ", "°",
)  # fmt: skip

VOCABULARIES = (
    WORDS,
    ("spy", "balloon", "Cuba", "the", "house", "five"),
    ("Cuba", "house", "reported", "s", "the"),
    ("fi", "five", "1", "2", "café", "spy"),
    ("الله", "صلى", "عليه", "spy"),
    ("株式", "会社", "社", "台湾", "湾", "アパート", "Cuba"),
    ("U.S.", "O'Brien", "us", "s", "C++", "F-16", "com"),
)  # fmt: skip
"""Words that are near each other in texts, where they are all that a text and its queries are made of."""

PREFIXES = ("bal*", "Cub*", "hous*", "b?lloon", "Cu?a*", "fiv*", "Тайв*")
PATTERNS = (r"ball(oo|u)ns?", r"\bspy\b", "台湾|会社", "report", r"[a-z]+uba", "caf.", r"\d", "house")


def texts(words: Vocabulary = WORDS, *, max_size: int = 24) -> st.SearchStrategy[str]:
    """Texts of such words with anything between."""
    written = st.one_of(st.sampled_from(words), st.sampled_from(words), st.sampled_from(WRITTEN))
    pieces = st.lists(st.tuples(written, st.sampled_from(BETWEEN)), max_size=max_size)
    return pieces.map(lambda pieces: "".join(word + between for word, between in pieces))


@cache
def documents(words: Vocabulary = WORDS) -> st.SearchStrategy[Document]:
    """Documents of such texts in all fields that words are looked for in."""
    return st.builds(
        Document,
        title=texts(words, max_size=8),
        summary=texts(words, max_size=16),
        content=texts(words),
        author=texts(words, max_size=3),
        tags=st.lists(st.sampled_from(WORDS + WRITTEN), max_size=2).map(tuple),
        url=st.sampled_from(("", "https://spy.example.com/台湾/Cuba-house?1")),
    )


@cache
def queries(words: Vocabulary = WORDS) -> st.SearchStrategy[Node]:
    """Trees over these words, mostly of NEAR, which measures."""
    beside = _beside(words)
    nears = st.recursive(_near(beside), lambda inner: _near(inner | beside), max_leaves=3)
    return st.recursive(st.one_of(nears, nears, beside), _composed, max_leaves=5)


def _beside(words: Vocabulary) -> st.SearchStrategy[Node]:
    """What can stand beside NEAR: words, prefixes, phrases, patterns, and OR and fields over them."""
    runs = st.lists(st.sampled_from(words), min_size=2, max_size=3).map(" ".join)
    is_exact = st.sampled_from((False, False, True))
    leaves = st.one_of(
        st.builds(Term, text=st.sampled_from(words), exact=is_exact),
        st.sampled_from(PREFIXES).map(lambda text: Term(text=text)),
        st.builds(Phrase, text=runs, exact=is_exact),
        st.builds(Phrase, text=runs, slop=st.integers(0, 6)),
        st.sampled_from(PATTERNS).map(lambda pattern: Regex(pattern=pattern)),
    )
    return st.recursive(leaves, lambda inner: _groups(Or, inner) | _fielded(inner), max_leaves=3)


def _near(operand: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(Near, left=operand, right=operand, distance=st.integers(0, 6), ordered=st.booleans())


def _composed(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    excluding = st.builds(lambda yes, no: joined(And, [yes, Not(part=no)]), inner, inner)
    return st.one_of(_groups(Or, inner), _groups(And, inner), excluding, _fielded(inner))


def _groups(kind: type[And] | type[Or], inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.lists(inner, min_size=2, max_size=3).map(lambda parts: joined(kind, parts))


def _fielded(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    names = st.sampled_from(("title", "title", "body", "author", "tag", "url"))
    return st.builds(
        lambda name, part: part if isinstance(part, In) else In(field=name, part=part), names, inner
    )

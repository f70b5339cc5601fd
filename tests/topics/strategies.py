"""Hypothesis strategies for queries: trees that the parser could have made, over words of several scripts."""

from collections.abc import Sequence

from hypothesis import strategies as st

from monitor.topics.query import And, In, Near, Node, Not, Or, Phrase, Regex, Term, joined

WORDS = (
    "Taiwan", "strait", "balloon", "balloons", "spy", "Cuba", "café", "Zürich", "naïve", "PLA", "US", "us",
    "ice", "ICE", "U.S.", "C++", "COVID-19", "F-16", "@handle", "#tag", "5G", "AT&T", "O'Brien", "Putin's",
    "spy-balloon", "news", "Тайвань", "пролив", "Ελλάδα", "تايوان", "טאיוואן", "भारत", "대만", "해협",
    "台湾", "台湾海峡", "臺灣海峽", "气球", "たいわん", "タイワン", "ไต้หวัน", "ဗမာ",
)  # fmt: skip
"""Words as a query may hold them; a test of the engine makes its texts from the same."""

PREFIXES = ("ball*", "transit*", "Taiw*", "Тайв*", "대만해협*", "café*", "COVID-1*", "wom?n*", "spy-ball*")
WILDCARDS = ("wom?n", "Taiw?n", "organi?ation", "Т?йвань", "C?ba")
ODD = (
    "OR", "NEAR", "near/5", "title:x", "-dash", "=US", "/slash/", "!no", "+1", "a|b", "a(b", "5'", 'a"b',
    "back\\slash", "a&&b", "roam~2", "x^2", "[a", "12:30", "and", "not", "~about",
)  # fmt: skip
"""Words that must be escaped, or could be taken for something else, when they print."""
PATTERNS = (
    r"ball(oo|u)ns?",
    r"\bU\.?S\b",
    "a/b",
    r"台湾|臺灣",
    r"[^/]+strait",
    r"back\\slash",
    r"\d{2}:\d{2}",
)
POSITIONAL_FIELDS = ("title", "body")
OTHER_FIELDS = ("url", "site", "feed", "author", "tag", "lang")
DISTANCES = st.integers(0, 12)


def terms(words: Sequence[str] = WORDS) -> st.SearchStrategy[Node]:
    """A word, a prefix, a word with a `?`, an exact word."""
    word = st.sampled_from(words)
    return st.one_of(
        word.map(lambda text: Term(text=text)),
        st.sampled_from(PREFIXES + WILDCARDS).map(lambda text: Term(text=text)),
        word.map(lambda text: Term(text=text, exact=True)),
    )


def odd_terms() -> st.SearchStrategy[Node]:
    """Words that print with a backslash."""
    return st.builds(Term, text=st.sampled_from(ODD), exact=st.booleans())


def phrases(words: Sequence[str] = WORDS) -> st.SearchStrategy[Node]:
    """Some words in order: as a phrase, an exact one, or with words allowed between."""
    texts = st.lists(st.sampled_from(words), min_size=1, max_size=4).map(" ".join)
    long = st.lists(st.sampled_from(words), min_size=2, max_size=4).map(" ".join)
    return st.one_of(
        st.builds(Phrase, text=texts, exact=st.booleans()),
        st.builds(Phrase, text=long, slop=DISTANCES),
    )


def odd_phrases() -> st.SearchStrategy[Node]:
    """Phrases with quotes, stars and what else is syntax outside of quotes."""
    texts = st.lists(
        st.sampled_from((*ODD, "M*A*S*H", "who?", "wh?t", "*", "title:", "“")), min_size=1, max_size=3
    )
    return texts.map(lambda words: Phrase(text=" ".join(["odd", *words]).replace("“", '"')))


def regexes() -> st.SearchStrategy[Node]:
    """A regular expression of RE2."""
    return st.sampled_from(PATTERNS).map(lambda pattern: Regex(pattern=pattern))


def positional(words: Sequence[str] = WORDS) -> st.SearchStrategy[Node]:
    """What can stand beside NEAR: words, phrases, and OR, NEAR and fields over them."""
    return st.recursive(
        st.one_of(terms(words), phrases(words)),
        lambda inner: st.one_of(
            _groups(Or, inner),
            st.builds(Near, left=inner, right=inner, distance=DISTANCES, ordered=st.booleans()),
            _fields(inner, POSITIONAL_FIELDS),
        ),
        max_leaves=4,
    )


def queries(
    words: Sequence[str] = WORDS, *, with_regexes: bool = True, with_odd: bool = True, max_leaves: int = 8
) -> st.SearchStrategy[Node]:
    """Any tree the parser could have made, without aliases.

    The words can be given, so that a test can make its texts from the same; `with_odd` adds words full of
    syntax.
    """
    leaf = [terms(words), phrases(words), _nears(words)]
    if with_regexes:
        leaf.append(regexes())
    if with_odd:
        leaf += [odd_terms(), odd_phrases()]
    return st.recursive(st.one_of(leaf), _composed, max_leaves=max_leaves)


def _composed(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        _groups(Or, inner),
        _groups(And, inner),
        st.builds(_with_exclusions, inner, st.lists(inner, min_size=1, max_size=2), st.booleans()),
        _fields(inner, POSITIONAL_FIELDS + OTHER_FIELDS),
    )


def _with_exclusions(positive: Node, negatives: list[Node], first: bool) -> Node:
    """`positive NOT negative …`, or the exclusions first."""
    excluded: list[Node] = [Not(part=negative) for negative in negatives]
    return joined(And, [*excluded, positive] if first else [positive, *excluded])


def _groups(kind: type[And] | type[Or], inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.lists(inner, min_size=2, max_size=4).map(lambda parts: joined(kind, parts))


def _nears(words: Sequence[str]) -> st.SearchStrategy[Node]:
    operand = positional(words)
    return st.builds(Near, left=operand, right=operand, distance=DISTANCES, ordered=st.booleans())


def _fields(inner: st.SearchStrategy[Node], names: Sequence[str]) -> st.SearchStrategy[Node]:
    """`field:part`, or the part itself where it names its field already."""
    return st.builds(
        lambda name, part: part if isinstance(part, In) else In(field=name, part=part),
        st.sampled_from(names),
        inner,
    )

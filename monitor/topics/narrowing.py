"""From a topic to an expression for the full-text index that every matching entry satisfies.

Safe rather than sharp: what it finds may match, what it does not find can not. The index holds `index_text`
of each entry in its columns `title` and `body`, one token a word. Asks no index.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from unicodedata import ucd_3_2_0

from monitor.topics.query import Alias, And, In, Near, Node, Not, Or, Phrase, Term
from monitor.topics.spelling import spelling_of, spelling_with_wildcards, units_of
from monitor.topics.stems import stemmer_language
from monitor.topics.topic import Topic
from monitor.topics.words import Literal, Prefix, Run, Stem, Wildcard, Word

MAX_SPELLINGS = 16
"""Ways to spell a phrase (each noun has its plurals); of one with more, each word is looked for by itself."""

MAX_DEPTH = 24
"""Levels of a query that are looked into: FTS5's parser takes thirty of AND in OR in AND."""

_COLUMNS = frozenset(("title", "body"))


def narrowing(topic: Topic) -> str | None:
    """An expression of FTS5 that every entry satisfies which the topic matches; None if nothing narrows."""
    stem = stemmer_language(topic.stem) if topic.stem else ""
    return _narrowed(topic.query, frozenset(topic.fields), stem or "", 0)


def _narrowed(node: Node, fields: frozenset[str], stem: str, depth: int) -> str | None:  # noqa: PLR0911 # one a case
    def inner(part: Node) -> str | None:
        return _narrowed(part, fields, stem, depth + 1)

    match node:
        case Alias(part=part):
            return inner(part)
        case In(field=field, part=part):
            return _narrowed(part, frozenset((field,)), stem, depth + 1)
        case And(parts=parts) if depth < MAX_DEPTH:
            return _all(inner(part) for part in parts if not isinstance(part, Not))
        case Near(left=left, right=right) if depth < MAX_DEPTH:
            return _all((inner(left), inner(right)))
        case Or(parts=parts) if depth < MAX_DEPTH:
            return _any([inner(part) for part in parts])
        case Term() | Phrase() if fields <= _COLUMNS:
            return _in_columns(_leaf(node, stem), fields)
    return None


def _leaf(leaf: Term | Phrase, stem: str) -> str | None:
    if isinstance(leaf, Term) and not leaf.exact and (leaf.text.endswith("*") or "?" in leaf.text):
        return _in_order(spelling_with_wildcards(leaf.text).words)
    if isinstance(leaf, Phrase) and leaf.slop is not None:
        return _all(_in_order(spelling_of(unit, stem=stem).words) for unit in units_of(leaf.text))
    return _in_order(spelling_of(leaf.text, exact=leaf.exact, stem=stem).words)


def _in_order(words: Sequence[Word]) -> str | None:
    """The words close together; those that the index can not be asked for are left out."""
    spellings = [spelling for word in words if (spelling := _spellings(word))]
    together = len(spellings) == len(words)
    ways = list(product(*spellings)) if together and _ways(spellings) <= MAX_SPELLINGS else []
    if len(words) == 1 or not ways:
        return _all(_any(spelling) for spelling in spellings)
    # Between the first and the last stand the others, and behind each but the last perhaps a possessive's s.
    most = sum(len(word.text) if word.is_spaceless else 1 for word in words[1:-1]) + len(words) - 1
    return _any([f"NEAR({' '.join(way)}, {most})" for way in ways])


def _ways(spellings: Iterable[Sequence[str]]) -> int:
    ways = 1
    for spelling in spellings:
        ways *= len(spelling)
    return ways


def _spellings(word: Word) -> list[str]:
    """All that the index may have for a word; nothing where that can not be said."""
    if isinstance(word, Literal | Stem) or not all(map(_is_known, word.text)):
        return []
    if isinstance(word, Run):
        return [f'"{" ".join(word.text)}"']
    forms = [pattern.strip() for pattern in word.patterns]
    if not all(forms):
        return []
    is_open = isinstance(word, Prefix | Wildcard)
    return [f'"{form}" *' if is_open else f'"{form}"' for form in forms]


def _is_known(char: str) -> bool:
    """Whether SQLite, whose Unicode is older than Python's, takes it for a letter too."""
    return char.isascii() or ucd_3_2_0.category(char)[0] in "LNM"


def _in_columns(expression: str | None, fields: frozenset[str]) -> str | None:
    if expression is None or fields == _COLUMNS:
        return expression
    return f"{{{' '.join(sorted(fields))}}} : ({expression})"


def _all(parts: Iterable[str | None]) -> str | None:
    """What satisfies all; a part that narrows nothing is left out."""
    return _joined(" AND ", [part for part in parts if part is not None])


def _any(parts: Sequence[str | None]) -> str | None:
    """What satisfies one; where a part narrows nothing the whole does not."""
    known = [part for part in parts if part is not None]
    return _joined(" OR ", known) if len(known) == len(parts) else None


def _joined(operator: str, parts: Sequence[str]) -> str | None:
    once = list(dict.fromkeys(parts))
    if len(once) < 2:
        return once[0] if once else None
    return operator.join(f"({part})" for part in once)

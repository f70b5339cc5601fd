"""Says a query in words, for people who did not write it. Not meant to be read back."""

from monitor.topics.query import Alias, And, In, Near, Node, Not, Or, Phrase, Regex, Term

_FIELDS = {
    "title": "in the title",
    "body": "in the text",
    "url": "in the address",
    "site": "on the site",
    "feed": "from the feed",
    "author": "by the author",
    "tag": "tagged",
    "lang": "in the language",
}


def describe(node: Node) -> str:  # noqa: PLR0911  # one return a kind of node
    """The query in words: `"Taiwan Strait" and, within 10 words, (a word starting with transit, or PLA)`."""
    match node:
        case Term():
            return _word(node)
        case Phrase():
            return _phrase(node)
        case Regex(pattern=pattern):
            return f"text like /{pattern}/"
        case Near():
            return f"{_inner(node.left)} and{_distance(node)} {_inner(node.right)}"
        case Or(parts=parts):
            return f"{', '.join(map(_inner, parts[:-1]))}, or {_inner(parts[-1])}"
        case And(parts=parts):
            return _conjunction(parts)
        case Not(part=part):
            return f"not {_inner(part)}"
        case In(field=field, part=part):
            return f"{_FIELDS[field]} {_inner(part)}"
        case Alias(name=name):
            return f"any of @{name}"
    return str(node)


def _word(node: Term) -> str:
    if node.exact:
        return f"{node.text} (exactly so)"
    stem = node.text.rstrip("*")
    like = f"a word like {stem}, any letter for each ?" if "?" in stem else ""
    if stem == node.text:
        return like or stem
    return f"{like}, and how it goes on" if like else f"a word starting with {stem}"


def _phrase(node: Phrase) -> str:
    quoted = f'"{node.text}"'
    if node.exact:
        return f"{quoted} (exactly so)"
    if node.slop is not None:
        return f"the words {quoted} in any order with at most {_words(node.slop)} between"
    return quoted


def _distance(node: Near) -> str:
    if node.distance == 0:
        return ", directly after it," if node.ordered else ", directly beside it,"
    return f" then, within {_words(node.distance)}," if node.ordered else f", within {_words(node.distance)},"


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count} words"


def _conjunction(parts: tuple[Node, ...]) -> str:
    wanted = " and ".join(_inner(part) for part in parts if not isinstance(part, Not))
    excluded = ", nor ".join(_inner(part.part) for part in parts if isinstance(part, Not))
    return f"{wanted}, but not {excluded}" if excluded else wanted


def _inner(node: Node) -> str:
    """The node inside another one, in parentheses where it has parts."""
    words = describe(node)
    return f"({words})" if isinstance(node, And | Or | Near | Not) else words

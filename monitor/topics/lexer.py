"""Cuts a query's text into words, phrases, operators and brackets, each with its place in the text as typed.

What may follow what is the grammar's business.
"""

import re
from collections.abc import Callable

from monitor.errors import QueryError
from monitor.topics.dialects import FIELD_NAMES, looks_like_host, unknown_field, widened
from monitor.topics.leaves import boost_lost, has_word, phrase, regex, term
from monitor.topics.limits import check_distance
from monitor.topics.normalise import normalised
from monitor.topics.query import At, Node, QueryWarning, Term
from monitor.topics.token import DEFAULT_DISTANCE, Scanned, Token


def scan(text: str) -> Scanned:
    """The tokens of a query; raises QueryError where something in it is not closed or not known."""
    return _Scanner(text).run()


_SPACE = re.compile(r"\s*")
_WORD = re.compile(r'(?:[^\s"()|\\&]+|\\.|&(?!&))+', re.DOTALL)
_QUOTED = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_SLOP = re.compile(r"~([^\s()|\"^]*)")
_BOOST = re.compile(r"\^[\d.]*")
_REGEX = re.compile(r"/((?:[^/\\\n\r]|\\[^\n\r])*)/([^\W\d_]*)")
_FIELD = re.compile(r"([A-Za-z][A-Za-z_]*):")
_ALIAS = re.compile(r"@(\w[\w-]*)[,;:]*")
_NEAR = re.compile(r"(o?near)/([0-9]*)(.*)", re.IGNORECASE | re.DOTALL)
_AROUND = re.compile(r"\(\s*([0-9]+)\s*\)")
_RANGE = re.compile(r"[\[{]\s*\S+\s+TO\s+[^\s\]}]+\s*[\]}]")
_LONE = re.compile(r"[-+!~]+(?=[\s)]|\Z)")

_OPERATORS = {"AND": "AND", "OR": "OR", "NOT": "NOT", "NEAR": "NEAR", "ONEAR": "NEAR"}
_KEYWORDS = _OPERATORS.keys() | {"AROUND", "around"}


class _Scanner:
    """One run over one text; each reader begins at `pos` and moves it on."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = normalised(text)
        self.pos = 0
        self.tokens: list[Token] = []
        self.required: set[int] = set()
        self.warnings: list[QueryWarning] = []

    def run(self) -> Scanned:
        text, end = self.text, len(self.text)
        while (start := _SPACE.match(text, self.pos).end()) < end:  # type: ignore[union-attr]  # it always matches
            self.pos = start
            _READERS.get(text[start], _Scanner.word)(self)
        self.tokens.append(Token("end", end, end))
        return Scanned(self.text, self.tokens, self.required, self.warnings)

    def word(self) -> None:
        """A word; or an operator, a field's name or Google's AROUND(n), which look like one."""
        found = _WORD.match(self.text, self.pos)
        if found is None:
            raise self._error("nothing stands after the backslash", length=1)
        piece, start = found[0], self.pos
        self.pos = found.end()
        if piece.isalnum() and piece not in _KEYWORDS and has_word(piece):
            at = At(start, self.pos)
            self.tokens.append(Token("leaf", start, self.pos, Term(text=piece, at=at)))
        elif not (self._operator(piece, start) or self._field(piece, start)):
            self._leaf(term(piece, At(start, self.pos), warnings=self.warnings), start)

    def _operator(self, piece: str, start: int) -> bool:
        if kind := _OPERATORS.get(piece):
            self.tokens.append(Token(kind, start, self.pos, ordered=piece == "ONEAR"))
            return True
        if "/" in piece and (found := _NEAR.fullmatch(piece)):
            return self._near(found, start)
        if piece in _KEYWORDS and (found := _AROUND.match(self.text, self.pos)):
            self.pos = found.end()
            distance = check_distance(found[1], start=start, end=self.pos)
            self.tokens.append(Token("NEAR", start, self.pos, distance=distance))
            return True
        return False

    def _near(self, found: re.Match[str], start: int) -> bool:
        """NEAR/5; near/5 too, as Meltwater has it, since nobody means a word by that."""
        name, digits, rest = found.groups()
        if digits and not rest:
            distance = check_distance(digits, start=start, end=self.pos)
            ordered = len(name) == len("ONEAR")
            self.tokens.append(Token("NEAR", start, self.pos, distance=distance, ordered=ordered))
            return True
        if name.isupper():
            message = f"{name}/ takes a number of words and then a blank: {name}/{DEFAULT_DISTANCE}"
            raise QueryError(message, start=start, end=self.pos)
        return False

    def _field(self, piece: str, start: int) -> bool:
        """`title:`, wherever it is a field; a colon at the end of another word is punctuation."""
        found = _FIELD.match(piece)
        if found is None:
            return False
        end, rest, typed = start + found.end(), piece[found.end() :], found[1].lower()
        if name := FIELD_NAMES.get(typed):
            self._check_no_field_before(start, end)
            self._field_warnings(typed, start, end)
            self.tokens.append(Token("field", start, end, name=name))
            self.pos = end
            return True
        if rest.startswith(":") or (not rest and self.text[end : end + 1] not in ('"', "(")):
            return False
        raise unknown_field(typed, start=start, end=end)

    def _check_no_field_before(self, start: int, end: int) -> None:
        """Said here and not in the grammar, since a row of fields is one long word."""
        if self.tokens and self.tokens[-1].kind == "field":
            first, second = self.tokens[-1], self.text[start:end]
            shown = self.text[first.start : first.end]
            message = f"{shown} takes a word, a phrase or a group"
            raise QueryError(message, start=first.start, end=first.end, hint=f"write {shown}… {second}…")

    def _field_warnings(self, typed: str, start: int, end: int) -> None:
        if lost := widened(typed):
            self._warn(lost, start, end)
        value = self.text[end : end + 100].split(maxsplit=1)[:1]
        if typed == "source" and value and looks_like_host(value[0]):
            self._warn("source: looks at the feed's name", start, end, f"for a host write site:{value[0]}")

    def quoted(self, *, exact: bool = False) -> None:
        """A phrase: `"a b"`, `="a b"`, `"a b"~5`."""
        start = self.pos
        found = _QUOTED.match(self.text, start + exact)
        if found is None:
            raise self._error("the quote is not closed", length=1 + exact)
        self.pos = found.end()
        self._warn_of_missing_blanks(start)
        slop = self._slop(start, exact=exact)
        self._boost()
        at = At(start, self.pos)
        self._leaf(phrase(found[1], at, exact=exact, slop=slop, warnings=self.warnings), start)

    def _slop(self, start: int, *, exact: bool) -> int | None:
        found = _SLOP.match(self.text, self.pos)
        if found is None:
            return None
        tilde, self.pos = self.pos, found.end()
        if not found[1].isdecimal() or not found[1].isascii():
            message = '~ after a phrase takes a number of words: "a b"~5'
            raise QueryError(message, start=tilde, end=self.pos)
        if exact:
            message = '= and ~ can not be combined: write ="a" NEAR/5 ="b"'
            raise QueryError(message, start=start, end=self.pos)
        return check_distance(found[1], start=tilde, end=self.pos)

    def _warn_of_missing_blanks(self, start: int) -> None:
        """A quote in the middle of a word is most often one that was meant to close, or to open."""
        before, after = self.text[start - 1 : start], self.text[self.pos : self.pos + 1]
        for place, is_glued in ((start, before.isalnum() or before == '"'), (self.pos - 1, after.isalnum())):
            if is_glued:
                self._warn("a blank is missing beside this quote", place, place + 1, "is there one too many?")

    def opened(self) -> None:
        self.tokens.append(Token("(", self.pos, self.pos + 1))
        self.pos += 1

    def closed(self) -> None:
        self.tokens.append(Token(")", self.pos, self.pos + 1))
        self.pos += 1
        if self.text.startswith("~", self.pos):
            raise self._error("~ can not stand after a group", length=1, hint="write (…) NEAR/5 (…)")
        self._boost()

    def _boost(self) -> None:
        if found := _BOOST.match(self.text, self.pos):
            self.warnings.append(boost_lost(At(self.pos, found.end())))
            self.pos = found.end()

    def bar(self) -> None:
        """`|` and `||` are OR."""
        self._symbol("OR", 2 if self.text.startswith("||", self.pos) else 1)

    def ampersand(self) -> None:
        """`&&` is AND; a single `&` belongs to a word."""
        if self.text.startswith("&&", self.pos):
            self._symbol("AND", 2)
        else:
            self.word()

    def minus(self) -> None:
        """`-word`, and Lucene's `!word`; alone between blanks it is a dash between words."""
        if self._skip_lone():
            return
        if self.pos and self.text[self.pos - 1] == '"':
            hint = "put a blank before it to exclude what follows, or take the whole word into the quotes"
            raise self._error("a blank is missing between the quote and this", length=1, hint=hint)
        self._symbol("-", 1)

    def plus(self) -> None:
        """Lucene's `+word`, which every word here is anyway; Talkwalker's `++word` is `=word`."""
        if self._skip_lone():
            return
        self.pos += 1
        if self.text.startswith("+", self.pos):
            self.exact()
        else:
            self.required.add(len(self.tokens))

    def exact(self) -> None:
        """`=word` and `="a phrase"`; the sign is one character."""
        following = self.text[self.pos + 1 : self.pos + 2]
        if following == '"':
            self.quoted(exact=True)
            return
        found = _WORD.match(self.text, self.pos + 1)
        if found is None or following == "=":
            hint = "put it before each word by itself: (=US OR =UK)" if following == "(" else ""
            raise self._error("= stands directly before a word or a quote", length=1, hint=hint)
        start, self.pos = self.pos, found.end()
        self._leaf(term(found[0], At(start, self.pos), exact=True, warnings=self.warnings), start)

    def slash(self) -> None:
        """A regular expression; its text is taken as typed, curly quotes and all."""
        start = self.pos
        found = _REGEX.match(self.text, start)
        if found is None:
            hint = "to look for a text that begins with a slash, put it in quotes"
            raise self._error("the regular expression is not closed with a /", length=1, hint=hint)
        self.pos = found.end()
        pattern = self.original[found.start(1) : found.end(1)]
        self._leaf(regex(pattern, found[2], At(start, self.pos)), start)

    def alias(self) -> None:
        start = self.pos
        found = _WORD.match(self.text, start)
        name = _ALIAS.fullmatch(found[0]) if found else None
        if found is None or name is None:
            hint = 'to look for the text itself, put it in quotes: "@name"'
            length = len(found[0]) if found else 1
            raise self._error("an alias's name follows the @: @taiwan_strait", length=length, hint=hint)
        self.pos = found.end()
        self.tokens.append(Token("alias", start, start + 1 + len(name[1]), name=name[1]))

    def bracket(self) -> None:
        """A word may begin with a bracket; Lucene's range may not pass as one."""
        if found := _RANGE.match(self.text, self.pos):
            hint = "list what you look for with OR; for anything else, put the text in quotes"
            raise self._error("a range ([a TO b]) has no counterpart here", length=len(found[0]), hint=hint)
        self.word()

    def tilde(self) -> None:
        """Google's old `~word` for synonyms."""
        if not self._skip_lone():
            self._warn("~ for synonyms is lost: only the word itself is looked for", self.pos, self.pos + 1)
            self.pos += 1

    def _skip_lone(self) -> bool:
        """Whether the sign stands alone between words, like a dash in a headline, and was left out."""
        found = _LONE.match(self.text, self.pos)
        if found is None:
            return False
        if found[0] == "!":
            raise self._error(
                "! excludes a word directly after it", length=1, hint="write NOT or leave it out"
            )
        self._warn(f"{found[0]} stands alone: it is left out", found.start(), found.end())
        self.pos = found.end()
        return True

    def _symbol(self, kind: str, length: int) -> None:
        self.tokens.append(Token(kind, self.pos, self.pos + length))
        self.pos += length

    def _leaf(self, leaf: Node | None, start: int) -> None:
        if leaf is not None:
            self.tokens.append(Token("leaf", start, self.pos, leaf))

    def _warn(self, message: str, start: int, end: int, hint: str = "") -> None:
        self.warnings.append(QueryWarning(message=message, start=start, end=end, hint=hint))

    def _error(self, message: str, *, length: int, hint: str = "") -> QueryError:
        return QueryError(message, start=self.pos, end=self.pos + length, hint=hint)


_READERS: dict[str, Callable[[_Scanner], None]] = {
    '"': _Scanner.quoted,
    "(": _Scanner.opened,
    ")": _Scanner.closed,
    "|": _Scanner.bar,
    "&": _Scanner.ampersand,
    "-": _Scanner.minus,
    "!": _Scanner.minus,
    "+": _Scanner.plus,
    "=": _Scanner.exact,
    "/": _Scanner.slash,
    "@": _Scanner.alias,
    "[": _Scanner.bracket,
    "{": _Scanner.bracket,
    "~": _Scanner.tilde,
}

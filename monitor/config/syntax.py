"""YAML syntax errors in plain words: what a parser complains of, and what the writer probably meant.

Reads the complaint and the file's text; knows no YAML library.
"""

import re
from collections.abc import Callable

from monitor.records import dataclass

_QUOTE_HINT = "a value that begins with a quote ends at the closing quote: put '…' around all of it"
_INDENT_HINT = "lines that belong together begin in the same column; use blanks only"
_COLON_HINT = "a text with `: ` in it needs quotes; a field name is written without a blank: title:word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What a parser complains of: where it noticed, and where the thing began that it was reading."""

    text: str
    words: str
    at: int
    context: int

    @property
    def line_start(self) -> int:
        """Where the line begins in which it was noticed."""
        return self.text.rfind("\n", 0, self.at) + 1

    @property
    def before(self) -> str:
        """That line up to the place."""
        return self.text[self.line_start : self.at]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A complaint in plain words; `end` is None for a single character."""

    message: str
    start: int
    end: int | None = None
    hint: str = ""


def explain_syntax(text: str, words: str | None, at: int | None, context: int | None) -> Explained:
    """What is wrong and where, from the parser's words and the places it names."""
    noticed = at if at is not None else (context or 0)
    complaint = Complaint(
        text=text, words=words or "", at=noticed, context=noticed if context is None else context
    )
    for pattern, explain in _COMPLAINTS:
        if re.search(pattern, complaint.words):
            return explain(complaint)
    return Explained(message=f"this is not YAML: {complaint.words}", start=noticed)


def explain_character(character: object) -> str:
    """A character that YAML does not allow."""
    code = f"U+{character:04X}" if isinstance(character, int) else str(character)
    return f"the control character {code} is not allowed here"


def _cannot_start(found: Complaint) -> Explained:
    character = found.text[found.at]
    if character == "\t":
        return Explained(message="a tab can not indent YAML", start=found.at, hint="use blanks")
    return Explained(
        message=f"a value can not begin with `{character}` unless it is quoted",
        start=found.at,
        hint="put quotes around the text" + (": '@name'" if character == "@" else ""),
    )


def _unclosed_quote(found: Complaint) -> Explained:
    quote = found.text[found.context]
    return Explained(message=f"this quote ({quote}) is never closed", start=found.context)


def _unclosed_bracket(found: Complaint) -> Explained:
    opened = found.text[found.context]
    closing = "]" if opened == "[" else "}"
    if "\n" in found.text[found.context : found.at] or found.at >= len(found.text.rstrip()):
        message = f"this `{opened}` is never closed, or something in it needs quotes"
        return Explained(message=message, start=found.context, hint=f"`{closing}` ends it")
    return Explained(
        message=f"a comma or `{closing}` is expected here",
        start=found.at,
        hint="quote texts that have commas, colons or brackets in them",
    )


def _after_end(found: Complaint) -> Explained:
    """Something stands where a block should have ended: nearly always text after a closing quote."""
    end = _line_end(found.text, found.at)
    if found.before.rstrip().endswith(("'", '"')):
        message = "there is text after the closing quote"
        return Explained(message=message, start=found.at, end=end, hint=_QUOTE_HINT)
    if found.text[found.at : found.at + 1] == "-" and not found.before.strip():
        message = "a list item (`-`) stands among the keys of a mapping"
        return Explained(message=message, start=found.at, hint=_INDENT_HINT)
    at_start = not found.before.strip()
    message = "this line does not fit the lines above" if at_start else "this does not belong here"
    return Explained(message=message, start=found.at, end=end, hint=_INDENT_HINT)


def _colon(found: Complaint) -> Explained:
    text, start, above = found.text, found.line_start, _line_above(found.text, found.line_start)
    second = re.search(r":\s|['\"]\s*:|^\s*-\s", text[start : found.at])
    if second or above is None:
        return Explained(message="a second `: ` stands in this line", start=found.at, hint=_COLON_HINT)
    if _indent(text, start) > _indent(text, above) and re.search(r":\s", text[above:start]):
        message = "this key is indented deeper than the line above, which has a value already"
        return Explained(message=message, start=start, end=found.at, hint=_INDENT_HINT)
    return Explained(
        message="this line lacks its colon",
        start=above,
        end=_line_end(text, above),
        hint="`key: value`, or `key:` above a list",
    )


def _no_colon(found: Complaint) -> Explained:
    start, end = found.context, _line_end(found.text, found.context)
    line = found.text[start:end]
    if glued := re.match(r"([\w.-]+:)(\S.*)", line):
        message = "a blank is missing after the colon"
        return Explained(message=message, start=start + glued.end(1), hint=" ".join(glued.groups()))
    return Explained(
        message="this line is neither `key: value` nor a list item (`- value`)", start=start, end=end
    )


def _no_content(found: Complaint) -> Explained:
    if not found.text[found.at :].strip():
        last = len(found.text.rstrip())
        return Explained(message="the file ends here, but a `[` or `{` further up is still open", start=last)
    message = f"a value is expected here, not `{found.text[found.at]}`"
    return Explained(message=message, start=found.at, hint="put quotes around the text")


def _alias(found: Complaint) -> Explained:
    name = re.compile(r"\*[^\s,\[\]{}]*").match(found.text, found.at)
    return Explained(
        message="nothing further up has this anchor",
        start=found.at,
        end=name.end() if name else None,
        hint="a text that begins with `*` needs quotes; `*name` is YAML's alias for an `&name` further up",
    )


def _escape(found: Complaint) -> Explained:
    return Explained(
        message="this is no escape that YAML knows",
        start=max(found.text.rfind("\\", 0, found.at + 1), 0),
        end=found.at + 1,
        hint=r"in double quotes a backslash is written `\\`; in single quotes it stands for itself",
    )


def _block_header(found: Complaint) -> Explained:
    sign = found.text[found.context]
    return Explained(
        message=f"nothing may follow `{sign}` on its line",
        start=found.at,
        end=_line_end(found.text, found.at),
        hint=f"the text begins on the next line, indented; a text that begins with `{sign}` needs quotes",
    )


def _second_document(found: Complaint) -> Explained:
    message = "a second document (`---`) begins here; one file holds one"
    return Explained(message=message, start=found.at, end=found.at + 3)


def _said(message: str, hint: str = "") -> Callable[[Complaint], Explained]:
    return lambda found: Explained(message=message, start=found.at, hint=hint)


def _line_above(text: str, start: int) -> int | None:
    """Where the last line with something in it begins, above the line that begins at `start`."""
    found = list(re.finditer(r"^[ \t]*[^\s#].*$", text[:start], re.MULTILINE))
    return found[-1].start() if found else None


def _indent(text: str, start: int) -> int:
    return len(text[start:]) - len(text[start:].lstrip(" "))


def _line_end(text: str, at: int) -> int:
    found = re.compile(r"[ \t]*(?:\r|\n|\Z)").search(text, at)
    return found.start() if found else len(text)


_COMPLAINTS: tuple[tuple[str, Callable[[Complaint], Explained]], ...] = (
    ("cannot start any token", _cannot_start),
    ("found unexpected end of stream", _unclosed_quote),
    (r"expected ',' or", _unclosed_bracket),
    ("mapping values are not allowed", _colon),
    ("expected <block end>", _after_end),
    ("could not find expected ':'", _no_colon),
    ("expected the node content", _no_content),
    ("found undefined alias", _alias),
    ("unknown escape character|expected escape sequence", _escape),
    ("chomping or indentation|expected a comment or a line break", _block_header),
    ("found another document", _second_document),
    ("maximum depth", _said("lists and mappings are nested too deeply here")),
    ("sequence entries are not allowed", _said("a list begins on its own line", "or write it as [a, b]")),
    ("mapping keys are not allowed", _said("a key can not stand here", _INDENT_HINT)),
    ("more indented follow up line", _said("an empty line above is indented deeper than this", _INDENT_HINT)),
    ("unexpected document separator", _said("a quote is still open where a new document (`---`) begins")),
)

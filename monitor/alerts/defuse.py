"""Makes strangers' text safe to put into a message, whatever service shows it. Pure.

Three passes, each over what the one before left:

1. what cannot be seen goes: control and bidi characters, zero-width tricks, fillers, lone surrogates,
   stacks of accents; joiners stay where scripts and emoji need them;
2. white space of every kind, line breaks too, becomes one blank: a text is one line;
3. what calls people is put out of action and stays readable: `@name` becomes `＠name` (U+FF20, an at sign
   that no service takes for one), `<!channel>`, `<@U123>` and `<at>` begin with `‹` (U+2039). An address
   such as `desk@example.org` stays as it is.

Escaping the mark-up of a service is not done here: see markup.py.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from monitor.alerts.alert import Marked

AT = "＠"
ANGLE = "‹"

Mark = tuple[int, int, str]
_Edit = tuple[int, int, str]

# Scripts whose letters need U+200C and U+200D between them: Arabic to Thaana, those of India, Burmese,
# Khmer, Mongolian, and Arabic's presentation forms.
_JOINING = (
    r"\u0600-\u061b\u061d-\u070e\u0710-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af"
    r"\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
)
_EMOJI = (
    r"\u00a9\u00ae\u203c\u2049\u20e3\u2122\u2139\u2190-\u27ff\u2900-\u2bff\u3030\u303d\u3297\u3299"
    r"\U0001f000-\U0001faff"
)

_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    r"\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
    rf"|\u200c(?:(?<![{_JOINING}]\u200c)|(?![{_JOINING}]))"
    rf"|\u200d(?:(?<![{_JOINING}{_EMOJI}\ufe0f]\u200d)|(?![{_JOINING}{_EMOJI}]))"
    rf"|[\ufe0e\ufe0f](?<![{_EMOJI}#*0-9][\ufe0e\ufe0f])"
)
_BROKEN = re.compile(r"[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ACCENT = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED = re.compile(rf"(?<={_ACCENT * 4}){_ACCENT}+")
_SPACE = re.compile(r"[^\S ][\s\u2800]*|\u2800[\s\u2800]*|\s[\s\u2800]+|^\s+|\s$")
_SUSPECT = re.compile(
    r"[\x00-\x1f@<\x7f-\xa0\xad\u0300-\u036f\u0483-\u0489\u061c\u070f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u2000-\u200f\u2028-\u202f\u205f-\u206f\u20d0-\u20ff\u2800\u3000\u3164"
    r"\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff0-\uffff"
    r"\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Every character that any pass looks for, as one set: sets are quick to search."""

_CALLS = re.compile(
    r"(?<!\w)@(?=\S)"
    r"|@(?=(?:everyone|here|channel|room)\b)"
    r"|<(?=[!@#&:]|/?at\b|a:|t:-?\d|id:|users/|/[\w-]+:\d|subteam|sip:|@)",
    re.IGNORECASE,
)


def defuse(marked: Marked) -> Marked:
    """The text made safe, with its marks on the same words."""
    if _is_harmless(marked.text):
        return marked
    for edits in (_unseen_in, _spaces_in, _calls_in):
        marked = _edited(marked, list(edits(marked.text)))
    return marked


def defuse_text(text: str) -> str:
    """A text without marks, made safe."""
    return text if _is_harmless(text) else defuse(Marked(text=text)).text


def shorten(marked: Marked, text: str) -> Marked:
    """The marks of `marked` that lie within `text`: `marked.text` itself, or cut short with an ellipsis."""
    end = len(text) if text == marked.text else max(0, len(text) - 1)
    marks = tuple((start, min(stop, end), why) for start, stop, why in marked.marks if start < end)
    return Marked(text=text, marks=marks)


def _is_harmless(text: str) -> bool:
    """Whether the passes would find nothing: true of most text, and a fraction of their cost."""
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        return False
    if text.isascii():
        return text.isprintable() and "@" not in text and "<" not in text
    return not _SUSPECT.search(text)


def _unseen_in(text: str) -> Iterator[_Edit]:
    yield from _removals(_UNSEEN, text, lambda _: "")


def _spaces_in(text: str) -> Iterator[_Edit]:
    edits = [
        *_removals(_BROKEN, text, lambda _: "\ufffd"),
        *_removals(_STACKED, text, lambda _: ""),
        *_removals(_SPACE, text, lambda match: "" if _at_an_end(match) else " "),
    ]
    yield from sorted(edits)


def _calls_in(text: str) -> Iterator[_Edit]:
    yield from _removals(_CALLS, text, lambda match: AT if match[0] == "@" else ANGLE)


def _removals(
    pattern: re.Pattern[str], text: str, replacement: Callable[[re.Match[str]], str]
) -> Iterator[_Edit]:
    return ((match.start(), match.end(), replacement(match)) for match in pattern.finditer(text))


def _at_an_end(match: re.Match[str]) -> bool:
    return match.start() == 0 or match.end() == len(match.string)


def _edited(marked: Marked, edits: Sequence[_Edit]) -> Marked:
    """The text with the edits made (sorted, apart from each other), and the marks moved with it."""
    if not edits:
        return marked
    pieces: list[str] = []
    done = 0
    for start, end, new in edits:
        pieces += (marked.text[done:start], new)
        done = end
    pieces.append(marked.text[done:])
    return Marked(text="".join(pieces), marks=tuple(_moved(marked.marks, edits)))


def _moved(marks: Sequence[Mark], edits: Sequence[_Edit]) -> Iterator[Mark]:
    for start, end, why in marks:
        moved = _position(start, edits), _position(end, edits)
        if moved[0] < moved[1]:
            yield *moved, why


def _position(at: int, edits: Sequence[_Edit]) -> int:
    shift = 0
    for start, end, new in edits:
        if at <= start:
            break
        if at < end:
            return start + shift + len(new)
        shift += len(new) - (end - start)
    return at + shift

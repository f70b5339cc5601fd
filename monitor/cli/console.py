"""What the terminal shows: consoles, marked words, plain words for errors, times.

Text from feeds is only ever a value: it can neither act as Rich's mark-up nor as an escape sequence.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    Printer: TypeAlias = "Console | Pipe"

MARK_STYLE = "bold black on yellow"
MARK_SIGNS = ("*", "*")
"""What stands around a marked word where no colour can mark it."""

_ACTIVE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = "\t\n\r\v\f\u2028\u2029"


def out(*, endless: bool = False) -> "Console":
    """Standard output, for results. Where nobody reads it any more, what is left goes nowhere.

    `endless`: the work has no end of its own, and ends there with BrokenPipeError.
    """
    return _console(stderr=False, endless=endless)


def lines_out() -> "Printer":
    """The same for who prints lines only: where no terminal is, without Rich, which is slow to import."""
    return out() if _may_be_terminal(sys.stdout) else Pipe()


def err() -> "Console":
    """Standard error, for what goes wrong and for progress."""
    return _console(stderr=True, endless=False)


def _console(*, stderr: bool, endless: bool) -> "Console":
    from rich.console import Console

    class PipedConsole(Console):
        def on_broken_pipe(self) -> None:
            if endless:
                raise  # noqa: PLE0704 - called while the BrokenPipeError is handled
            self.quiet = True
            silence(sys.stderr if stderr else sys.stdout)

    # Nothing is guessed from the text: colours come from styles that the program gave.
    return PipedConsole(stderr=stderr, markup=False, highlight=False, emoji=False)


class Pipe:
    """Standard output that is no terminal: each text is one line, without styles.

    When nobody reads it any more, what is left goes nowhere.
    """

    is_terminal = False
    color_system = None
    no_color = True

    def __init__(self) -> None:
        self._quiet = False

    def print(self, text: "Text", *, soft_wrap: bool = True) -> None:  # noqa: ARG002 - it never wraps
        """Print the text in one line: a program may read it."""
        if self._quiet:
            return
        try:
            sys.stdout.write(f"{text.plain}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            self._quiet = True
            silence(sys.stdout)


def _may_be_terminal(stream: TextIO) -> bool:
    """Whether Rich may take it for one: these variables can make it."""
    return stream.isatty() or not os.environ.keys().isdisjoint(("FORCE_COLOR", "TTY_COMPATIBLE"))


def clean(text: str) -> str:
    """The text without what drives a terminal or reorders the line; every character keeps its place."""
    return text if text.isprintable() else _ACTIVE.sub(_harmless, text)


def _harmless(found: re.Match[str]) -> str:
    return " " if found[0] in _BLANKS else "·"


def words(text: str, style: str = "") -> "Text":
    """A stranger's text, or any other, as Rich shows it literally."""
    from rich.text import Text

    shown = Text(clean(text))
    if style:  # of these characters alone: a text's own style would hold for all that is joined to it
        shown.stylize(style)
    return shown


def marked(text: str, marks: Iterable[Sequence[Any]], console: "Printer", style: str = "") -> "Text":
    """The text with its marks, (start, end, …) each: in colour, or between stars where there is none."""
    if shows_colour(console):
        shown = words(text, style)
        for start, end, *_ in marks:
            shown.stylize(MARK_STYLE, start, end)
        return shown
    before, after = MARK_SIGNS
    for start, end, *_ in sorted(marks, key=lambda mark: -mark[0]):
        text = f"{text[:start]}{before}{text[start:end]}{after}{text[end:]}"
    return words(text, style)


def shows_colour(console: "Printer") -> bool:
    """Whether a mark can be a colour: on a terminal, and not refused by NO_COLOR."""
    return console.color_system is not None and not console.no_color


def say(console: "Printer", sentence: "Text") -> None:
    """Print a sentence: on a terminal in lines that end between words, for programs in one."""
    console.print(sentence, soft_wrap=not console.is_terminal)


def table(*, title: str = "", expand: bool = False) -> "Table":
    """A table in the house's style, without columns."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(
        box=SIMPLE_HEAD,
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="dim",
        pad_edge=False,
        show_edge=False,
        expand=expand,
    )


def print_json(value: object) -> None:
    """One JSON value on one line."""
    sys.stdout.write(to_json(value) + "\n")


def to_json(value: object) -> str:
    """Compact JSON in which no character drives a terminal; moments as ISO 8601 in UTC."""
    return safe_json(_ENCODER.encode(value))


def safe_json(text: str) -> str:
    """The JSON with characters that drive a terminal spelled out; JSON reads them back as they were."""
    return text if text.isprintable() else _ACTIVE.sub(_spelled, text)


def _spelled(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_plain)
"""Made once: json.dumps makes one for every call that is not its default."""


def iso(moment: datetime) -> str:
    """The moment in ISO 8601, UTC as Z."""
    return moment.isoformat().replace("+00:00", "Z")


def when(moment: datetime, *, zone: tzinfo, now: datetime) -> str:
    """A moment for a table: the time today, day and time this year, the date before."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if local.year == today.year:
        return f"{local:%b} {local.day} {local:%H:%M}"
    return f"{local:%Y-%m-%d}"


def span_of(duration: timedelta) -> str:
    """A duration in words of one unit: `45 s`, `12 min`, `3 h`, `5 days`."""
    seconds = max(0, round(duration.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    if seconds < 172800:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, or in how long: `12 min ago`, `in 3 h`."""
    return f"{span_of(now - moment)} ago" if moment <= now else f"in {span_of(moment - now)}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 feed`, `2 feeds`, `0 feeds`; thousands are grouped."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@contextmanager
def counting(what: str, results: "Printer", total: int | None = None) -> Iterator[Callable[[], None]]:
    """A progress bar while inside, on a terminal only; yields what to call for each one done."""
    # Bar and results share a console where they share a terminal: else they would overwrite each other.
    console = results if results.is_terminal else err() if _may_be_terminal(sys.stderr) else results
    if isinstance(console, Pipe) or not console.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


def forgiving_output() -> None:
    """Let neither a closed stream nor a character that the terminal's encoding lacks end the program."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # as `>&-` leaves it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - to the program's end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def flush_quietly() -> str:
    """Write out what is left; says why that fails. That nobody reads it any more is no failure."""
    try:
        sys.stdout.flush()
    except OSError as error:
        silence(sys.stdout)
        return "" if isinstance(error, BrokenPipeError) else str(error.strerror)
    return ""


def silence(stream: TextIO) -> None:
    """After the reader of a pipe has gone: the interpreter's own last flush must not complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())

"""Prints a message to the terminal, for `stdout://`: matched words stand out, and no text can act on it."""

import sys
from typing import TextIO

from monitor.alerts.message import Message
from monitor.alerts.outcome import Outcome

_BOLD, _MARK, _OFF = "\x1b[1m", "\x1b[1;33m", "\x1b[0m"

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\ufffd") | {ord("\n"): "\n"}
"""What is left of them after rendering, none should be, is made visible and cannot act."""


def print_message(message: Message, stream: TextIO | None = None) -> Outcome:
    """Print the message to the stream, standard output if none is given."""
    stream = stream or sys.stdout
    try:
        stream.write(printed(message, colours=stream.isatty()) + "\n\n")
        stream.flush()
    except OSError as error:
        return Outcome(kind="retry", detail=f"cannot print: {error.strerror or type(error).__name__}")
    return Outcome(kind="delivered")


def printed(message: Message, *, colours: bool) -> str:
    """The message as it is printed: in colours, or with asterisks around the matched words."""
    start, end = (_MARK, _OFF) if colours else ("*", "*")
    title = message.title.translate(_CONTROLS)
    lines = [f"{_BOLD}{title}{_OFF}" if colours and title else title]
    lines.append(_with_marks(message.text.translate(_CONTROLS), message.marks, start, end))
    return "\n".join(line for line in lines if line)


def _with_marks(text: str, marks: tuple[tuple[int, int], ...], start: str, end: str) -> str:
    out: list[str] = []
    done = 0
    for first, last in marks:
        out += (text[done:first], start, text[first:last], end)
        done = last
    return "".join((*out, text[done:]))

"""What `stdout://` prints."""

import io

import pytest

from monitor.alerts.message import Message
from monitor.alerts.terminal import print_message, printed

MESSAGE = Message(
    title="Cuba: Spy base grows", text="Spy base grows\n– near Havana", marks=((0, 8), (22, 28))
)


def test_a_terminal_shows_the_matched_words_in_colour() -> None:
    assert printed(MESSAGE, colours=True) == (
        "\x1b[1mCuba: Spy base grows\x1b[0m\n\x1b[1;33mSpy base\x1b[0m grows\n– near \x1b[1;33mHavana\x1b[0m"
    )


def test_a_file_gets_asterisks() -> None:
    assert printed(MESSAGE, colours=False) == "Cuba: Spy base grows\n*Spy base* grows\n– near *Havana*"


def test_nothing_in_a_message_acts_as_an_escape_sequence() -> None:
    hostile = Message(title="a\x1b]0;title\x07", text="b\x1b[2J\x9bc\rd")
    assert printed(hostile, colours=False) == "a�]0;title�\nb�[2J�c�d"


def test_a_message_ends_with_an_empty_line() -> None:
    stream = io.StringIO()
    assert print_message(MESSAGE, stream).kind == "delivered"
    assert stream.getvalue().endswith("Havana*\n\n")


def test_a_terminal_that_went_away_is_tried_again() -> None:
    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    outcome = print_message(MESSAGE, Gone())
    assert (outcome.kind, outcome.detail) == ("retry", "cannot print: Broken pipe")


def test_the_terminal_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    print_message(MESSAGE)
    assert "*Spy base*" in capsys.readouterr().out

"""A place in a query as plain text: the line and the carets below."""

import pytest

from monitor.errors import QueryError
from monitor.topics.caret import WIDTH, caret, message_of, position
from monitor.topics.parser import parse


@pytest.mark.parametrize(
    ("text", "start", "end", "shown"),
    [
        ("Cuba NOT x", 5, 8, "Cuba NOT x\n     ^^^"),
        ("Cuba", 4, 4, "Cuba\n    ^"),
        ("Cuba", 2, 2, "Cuba\n  ^"),
        ("", 0, 0, "\n^"),
        ("台湾 OR x", 3, 5, "台湾 OR x\n     ^^"),
        ("x OR 台湾", 5, 7, "x OR 台湾\n     ^^^^"),
        ("e\u0301te\u0301 OR", 6, 8, "e\u0301te\u0301 OR\n    ^^"),
        ("a\nb OR\nc", 4, 6, "b OR\n  ^^"),
        ("a\nb OR (\nc", 7, 10, "b OR (\n     ^"),
        ("a\r\nb OR", 5, 7, "b OR\n  ^^"),
        ("a\n", 2, 2, "\n^"),
        ("a\tb\x00c", 2, 3, "a b c\n  ^"),
        ("abc", 1, 99, "abc\n ^^"),
        ("abc", 99, 99, "\n^"),
    ],
)
def test_the_carets_stand_below_the_place(text: str, start: int, end: int, shown: str) -> None:
    """Wide characters take two columns, combining marks none; one line is shown."""
    assert caret(text, start, end) == shown


def test_a_long_line_is_cut_around_the_place() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    start = text.index("word150")
    line, carets = caret(text, start, start + 7).split("\n")
    assert len(line) <= WIDTH
    assert line.startswith("…")
    assert line.endswith("…")
    assert line[carets.index("^") : len(carets)] == "word150"


def test_a_long_place_is_marked_as_far_as_the_line_is_shown() -> None:
    line, carets = caret("台" * 500, 100, 400).split("\n")
    assert line.startswith("…台")
    assert carets.count("^") <= WIDTH


def test_an_error_is_shown_with_line_column_carets_and_hint() -> None:
    text = "Cuba\nOR titel:x"
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert message_of(caught.value, text) == (
        '2:4: error: there is no field "titel"\n'
        "  OR titel:x\n"
        "     ^^^^^^\n"
        "  hint: did you mean title:? If not, put the text in quotes"
    )


def test_a_warning_is_shown_likewise() -> None:
    (warning,) = parse("Taiwan – x").warnings
    assert message_of(warning, "Taiwan – x") == (
        "1:8: warning: - stands alone: it is left out\n  Taiwan – x\n         ^"
    )


@pytest.mark.parametrize(
    ("text", "start", "place"),
    [("abc", 0, (1, 1)), ("abc", 3, (1, 4)), ("a\nbc", 3, (2, 2)), ("a\n", 2, (2, 1)), ("a\r\nb", 3, (2, 1))],
)
def test_lines_and_columns_count_from_one(text: str, start: int, place: tuple[int, int]) -> None:
    assert position(text, start) == place

"""A problem prints its place, its line with carets, and its hint."""

from pathlib import Path

from monitor.config.problem import Problem, in_order
from monitor.config.source import Source, decode_source
from tests.configs import page

FILE = Path("feeds.yaml")


def at(text: str, word: str) -> Problem:
    start = text.index(word)
    return Source(path=FILE, text=text).problem("wrong", start, start + len(word))


def test_a_problem_prints_place_line_caret_and_hint() -> None:
    problem = Source(path=FILE, text="a: 1\nb: two\n").problem("no number", 8, 11, hint="write 2")
    assert str(problem) == page(
        """
        feeds.yaml:2:4: no number
            b: two
               ^^^
            hint: write 2
        """
    )


def test_wide_characters_take_two_columns_and_combining_marks_none() -> None:
    assert str(at("- 台湾e\u0301 x 海峡", "海峡")) == page(
        """
        feeds.yaml:1:10: wrong
            - 台湾e\u0301 x 海峡
                      ^^^^
        """
    )


def test_tabs_and_controls_do_not_move_the_caret() -> None:
    assert str(at("a\t\x1b[31mb", "b")) == page(
        """
        feeds.yaml:1:8: wrong
            a  [31mb
                   ^
        """
    )


def test_of_a_long_line_the_place_is_shown() -> None:
    shown = str(at("x" * 300 + "HERE" + "y" * 300, "HERE")).splitlines()
    assert shown[1].startswith("    …x")
    assert shown[1].endswith("y…")
    assert shown[1][shown[2].index("^") :].startswith("HERE")
    assert shown[2].count("^") == 4
    assert max(map(len, shown[1:])) <= 104


def test_a_place_over_several_lines_is_marked_on_its_first() -> None:
    assert str(Source(path=FILE, text="ab\ncd\n").problem("wrong", 1, 5)).endswith("    ab\n     ^")


def test_a_problem_of_the_whole_file_has_no_line() -> None:
    assert (
        str(Problem(file=FILE, message="not there", severity="warning")) == "feeds.yaml: warning: not there"
    )


def test_secret_stretches_are_stars_and_columns_stay() -> None:
    source = Source(path=FILE, text="url: slack://abc nme: x")
    source.secret.append((13, 16))
    assert str(source.problem("wrong", 17, 20)) == page(
        """
        feeds.yaml:1:18: wrong
            url: slack://*** nme: x
                             ^^^
        """
    )


def test_problems_are_told_file_by_file_top_down_and_once() -> None:
    first, second = Source(path=Path("b.yaml"), text="x\ny\n"), Source(path=Path("a.yaml"), text="x\n")
    problems = [first.problem("two", 2), second.problem("three", 0), first.problem("one", 0)]
    ordered = in_order([*problems, *problems], [Path("b.yaml"), Path("a.yaml")])
    assert [problem.message for problem in ordered] == ["one", "two", "three"]


def test_a_byte_order_mark_does_not_count_as_a_column() -> None:
    source = decode_source(FILE, "\ufeffabc: 1".encode())
    assert isinstance(source, Source)
    assert source.problem("wrong", 0).column == 1


def test_carriage_returns_end_lines() -> None:
    assert at("a\r\nb\rhere", "here").line == 3


def test_what_is_not_utf8_is_shown_where_it_stands() -> None:
    problem = decode_source(FILE, b"\xef\xbb\xbfa: b\nname: caf\xe9\n")
    assert str(problem) == page(
        """
        feeds.yaml:2:10: the byte 0xe9 here is not UTF-8
            name: caf\ufffd
                     ^
            hint: save the file as UTF-8, then try again
        """
    )


def test_other_encodings_and_binary_files_are_named() -> None:
    assert (
        str(decode_source(FILE, "a: 1".encode("utf-16")))
        == "feeds.yaml: this file is UTF-16; save it as UTF-8"
    )
    assert str(decode_source(FILE, b"SQLite\x00")) == "feeds.yaml: this is a binary file, not YAML"

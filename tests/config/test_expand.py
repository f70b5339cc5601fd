"""References are put in from the environment and from files; what is wrong with one stands at its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config.expand import Expansion
from monitor.config.source import Source
from monitor.config.tree import Scalar, read_tree, scalars_of
from tests.configs import page

ENVIRON = {"TOKEN": "s3cret", "EMPTY": "", "DOLLAR": "${TOKEN} $$"}
Read = Callable[[str], Source]


def expanded(source: Source, directory: Path) -> tuple[list[Scalar], Expansion]:
    expansion = Expansion(directory=directory, environ=ENVIRON)
    root = read_tree(source).root
    assert root is not None
    return list(scalars_of(expansion.apply(root))), expansion


def value(source: Source, directory: Path) -> str:
    (scalar,), expansion = expanded(source, directory)
    assert not expansion.problems
    return scalar.text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("${TOKEN}", "s3cret"),
        ("a://${TOKEN}/${TOKEN}#x", "a://s3cret/s3cret#x"),
        ("${EMPTY}", ""),
        ("${EMPTY:-x}", "x"),
        ("${MISSING:-x y}", "x y"),
        ("${MISSING:-}", ""),
        ("${MISSING:-file:x}", "file:x"),
        ("$$", "$"),
        ("$${TOKEN}", "${TOKEN}"),
        ("$5 and $TOKEN", "$5 and $TOKEN"),
        ("/a$/", "/a$/"),
        ("${DOLLAR}", "${TOKEN} $$"),
        ("${file:token}", "from file"),
        ("'${file: token }'", "from file"),
    ],
)
def test_references(source: Read, tmp_path: Path, typed: str, text: str) -> None:
    (tmp_path / "token").write_text("from file\n")
    assert value(source(f"a: {typed}\n"), tmp_path) == text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            "x${MISSING}y",
            """
            file.yaml:1:5: the environment variable MISSING is not set
                a: x${MISSING}y
                    ^^^^^^^^^^
                hint: set it, or give a default: ${MISSING:-…}
            """,
        ),
        (
            "${TOKAN}",
            """
            file.yaml:1:4: the environment variable TOKAN is not set
                a: ${TOKAN}
                   ^^^^^^^^
                hint: did you mean TOKEN?
            """,
        ),
        (
            "a${b",
            """
            file.yaml:1:5: this `${` is never closed
                a: a${b
                    ^^
                hint: a dollar sign itself is written `$$`
            """,
        ),
        (
            '"é\\t${my token}"',
            """
            file.yaml:1:8: the name of an environment variable is expected between `${` and `}`
                a: "é\\t${my token}"
                       ^^^^^^^^^^^
                hint: ${NAME}, ${NAME:-default} or ${file:PATH}; a dollar sign itself is written `$$`
            """,
        ),
        (
            "${file:nowhere}",
            """
            file.yaml:1:4: the file 'nowhere' can not be read: no such file or directory
                a: ${file:nowhere}
                   ^^^^^^^^^^^^^^^
                hint: looked for DIR/nowhere
            """,
        ),
    ],
)
def test_what_can_not_be_put_in(source: Read, tmp_path: Path, typed: str, message: str) -> None:
    _, expansion = expanded(source(f"a: {typed}\n"), tmp_path)
    (problem,) = expansion.problems
    assert str(problem).replace(str(tmp_path), "DIR") == page(message)


def test_what_was_put_in_is_remembered_and_defaults_are_not(source: Read, tmp_path: Path) -> None:
    (tmp_path / "two").write_text("first\nsecond\n")
    _, expansion = expanded(source("[$$, '${TOKEN}', '${MISSING:-plain}', '${file:two}']"), tmp_path)
    assert expansion.values == {"TOKEN": "s3cret", "file:two": "first\nsecond"}


def test_places_behind_a_reference_are_right(source: Read, tmp_path: Path) -> None:
    read = source("a: x ${TOKEN} y $$ z\n")
    (scalar,), _ = expanded(read, tmp_path)
    for word, typed in (
        ("x", "x"),
        ("s3cret", "${TOKEN}"),
        ("3", "${TOKEN}"),
        ("y", "y"),
        ("$", "$$"),
        ("z", "z"),
    ):
        start = scalar.text.index(word)
        first, last = scalar.span(start, start + len(word))
        assert read.text[first:last] == typed


def test_a_huge_file_is_no_secret(source: Read, tmp_path: Path) -> None:
    (tmp_path / "huge").write_bytes(b"x" * 70_000)
    _, expansion = expanded(source("a: ${file:huge}"), tmp_path)
    assert expansion.problems[0].message == "the file 'huge' is too large for a secret"

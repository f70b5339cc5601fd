"""`monitor match`: hits in input order, spans that fit the input, exit codes like grep's, constant memory."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Call

DOCS: list[dict[str, Any]] = [
    {
        "id": "a1",
        "title": "Warships cross the Taiwan Strait",
        "summary": "<p>Two <b>Taiwan</b> <i>Strait</i> runs",
    },
    {"id": 2, "title": "Cuba Gooding Jr. appears", "content": "no"},
    {
        "url": "https://x.org/3",
        "content": "A spy balloon's path over Cuba < Haiti & back. Spy balloons again.",
    },
    {
        "title": "A memo by someone",
        "author": "Ann Cuba",
        "tags": ["sport", "cuba"],
        "lang": "es",
        "feed": "Desk",
    },
]


def jsonl(*documents: object) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in documents)


def hits(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_hit_is_a_line_with_its_id_topic_and_spans(monitor: Call) -> None:
    done = monitor("match", "--json", "-q", '"Taiwan Strait"', stdin=jsonl(*DOCS))
    assert done.code == 0
    assert done.err == ""
    assert hits(done.out) == [
        {
            "id": "a1",
            "topic": '"Taiwan Strait"',
            "spans": [
                {
                    "field": "title",
                    "start": 19,
                    "end": 32,
                    "text": "Taiwan Strait",
                    "clause": '"Taiwan Strait"',
                },
                {
                    "field": "summary",
                    "start": 4,
                    "end": 17,
                    "text": "Taiwan Strait",
                    "clause": '"Taiwan Strait"',
                },
            ],
        }
    ]


def test_spans_fit_plain_text_as_it_was_given(monitor: Call) -> None:
    done = monitor("match", "--json", "-q", "spy NEAR/3 balloon", "-q", "Haiti", stdin=jsonl(DOCS[2]))
    assert len(hits(done.out)) == 2
    for hit in hits(done.out):
        for span in hit["spans"]:
            assert str(DOCS[2]["content"])[span["start"] : span["end"]] == span["text"]


def test_documents_are_named_by_id_else_url_else_place(monitor: Call, tmp_path: Path) -> None:
    file = tmp_path / "docs.jsonl"
    file.write_bytes(jsonl(*DOCS))
    done = monitor("match", "--json", "-q", "memo OR Cuba OR warships", file)
    assert [hit["id"] for hit in hits(done.out)] == ["a1", 2, "https://x.org/3", f"{file}:4"]


def test_every_field_can_be_asked_for(monitor: Call) -> None:
    for query in ("author:Cuba", "tag:cuba", "lang:es", "feed:Desk"):
        done = monitor("match", "--json", "-q", f"memo {query}", stdin=jsonl(*DOCS))
        assert [hit["id"] for hit in hits(done.out)] == ["-:4"], query
    assert monitor("match", "--json", "-q", "site:x.org spy", stdin=jsonl(*DOCS)).code == 0


def test_several_queries_and_files_keep_the_order_of_the_input(monitor: Call, tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).write_bytes(
            jsonl({"id": f"{name}1", "title": "x y"}, {"id": f"{name}2", "title": "y"})
        )
    done = monitor("match", "--json", "-q", "y", "-q", "x", tmp_path / "b", tmp_path / "a")
    assert [(hit["id"], hit["topic"]) for hit in hits(done.out)] == [
        ("b1", "y"), ("b1", "x"), ("b2", "y"), ("a1", "y"), ("a1", "x"), ("a2", "y"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stdin", "code"),
    [
        (b'{"title": "Cuba"}\n', 0),
        (b'{"title": "Haiti"}\n', 1),
        (b"", 1),
        (b'{"title": "Cuba"}\nnot json\n', 2),
        (b"not json\n", 2),
    ],
)
def test_exit_codes_are_those_of_grep(monitor: Call, stdin: bytes, code: int) -> None:
    assert monitor("match", "--json", "-q", "Cuba", stdin=stdin).code == code


def test_a_bad_line_is_told_on_standard_error_and_the_hits_are_printed(monitor: Call) -> None:
    done = monitor(
        "match", "--json", "-q", "Cuba", stdin=b'{"id": 1, "title": "Cuba"}\n{oops}\n{"title": "Cuba"}'
    )
    assert [hit["id"] for hit in hits(done.out)] == [1, "-:3"]
    assert done.err == "monitor match: -:2:2: not JSON: expecting property name enclosed in double quotes\n"


def test_a_wrong_query_is_shown_with_a_caret(monitor: Call) -> None:
    done = monitor("match", "-q", "Cuba AND", stdin=jsonl(*DOCS))
    assert done.code == 2
    assert done.out == ""
    shown = done.err.splitlines()
    assert shown[0].startswith("1:6: error: ")
    assert shown[1:3] == ["  Cuba AND", "       ^^^"]


def test_an_odd_query_is_warned_of_and_runs(monitor: Call) -> None:
    done = monitor("match", "--json", "-q", "Cuba OR Haiti AND oil", stdin=jsonl(*DOCS))
    assert "warning" in done.err
    assert done.code == 0


def test_without_a_query_the_watchlists_are_matched(monitor: Call, directory: Path) -> None:
    done = monitor("match", "--json", stdin=jsonl(*DOCS))
    assert [(hit["id"], hit["topic"]) for hit in hits(done.out)] == [
        ("a1", "Taiwan Strait"),
        ("https://x.org/3", "Cuba"),
    ]
    done = monitor("match", "--json", "--topic", "cuba", stdin=jsonl(*DOCS))
    assert [hit["topic"] for hit in hits(done.out)] == ["Cuba"]


def test_an_unknown_topic_is_answered_with_the_nearest(monitor: Call, directory: Path) -> None:
    done = monitor("match", "--topic", "Taiwn Strait", stdin=b"")
    assert done.code == 2
    assert "did you mean 'Taiwan Strait'?" in done.err


def test_a_query_needs_no_configuration_and_topics_do(monitor: Call) -> None:
    assert monitor("match", "-q", "Cuba", stdin=jsonl(*DOCS)).code == 0
    done = monitor("match", stdin=jsonl(*DOCS))
    assert done.code == 2
    assert "no configuration found" in done.err


def test_people_see_marked_words(monitor: Call) -> None:
    done = monitor("match", "-q", "spy NEAR/3 balloon", "-q", '"Taiwan Strait"', stdin=jsonl(*DOCS))
    assert done.out.splitlines() == [
        'a1  Warships cross the *Taiwan Strait*  ["Taiwan Strait"]',
        "    Two *Taiwan Strait* runs",
        "https://x.org/3  [spy NEAR/3 balloon]",
        "    A *spy* *balloon's* path over Cuba < Haiti & back. *Spy* *balloons* again.",
    ]


def test_what_matched_beside_the_text_is_shown_too(monitor: Call) -> None:
    done = monitor("match", "-q", "author:Cuba tag:cuba", stdin=jsonl(*DOCS))
    assert "    author: Cuba; tags: cuba" in done.out


def test_strangers_text_can_not_drive_the_terminal(monitor: Call) -> None:
    evil = {"id": "\x1b]0;x\x07", "title": "Cuba \x1b[2J[red]x[/red] \x9b31m", "content": "a\rb Cuba"}
    for more in ([], ["--json"]):
        done = monitor("match", "-q", "Cuba", *more, stdin=jsonl(evil))
        assert done.code == 0
        assert not any(character in done.out for character in "\x1b\x07\x9b\r")
    assert "[red]x[/red]" in monitor("match", "-q", "Cuba", stdin=jsonl(evil)).out


def test_a_plain_text_file_is_one_document_of_content(monitor: Call, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("A headline\n\nThe Taiwan Strait & <more>\n", encoding="utf-8")
    other = tmp_path / "other.txt"
    other.write_text("nothing\n", encoding="utf-8")
    done = monitor("match", "--text", "--json", "-q", '"Taiwan Strait"', page, other)
    (hit,) = hits(done.out)
    assert hit["id"] == str(page)
    (span,) = hit["spans"]
    assert (span["field"], span["start"], span["end"]) == ("content", 16, 29)


def test_nobody_reading_any_more_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(b'{"title": "Cuba"}\n' * 20_000)
    for more in ([], ["--json"]):
        command = [sys.executable, "-m", "monitor", "match", "-q", "Cuba", *more, str(file)]
        done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.stdout
        assert done.stderr
        done.stdout.readline()
        done.stdout.close()
        assert done.stderr.read() == b""
        assert done.wait(30) == 0


def test_a_hit_is_printed_while_more_input_is_awaited() -> None:
    command = [sys.executable, "-m", "monitor", "match", "--json", "-q", "Cuba"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin
        assert running.stdout
        running.stdin.write(b'{"id": "first", "title": "Cuba"}\n')
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["id"] == "first"
        running.stdin.close()
        assert running.wait(30) == 0


def test_memory_does_not_grow_with_the_input(tmp_path: Path) -> None:
    """The peak over 16 MB of documents is that over 1 MB, give or take a little."""
    line = json.dumps({"title": "Cuba", "content": "word " * 400}).encode() + b"\n"
    peaks = []
    for count in (500, 8_000):
        file = tmp_path / f"{count}.jsonl"
        with file.open("wb") as out:
            for _ in range(count):
                out.write(line)
        code = (
            "import resource, sys; from monitor.cli.program import run; run(sys.argv[1:]); "
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        command = [sys.executable, "-c", code, "match", "-q", "Haiti", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ})
        peaks.append(int(done.stderr.split()[-1]))
    assert peaks[1] - peaks[0] < 8_000

"""alerts.yaml's `templates:`: files of the folder templates/, each error with its file and line."""

from pathlib import Path

import pytest

from monitor.config import load
from monitor.config.watch import belongs
from monitor.errors import ConfigError

DESK = "receivers: [{name: desk, urls: 'stdout://'}]\n"


def write(directory: Path, alerts: str, **files: str) -> Path:
    (directory / "alerts.yaml").write_text(DESK + alerts)
    (directory / "templates").mkdir(exist_ok=True)
    for name, text in files.items():
        (directory / "templates" / f"{name}.txt").write_text(text)
    return directory


def refused(directory: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(directory, environ={})
    return str(caught.value).replace(f"{directory}/", "")


def test_a_template_is_for_a_receiver_or_for_services(tmp_path: Path) -> None:
    write(
        tmp_path,
        "templates:\n- {for: desk, text: a.txt}\n- {for: [slack, discord], title: b.txt, text: a.txt}\n",
        a="{{ hits[0].headline }}",
        b="{{ alert.about }}",
    )
    config = load(tmp_path, environ={})
    assert set(config.templates) == {"desk", "slack", "discord"}
    assert config.templates["slack"].files == {"title": "templates/b.txt", "text": "templates/a.txt"}
    assert config.templates["desk"].sources == {"text": "{{ hits[0].headline }}"}
    assert tmp_path / "templates" / "a.txt" in config.files


def test_a_broken_template_is_refused_with_its_own_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, "templates: [{for: desk, text: a.txt}]\n", a="one\n{{ hit.headline }}\n")
    assert refused(tmp_path).startswith(
        "templates/a.txt:2:1: there is no `hit`; known here: acts, alert, bold, hits, link, more, topics\n"
        "    {{ hit.headline }}\n"
    )


@pytest.mark.parametrize(
    ("alerts", "problem"),
    [
        ("templates: [{for: nobody, text: a.txt}]", "`nobody` is neither a receiver nor a service"),
        ("templates: [{for: desc, text: a.txt}]", "did you mean"),
        ("templates: [{for: desk}]", "this template has no file"),
        ("templates: [{text: a.txt}]", "`for` is missing here"),
        ("templates: [{for: desk, body: a.txt}]", "unknown key `body`"),
        ("templates: [{for: desk, text: ../a.txt}]", "the name of a file is expected here, not a path"),
        ("templates: [{for: desk, text: none.txt}]", "templates/none.txt: this file can not be read"),
        ("templates: {for: desk, text: a.txt}", "a list is expected here"),
        (
            "templates: [{for: desk, text: a.txt}, {for: desk, text: a.txt}]",
            "there is a template for `desk` already",
        ),
    ],
)
def test_what_is_wrong_in_the_section_is_said(tmp_path: Path, alerts: str, problem: str) -> None:
    assert problem in refused(write(tmp_path, alerts + "\n", a="x"))


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\xff", b"{{ \xc3( }}", b"{{" * 60_000])
def test_garbage_is_no_template(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, "templates: [{for: desk, text: a.txt}]\n", a="")
    (tmp_path / "templates" / "a.txt").write_bytes(data)
    assert "a.txt" in refused(tmp_path)


def test_an_edit_of_a_template_is_an_edit_of_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, "templates: [{for: desk, text: a.txt}]\n", a="one")
    before = load(tmp_path, environ={}).digest
    write(tmp_path, "templates: [{for: desk, text: a.txt}]\n", a="two")
    assert load(tmp_path, environ={}).digest != before
    assert belongs(tmp_path / "templates" / "a.txt")
    assert not belongs(tmp_path / "templates" / "a.txt~")

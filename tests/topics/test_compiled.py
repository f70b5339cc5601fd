"""Which parts are compiled, and whether they are here."""

import importlib
import os
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType

import pytest

from hatch_build import sources_in
from monitor.topics import compiled
from monitor.topics.compiled import OLDER, PARTS, is_compiled

TREE = Path(__file__).parent.parent.parent
SOURCES = [path for path in sources_in(TREE) if path.suffix == ".pyx"]


def test_the_parts_are_all_cython_sources_that_there_are() -> None:
    assert sorted(PARTS) == [".".join(path.relative_to(TREE).with_suffix("").parts) for path in SOURCES]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_cython_source_has_its_types_and_no_python_module_of_its_name_beside_it(source: Path) -> None:
    """Which of two modules of one name is imported, nobody sees."""
    assert source.with_suffix(".pyi").exists()
    assert not source.with_suffix(".py").exists()


@pytest.mark.parametrize("part", PARTS)
def test_where_one_part_is_missing_it_is_not_compiled(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, part, None)
    assert not is_compiled()


@pytest.mark.parametrize(("age", "said"), [(1, f"{OLDER}\n"), (-1, "")])
def test_parts_are_left_out_where_one_is_older_than_its_source_and_one_line_says_so(
    age: int, said: str, tmp_path: Path
) -> None:
    """As after `git pull` without `make`: they and the Python beside them may not fit each other any more."""
    shutil.copytree(TREE / "monitor", tmp_path / "monitor", ignore=shutil.ignore_patterns("*.so"))
    source = tmp_path / "monitor" / "topics" / "waiting.pyx"
    binary = source.with_name(f"waiting{EXTENSION_SUFFIXES[0]}")
    binary.write_text("of whatever Python")
    edited = source.stat().st_mtime
    os.utime(binary, (edited, edited - age))
    command = [sys.executable, "-m", "monitor", "match", "--text", "-q", "cuba"]
    done = subprocess.run(
        command, cwd=tmp_path, input="Cuba", capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, said)


def test_where_parts_are_left_out_none_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in PARTS:
        monkeypatch.setitem(sys.modules, part, ModuleType(part))
    monkeypatch.setattr(compiled, "_is_older", PARTS[-1:].__contains__)
    assert is_compiled()
    assert compiled.leave_out_older()
    assert not is_compiled()
    with pytest.raises(ImportError):
        importlib.import_module(PARTS[0])

"""Which parts are compiled, and whether they are here."""

import sys
from pathlib import Path

import pytest

from hatch_build import sources_in
from monitor.topics.compiled import PARTS, is_compiled

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

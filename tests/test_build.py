"""How the hot parts are compiled, into wheels and in place, and what is built where they can not be."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from hatch_build import NotCompiledError, built, compile_all, stale

TREE = Path(__file__).parent.parent
PURE = ["feed_monitor-0.1.0-py3-none-any.whl"]
NO_COMPILER = {"CC": "/nowhere/cc"}
needs_compiler = pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler here")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Our own way of building, and two small sources: `hot`, which `warm` asks for a declaration."""
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(TREE / name, tmp_path)
    for folder in ("config", "monitor"):
        (tmp_path / folder).mkdir()
    (tmp_path / "monitor" / "__init__.py").touch()
    (tmp_path / "monitor" / "hot.pyx").write_text("cdef int twice(int n):\n    return 2 * n\n")
    (tmp_path / "monitor" / "hot.pxd").write_text("cdef int twice(int n)\n")
    (tmp_path / "monitor" / "warm.pyx").write_text(
        "from monitor.hot cimport twice\n\ndef four():\n    return twice(2)\n"
    )
    (tmp_path / "monitor" / "warm.pyi").write_text("def four() -> int: ...\n")
    return tmp_path


def build(project: Path, target: str, *more: str, **wishes: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "--directory", "dist", "--target", target, *more]
    env = {
        name: value for name, value in os.environ.items() if name not in {"CC", "MONITOR_COMPILE"}
    } | wishes
    return subprocess.run(
        command, cwd=project, env=env, capture_output=True, text=True, check=False, timeout=100
    )


def compile_in_place(project: Path, **wishes: str) -> subprocess.CompletedProcess[str]:
    return build(project, "wheel:editable", "--hooks-only", **wishes)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*") if not path.name.startswith("__"))


SOURCES = ["hot.pxd", "hot.pyx", "warm.pyi", "warm.pyx"]
BINARIES = [f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}" for name in ("hot", "warm")]


@needs_compiler
def test_a_wheel_carries_what_was_compiled_and_is_of_its_platform(project: Path) -> None:
    done = build(project, "wheel", MONITOR_COMPILE="must")
    (wheel,) = (project / "dist").iterdir()
    assert (done.returncode, done.stderr) == (0, f"dist/{wheel.name}\n")
    assert wheel.name.startswith(f"feed_monitor-0.1.0-cp3{sys.version_info.minor}-")
    names = {Path(name).name for name in ZipFile(wheel).namelist() if name.startswith("monitor/")}
    assert names == {"__init__.py", "warm.pyi", *BINARIES}
    assert files(project / "monitor") == SOURCES


@needs_compiler
def test_in_place_an_edit_makes_binaries_stale_until_they_are_compiled_again(project: Path) -> None:
    assert compile_in_place(project).stderr == ""
    assert files(project / "monitor") == sorted(SOURCES + BINARIES)
    command = [sys.executable, "-c", "from monitor.warm import four; print(four())"]
    assert subprocess.run(command, cwd=project, capture_output=True, check=True).stdout == b"4\n"
    assert stale(project) == []

    (project / "monitor" / "hot.pyx").write_text("cdef int twice(int n):\n    return n + n\n")
    assert stale(project) == built(project) != []
    compile_in_place(project)
    assert stale(project) == []

    (project / "monitor" / "warm.pyx").unlink()
    assert stale(project) == built(project)
    compile_in_place(project)
    assert [path.name for path in built(project)] == BINARIES[:1]


@needs_compiler
def test_what_can_not_be_compiled_leaves_nothing_in_place(project: Path) -> None:
    """Neither half of it nor what was compiled before, also where that is an error."""
    compile_in_place(project)
    (project / "monitor" / "warm.pyx").write_text("cdef cdef\n")
    assert compile_in_place(project, MONITOR_COMPILE="must").returncode == 1
    assert files(project / "monitor") == SOURCES
    done = compile_in_place(project)
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == (
        "Not compiled: hot.pyx, warm.pyx: Cython finds an error, see above. It only costs speed."
    )
    assert files(project / "monitor") == SOURCES


@pytest.mark.parametrize(
    ("compiler", "why"),
    [
        ("/nowhere/cc -q", "there is no C compiler (/nowhere/cc)"),
        ("false", "the C compiler fails, see above"),
    ],
)
def test_without_a_compiler_the_wheel_is_plain_and_one_line_says_why(
    project: Path, compiler: str, why: str
) -> None:
    done = build(project, "wheel", CC=compiler)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        f"Not compiled: hot.pyx, warm.pyx: {why}. It only costs speed.",
        f"dist/{PURE[0]}",
    ]
    assert files(project / "dist") == PURE
    names = ZipFile(project / "dist" / PURE[0]).namelist()
    assert [name for name in names if name.startswith("monitor/")] == [
        "monitor/__init__.py",
        "monitor/warm.pyi",
    ]


def test_what_must_be_compiled_and_can_not_be_is_an_error(project: Path) -> None:
    done = build(project, "wheel", MONITOR_COMPILE="must", **NO_COMPILER)
    assert done.returncode == 1
    assert "no C compiler (/nowhere/cc). MONITOR_COMPILE=must makes this an error." in done.stderr
    assert files(project / "dist") == []


def test_what_shall_not_be_compiled_is_not_and_nothing_is_said(project: Path) -> None:
    done = build(project, "wheel", MONITOR_COMPILE="no")
    assert (done.returncode, done.stderr) == (0, f"dist/{PURE[0]}\n")


def test_another_wish_is_refused(project: Path) -> None:
    done = build(project, "wheel", MONITOR_COMPILE="yes\n")
    assert done.returncode == 1
    assert done.stderr == "MONITOR_COMPILE is 'yes\\n'; it may be auto, no, must\n"


def test_an_older_binary_in_the_tree_comes_into_no_wheel(project: Path) -> None:
    """Of which Python, of which sources? Nor where no .gitignore says so, as in a container's build."""
    (project / ".gitignore").unlink()
    for name in (BINARIES[0], "hot.c"):
        (project / "monitor" / name).touch()
    build(project, "wheel", MONITOR_COMPILE="no")
    assert not {"monitor/hot.c", f"monitor/{BINARIES[0]}"} & set(
        ZipFile(project / "dist" / PURE[0]).namelist()
    )


def test_a_source_distribution_carries_the_sources_and_how_to_compile_them(project: Path) -> None:
    (project / ".gitignore").unlink()
    for name in (BINARIES[0], "hot.c"):
        (project / "monitor" / name).touch()
    build(project, "sdist")
    with tarfile.open(project / "dist" / "feed_monitor-0.1.0.tar.gz") as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert {"hatch_build.py", *(f"monitor/{name}" for name in SOURCES)} <= names
    assert not {name for name in names if name.endswith((".c", ".so"))}


def test_missing_headers_of_python_are_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "true")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: "/nowhere/include")
    with pytest.raises(
        NotCompiledError, match=r"headers of Python are missing \(/nowhere/include/Python\.h\)"
    ):
        compile_all(project, [Path("monitor/hot.pyx")], project / "work")


def test_a_missing_cython_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "Cython", None)
    with pytest.raises(NotCompiledError, match="Cython is not installed"):
        compile_all(project, [Path("monitor/hot.pyx")], project / "work")


def test_a_binary_of_another_python_stays_while_its_source_does(project: Path) -> None:
    for name in ("hot.cpython-399-x.so", "gone.cpython-399-x.so"):
        (project / "monitor" / name).touch()
    compile_in_place(project, MONITOR_COMPILE="no")
    assert files(project / "monitor") == sorted([*SOURCES, "hot.cpython-399-x.so"])

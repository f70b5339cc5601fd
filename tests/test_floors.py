"""The house holds: a file imports only from floors below it or from its own room."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "monitor"

FLOORS = {
    **dict.fromkeys(
        [
            "errors",
            "notice",
            "sandbox",
            "egress",
            "addresses",
            "blanks",
            "records",
            "slots",
            "steps",
            "turns",
            "systemd",
            "__init__",
        ],
        0,
    ),
    **dict.fromkeys(["feeds", "topics", "stories", "articles", "alerts"], 1),
    **dict.fromkeys(["config", "store"], 2),
    **dict.fromkeys(
        [
            "poller",
            "fetching",
            "arrival",
            "documents",
            "matched",
            "watch",
            "pages",
            "fulltext",
            "reading",
            "hubs",
            "pushes",
            "commits",
            "presence",
            "prepared",
            "learned",
            "ingest",
            "storing",
            "indexing",
            "news",
            "placer",
            "unplaced",
            "telling",
            "quiet",
            "noticing",
            "caretaker",
            "finder",
            "feedkeeper",
            "feedlists",
            "dispatcher",
            "courier",
            "acting",
            "catching_up",
            "sending",
            "senders",
            "complaint",
            "canary",
            "coverage",
            "replay",
            "keeper",
            "workshop",
        ],
        3,
    ),
    **dict.fromkeys(
        [
            "app",
            "clock",
            "daemon",
            "once",
            "parts",
            "reports",
            "rounds",
            "setup",
            "following",
            "wake",
            "workers",
            "log",
            "cli",
            "web",
            "demo",
            "__main__",
        ],
        4,
    ),
}

ONE_ROOM = {0, 3, 4}
"""Floors whose files may know each other; the rooms of floors 1 and 2 may not."""

ONE_FILE: dict[str, str | tuple[str, ...]] = {
    "feedparser": "feeds/parse.py",
    "apprise": "alerts/deliver.py",
    # People's own templates run in a sandbox and know no page; pages are the desk's own.
    "jinja2": ("alerts/template.py", "web/render.py"),
    "trafilatura": "articles/extract.py",
    "lxml": "articles",
    "apscheduler": "wake.py",
    "pycurl": "egress",
    "tzlocal": "clock.py",
    "yaml": "config/libyaml.py",
    "structlog": "log.py",
    "re2": "topics/regexp.py",
    "ahocorasick_rs": "topics/presearch.py",
    "watchfiles": "config/watch.py",
    "sqlite_utils": "store",
    "sqlite3": "store",
    "ruamel": "config",
    "typer": "cli",
    "starlette": "web",
    "uvicorn": "web/server.py",
    "nh3": "web/clean.py",
    "argon2": "web/passwords.py",
}
"""Which file (or room) alone may know a foreign library."""

CYTHON_IMPORT = re.compile(r"\s*(?:from\s+([\w.]+)\s+)?c?import\s+([^#]*)")
CYTHON_CLOCK = re.compile(r"\b(datetime\.(utc)?now|date\.today|time\.time|(libc|posix)\.time)\b")


def drawn(text: str) -> Iterator[tuple[str, int]]:
    """The rooms and files that the map in ARCHITECTURE.md draws, with the floor they are drawn on."""
    floor = -1
    for line in text.split("\nmonitor/\n")[1].split("```", maxsplit=1)[0].splitlines():
        if said := re.search(r"floor (\d)$", line):
            floor = int(said[1])
        yield from ((name, floor) for name in re.findall(r"\b([a-z_]+)(?:\.py\b|/)", line))


def files() -> list[Path]:
    return sorted(path for kind in ("py", "pyx", "pxd") for path in HOUSE.rglob(f"*.{kind}"))


def room_of(path: Path) -> str:
    first = path.relative_to(HOUSE).parts[0]
    return first.partition(".")[0]


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    if path.suffix != ".py":
        yield from cython_imports(path)
        return
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute here"
            base = node.module or ""
            yield from (
                (node.lineno, f"{base}.{alias.name}" if base == "monitor" else base) for alias in node.names
            )


def cython_imports(path: Path) -> Iterator[tuple[int, str]]:
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if found := CYTHON_IMPORT.match(text):
            base, names = found[1] or "", re.findall(r"(\w[\w.]*)(?:\s+as\s+\w+)?", found[2])
            assert not base.startswith("."), f"{path}:{line}: imports are absolute here"
            if base not in {"", "monitor"}:
                yield line, base
            else:
                yield from ((line, f"{base}.{name}".lstrip(".")) for name in names)


def clocks(path: Path) -> Iterator[int]:
    """Lines that read the wall clock."""
    if path.suffix != ".py":
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from (line for line, text in enumerate(lines, 1) if CYTHON_CLOCK.search(text))
        return
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            reads = (node.value.id, node.attr)
            if reads in {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}:
                yield node.lineno


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_file_imports_only_from_floors_below_or_its_own_room(path: Path) -> None:
    own = room_of(path)
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] != "monitor" or len(parts) == 1 or parts[1] == "__version__":
            continue
        other = parts[1]
        allowed = other == own or FLOORS[other] < FLOORS[own] or FLOORS[other] == FLOORS[own] in ONE_ROOM
        assert allowed, f"{path}:{line}: {own} (floor {FLOORS[own]}) imports {other} (floor {FLOORS[other]})"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_foreign_library_is_known_in_one_place(path: Path) -> None:
    here = str(path.relative_to(HOUSE))
    for line, name in imports(path):
        known = ONE_FILE.get(name.split(".")[0], ())
        homes = (known,) if isinstance(known, str) else known
        at_home = any(here == home or here.startswith(f"{home}/") for home in homes)
        assert at_home or not homes, f"{path}:{line}: only {' and '.join(homes)} know {name}"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_nothing_below_floor_4_reads_the_clock(path: Path) -> None:
    if FLOORS[room_of(path)] < 4:
        assert not list(clocks(path)), f"{path}:{list(clocks(path))}: `now` is an argument"


def test_every_room_has_a_floor() -> None:
    rooms = {room_of(path) for path in files()} - {"starter"}
    assert rooms <= set(FLOORS), f"not on the map: {rooms - set(FLOORS)}"


def test_the_map_draws_every_room_and_file_once_and_on_its_floor() -> None:
    text = (HOUSE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    hidden = {"__init__", "__main__"}
    assert sorted(drawn(text)) == sorted(
        (name, floor) for name, floor in FLOORS.items() if name not in hidden
    )


def test_a_cython_source_is_read_as_python_is(tmp_path: Path) -> None:
    source = tmp_path / "hot.pyx"
    source.write_text(
        "from cpython.list cimport PyList_GET_ITEM\n"
        "from monitor cimport stories, alerts as heard  # both\n"
        "    cimport monitor.store.hits as hits, cython\n"
        "from monitor.topics.clause import (\n    Clause,\n)\n"
        "cdef important = 'from monitor import x', time.time()\n"
    )
    assert [name for _, name in imports(source)] == [
        "cpython.list",
        "monitor.stories",
        "monitor.alerts",
        "monitor.store.hits",
        "cython",
        "monitor.topics.clause",
    ]
    assert list(clocks(source)) == [7]

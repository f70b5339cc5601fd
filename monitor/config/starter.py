"""The starter configuration: the files of `config/`, from the package or from a checkout."""

from collections.abc import Iterator
from pathlib import Path

import monitor

_PACKAGE = Path(monitor.__file__).parent
_PLACES = (_PACKAGE / "starter", _PACKAGE.parent / "config")
"""In an installed package the build has put the files beside the code; in a checkout they are at its root."""


def starter_files() -> Iterator[tuple[str, str]]:
    """Relative path and text of each file; only YAML, whatever else lies there."""
    root = next(place for place in _PLACES if place.is_dir())
    for path in sorted(root.rglob("*.yaml")):
        yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def write_starter(directory: Path) -> list[Path]:
    """Writes the starter files that are not there yet and returns their paths; never overwrites one."""
    written = []
    for name, text in starter_files():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            continue
        written.append(path)
    return written


def standing_files(directory: Path) -> list[Path]:
    """The starter files that are there already and that `write_starter` would leave alone."""
    return [path for name, _ in starter_files() if (path := directory / name).exists()]


def watchlist_starter(name: str) -> str:
    """A watchlist without topics, with comments that say how they are written."""
    return _WATCHLIST.replace("NAME", name)


_WATCHLIST = """\
# NAME: the topics that one desk keeps. A topic is a phrase, or a name with a query and tests of its own:
#
#   topics:
#     - Taiwan Strait
#     - name: Cuba
#       query: Cuba NOT ("Cuba Gooding" OR "Cuba libre")
#       labels: {severity: high}
#       must_match: [Cuba opens its ports]
#       must_not_match: [Cuba Gooding Jr. appears in court]
#       on_edit: alert                # tell its entries again when they are edited
#
# `monitor topic add "Taiwan Strait" --watchlist NAME` writes the first, `monitor check` says what is wrong.
# A running monitor takes edits up by itself.

# labels: {desk: asia}                # on every hit of this watchlist
# aliases:
#   strait: [Taiwan Strait, 台湾海峡]   # in queries: @strait

topics:
"""

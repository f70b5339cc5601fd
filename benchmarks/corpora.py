"""What the benchmarks share: the corpora folder from the command line, its files, a table or JSON."""

import argparse
import gzip
import json
import lzma
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from monitor.topics.compiled import is_compiled

DEFAULT_FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "corpora"


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser with what every benchmark takes: the corpora folder and --json."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "corpora",
        nargs="?",
        type=Path,
        default=DEFAULT_FOLDER,
        help="folder of the corpora (default %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    return parser


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file with one a line, compressed or not."""
    compressed: dict[str, Callable[..., IO[str]]] = {".gz": gzip.open, ".xz": lzma.open}
    with compressed.get(path.suffix, open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def article_texts(corpora: Path) -> Iterator[tuple[str, str]]:
    """Title and text of every long article of the corpora, in the order of its files."""
    for path in sorted((corpora / "articles").glob("*.jsonl*")):
        for row in json_lines(path):
            if row.get("title") and len(row.get("text", "")) > 400:
                yield row["title"], row["text"]


def machine() -> dict[str, Any]:
    """When, on what and with what the figures were taken."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "matching": "compiled" if is_compiled() else "plain Python",
    }


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows under their keys, numbers to the right."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [columns, *([_cell(row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(line[number]) for line in cells) for number in range(len(columns))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells
    )


def memory_mb() -> float:
    """Megabytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)

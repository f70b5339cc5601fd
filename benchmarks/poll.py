"""What polling costs, beside reader, newsboat and rss2email on the same feeds, one program after the other.

    python -m benchmarks.poll [CORPORA] [--feeds 1000 ...] [--only monitor reader ...] [--tls] [--idle]

Builds loopback feeds of thirty items, each on an address of its own, in a server of its own process, and has
each program poll them all, cold, on a database of its own: the first time; when nothing changed and the
server says so (304); when it says nothing and sends the same bytes; with one new entry in each. Start-up
counts, and so do all child processes. The monitor is run before and after each of the others; its median is
told. A program that is not there is said and left out; reader and rss2email get an environment made for them.

--tls: ten thousand feeds over TLS, a tenth of them changed, with a thousand topics, for the processor's
seconds of a cycle. --idle: what the daemon holds when nothing is due. Both only for this monitor.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import rivals
from benchmarks.corpora import arguments, article_texts, machine, table
from benchmarks.drawn import Names
from benchmarks.feedserver import HOSTS_A_PORT, ITEMS, host_of
from benchmarks.measure import Cost, Tree, run
from benchmarks.rivals import Program

PHASES = {
    "first poll": [],
    "all 304": [],
    "all 200, the same bytes": ["conditional 0"],
    "one new entry each": ["conditional 1", "shift 1"],
}
TLS_FEEDS = 10_000
TOPICS = 1_000
IDLE_SECONDS = 75
PACKAGED = (
    ("rss2email", rivals.rss2email, ["rss2email"]),
    ("reader", rivals.reader, ["reader", "sgmllib3k"]),  # its feedparser asks for it
)
NAMES = ("monitor", "newsboat", "rss2email", "reader")


class Server:
    """The feeds, in a process of their own."""

    def __init__(self, corpora: Path, folder: Path, *, tls_ports: int = 0) -> None:
        self.authority = folder / "authority.pem"
        tls = [str(tls_ports), str(self.authority)] if tls_ports else []
        command = [sys.executable, "-m", "benchmarks.feedserver", str(corpora), *tls]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port, *self._tls = map(int, self._said().split())

    def urls(self, count: int) -> list[str]:
        """The addresses of the first so many feeds."""
        return [f"http://{host_of(number)}:{self.port}/{number}" for number in range(count)]

    def tls_urls(self, count: int) -> list[str]:
        """The same over TLS."""
        ports = (self._tls[number // HOSTS_A_PORT] for number in range(count))
        return [f"https://{host_of(number)}:{port}/{number}" for number, port in enumerate(ports)]

    def tell(self, command: str) -> None:
        """Change what the feeds answer."""
        assert self._process.stdin
        print(command, file=self._process.stdin, flush=True)
        assert self._said() == "ok"

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def _said(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def serving(corpora: Path, *, tls_ports: int = 0) -> Iterator[tuple[Server, Path]]:
    """The server, and a folder for databases."""
    with tempfile.TemporaryDirectory() as name:
        server = Server(corpora, Path(name), tls_ports=tls_ports)
        try:
            yield server, Path(name)
        finally:
            server.close()


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__.partition("\n")[0])
    options.add_argument("--feeds", type=int, nargs="*", default=[1_000], help="how many feeds")
    options.add_argument("--only", nargs="*", choices=NAMES, default=NAMES, help="only these programs")
    options.add_argument("--tls", action="store_true", help="a cycle of ten thousand feeds over TLS")
    options.add_argument("--idle", action="store_true", help="what the daemon holds between polls")
    chosen = options.parse_args()
    result: dict[str, Any] = {"machine": machine(), "runs": []}
    for count in chosen.feeds:
        result["runs"].append(polled(chosen.corpora, count, chosen.only, idle=chosen.idle))
    if chosen.tls:
        result["tls"] = over_tls(chosen.corpora)
    if chosen.json:
        print(json.dumps(result, indent=1))
    else:
        show(result)


def polled(corpora: Path, count: int, names: Sequence[str], *, idle: bool) -> dict[str, Any]:
    """Every phase by every program."""
    with serving(corpora) as (server, folder):
        programs = list(made(names, folder, server.urls(count)))
        rows = []
        for phase, commands in PHASES.items():
            for command in commands:
                server.tell(command)
            rows += list(raced(phase, programs))
        result: dict[str, Any] = {
            "feeds": count,
            "programs": {one.name: one.version for one in programs},
            "absent": [name for name in names if name not in {one.name for one in programs}],
            "rows": rows,
        }
        if "monitor" in names:
            check(folder / "monitor" / "monitor.db", count * (ITEMS + 1))
            if idle:
                result["idle MB"] = held_idle(programs[0])
        return result


def made(names: Sequence[str], folder: Path, urls: Sequence[str]) -> Iterator[Program]:
    """The programs that can be had."""
    if "monitor" in names:
        yield rivals.monitor(folder / "monitor", urls)
    if "newsboat" in names and (found := rivals.newsboat(folder / "newsboat", urls)):
        yield found
    for name, make, packages in PACKAGED:
        if name in names:
            tell(f"an environment for {name} ...")
            if python := rivals.environment_for(packages, folder / f"python-{name}"):
                yield make(folder / name, urls, python)


def raced(phase: str, programs: Sequence[Program]) -> Iterator[dict[str, Any]]:
    """What a phase costs each program; how many times the first one's time the others take.

    The first is run before each of the others and after the last, from the same database: a machine that is
    slower for a minute is so for two that stand beside each other.
    """
    first, *others = programs
    before = first.database.read_bytes() if first.database and first.database.exists() else None
    ours, theirs = [cost_of(phase, first)], []
    for program in others:
        theirs.append(cost_of(phase, program))
        put_back(first, before)
        ours.append(cost_of(phase, first))
    yield row(phase, first, [median(values) for values in zip(*ours, strict=True)], 1.0)
    for at, (program, cost) in enumerate(zip(others, theirs, strict=True)):
        beside = (ours[at].wall + ours[at + 1].wall) / 2
        yield row(phase, program, cost, cost.wall / beside)


def cost_of(phase: str, program: Program) -> Cost:
    """What a run costs."""
    tell(f"{phase}: {program.name} ...")
    os.sync()  # what others left to write is not to be waited for by this one
    cost = run(program.command, environment=program.environment)
    tell(f"  {cost.wall:.2f} s, {cost.cpu:.2f} s of the processor")
    return cost


def put_back(program: Program, before: bytes | None) -> None:
    """Have its database as it was."""
    if program.database:
        program.database.unlink()
        if before is not None:
            program.database.write_bytes(before)


def row(phase: str, program: Program, cost: Sequence[float], times: float) -> dict[str, Any]:
    """A line of the table."""
    wall, cpu, peak_mb = cost
    return {
        "": phase,
        "program": program.name,
        "seconds": round(wall, 2),
        "of the processor": round(cpu, 2),
        "peak MB": round(peak_mb),
        "times": round(times, 1),
    }


def over_tls(corpora: Path) -> dict[str, Any]:
    """A cycle of many feeds over TLS, a tenth of them changed."""
    with serving(corpora, tls_ports=TLS_FEEDS // HOSTS_A_PORT) as (server, folder):
        urls = server.tls_urls(TLS_FEEDS)
        program = rivals.monitor(folder / "monitor", urls, topics=topics(corpora), ca=server.authority)
        (first,) = raced("first poll", [program])
        server.tell("shift 10")
        (cycle,) = raced("a tenth changed", [program])
        check(folder / "monitor" / "monitor.db", TLS_FEEDS * ITEMS + TLS_FEEDS // 10)
        return {"feeds": TLS_FEEDS, "topics": TOPICS, "rows": [first, cycle]}


def topics(corpora: Path) -> str:
    """A watchlist of queries in the texts' own words."""
    queries = Names(list(article_texts(corpora)), random.Random(20))
    return "".join(
        f"- name: t{number}\n  query: {json.dumps(queries.draw().text)}\n" for number in range(TOPICS)
    )


def held_idle(program: Program) -> int:
    """Megabytes that the daemon holds when all was polled and nothing is due."""
    folder = program.command[program.command.index("--config") + 1]
    database = program.command[program.command.index("--db") + 1]
    command = [program.command[0], "run", "--config", folder, "--db", database]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        tell(f"idle for {IDLE_SECONDS} s ...")
        time.sleep(IDLE_SECONDS)
        return round(Tree(process.pid).look())
    finally:
        process.terminate()
        process.wait()


def check(database: Path, entries: int) -> None:
    """Nobody is quick by leaving something out."""
    with sqlite3.connect(database) as connection:
        (found,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    assert found == entries, f"{found} entries, and not {entries}"


def show(result: dict[str, Any]) -> None:
    """Print what was measured."""
    print(f"{result['machine']}")
    for one in result["runs"]:
        versions = ", ".join(f"{name} {version}" for name, version in one["programs"].items())
        print(f"\n{one['feeds']:,} feeds of {ITEMS} items: {versions}\n")
        print(table(one["rows"]))
        for name in one["absent"]:
            print(f"{name} is not there and was left out")
        if "idle MB" in one:
            print(f"the daemon, nothing due: {one['idle MB']} MB")
    if tls := result.get("tls"):
        print(f"\n{tls['feeds']:,} feeds over TLS, {tls['topics']:,} topics\n\n{table(tls['rows'])}")


def tell(words: str) -> None:
    """Say what is going on."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

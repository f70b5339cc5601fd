"""The programs that `benchmarks.poll` runs: each with a database of its own, all with the same feeds."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from compileall import compile_dir
from dataclasses import dataclass, field
from pathlib import Path
from venv import EnvBuilder

READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
known = {feed.url for feed in reader.get_feeds()}
for url in open(sys.argv[2]).read().split():
    if url not in known:
        reader.add_feed(url)
if len(sys.argv) > 3:
    reader.update_feeds(workers=int(sys.argv[3]), scheduled=False)
"""
READER_WORKERS = "10"
NEWSBOAT_THREADS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program: its name and version, and the command that polls everything once.

    With what is in its `database` put back, it polls the same again.
    """

    name: str
    version: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    database: Path | None = None


def monitor(folder: Path, urls: Sequence[str], *, topics: str = "", ca: Path | None = None) -> Program:
    """This monitor, as a user runs it, with the topics that it ships or others."""
    folder.mkdir()
    compile_dir(Path(__file__).parent.parent / "monitor", quiet=1)  # as pip does with what it installs
    starter = Path(__file__).parent.parent / "config"
    shutil.copytree(starter / "watchlists", folder / "watchlists")
    if topics:
        (folder / "watchlists" / "more.yaml").write_text(topics, encoding="utf-8")
    shutil.copy(starter / "alerts.yaml", folder)
    (folder / "monitor.yaml").write_text("allow_private: true\n", encoding="utf-8")
    (folder / "feeds.yaml").write_text("".join(f"- {url}\n" for url in urls), encoding="utf-8")
    monitor = Path(sys.executable).with_name("monitor")
    version = _said([str(monitor), "--version"])
    database = folder / "monitor.db"
    command = [str(monitor), "poll", "--config", str(folder), "--db", str(database)]
    environment = {"SSL_CERT_FILE": str(ca)} if ca else {}
    return Program(
        name="monitor", version=version, command=command, environment=environment, database=database
    )


def newsboat(folder: Path, urls: Sequence[str]) -> Program | None:
    """newsboat, where Debian's package is installed."""
    found = shutil.which("newsboat")
    if found is None:
        return None
    folder.mkdir()
    (folder / "urls").write_text("\n".join(urls), encoding="utf-8")
    (folder / "config").write_text(f"reload-threads {NEWSBOAT_THREADS}\n", encoding="utf-8")
    files = ["-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "config")]
    version = _said([found, "--version"]).split("\n")[0].split(" ")[1]
    return Program(name="newsboat", version=version, command=[found, *files, "-x", "reload"])


def reader(folder: Path, urls: Sequence[str], python: Path) -> Program:
    """lemon24/reader, its feeds added beforehand."""
    folder.mkdir()
    (folder / "urls").write_text("\n".join(urls), encoding="utf-8")
    (folder / "update.py").write_text(READER, encoding="utf-8")
    command = [str(python), str(folder / "update.py"), str(folder / "reader.db"), str(folder / "urls")]
    subprocess.run(command, check=True)
    version = _said([str(python), "-c", "import reader; print(reader.__version__)"])
    return Program(name="reader", version=version, command=[*command, READER_WORKERS])


def rss2email(folder: Path, urls: Sequence[str], python: Path) -> Program:
    """rss2email; nothing is sent, what it would send is noted as sent."""
    folder.mkdir()
    feeds = "".join(f"\n[feed.f{number}]\nurl = {url}\n" for number, url in enumerate(urls))
    (folder / "config").write_text(f"[DEFAULT]\nto = desk@example.org\n{feeds}", encoding="utf-8")
    files = ["-c", str(folder / "config"), "-d", str(folder / "data.json")]
    version = _said([str(python.with_name("r2e")), "--version"]).split(" ")[-1]
    command = [str(python.with_name("r2e")), *files, "run", "--no-send"]
    return Program(name="rss2email", version=version, command=command)


def environment_for(packages: Sequence[str], folder: Path) -> Path | None:
    """The Python of an environment made for packages; None where they can not be had."""
    EnvBuilder(with_pip=True).create(folder)
    python = folder / "bin" / "python"
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "-q", *packages], capture_output=True, check=False
    )
    return python if done.returncode == 0 else None


def _said(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

"""How much of an article is found in its page, and how fast, beside readability-lxml and trafilatura alone.

    python -m benchmarks.extract [CORPORA] [--json]

Pages are the corpora's, with their article's text as somebody wrote it down (gold). F1 is of tokens, counted
with their repetitions: words, and single characters of scripts without spaces. "Low" counts the pages with an
F1 under 0.5. Pages a second are of processor time, in this process. readability-lxml is in the dependency
group `bench`.
"""

import json
import logging
import re
import statistics
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
import trafilatura

from benchmarks.corpora import arguments, machine, table
from monitor.articles.extract import extract
from monitor.errors import ArticleError

_TOKEN = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿]|[^\W_]+")
LOW = 0.5


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and its article's text."""

    collection: str
    name: str
    html: bytes
    gold: str


def main() -> None:
    """Measure and print."""
    chosen = arguments(__doc__.partition("\n")[0]).parse_args()
    logging.disable(logging.CRITICAL)
    pages = [*fundus(chosen.corpora), *readability(chosen.corpora)]
    rows = [measured(name, way, pages) for name, way in ways().items()]
    result: dict[str, Any] = {"machine": machine(), "pages": len(pages), "rows": rows}
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['machine']}\n\n{len(pages)} pages\n")
    print(table(rows))


def ways() -> dict[str, Callable[[bytes], str]]:
    """The ways to read a page, by name; what is not installed is left out, and said."""
    found: dict[str, Callable[[bytes], str]] = {
        "monitor": ours,
        "trafilatura, fast": lambda page: trafilatura.extract(page, fast=True, include_comments=False) or "",
        "trafilatura": lambda page: trafilatura.extract(page, include_comments=False) or "",
    }
    try:
        from readability import Document
    except ImportError:
        print("readability-lxml is not installed: left out")
        return found

    def readable(page: bytes) -> str:
        return text_of(Document(page.decode("utf-8", "replace")).summary())

    return {**found, "readability-lxml": readable}


def ours(page: bytes) -> str:
    """As the monitor reads it; "" where it says that there is nothing to read."""
    try:
        return extract(page, url="https://page.example/").text
    except ArticleError:
        return ""


def measured(name: str, way: Callable[[bytes], str], pages: Sequence[Page]) -> dict[str, Any]:
    """F1 by collection and over all, the number of low ones, and pages a second."""
    way(pages[0].html)
    began = time.process_time()
    texts = [attempt(way, page.html) for page in pages]
    seconds = time.process_time() - began
    scores = [f1(text, page.gold) for text, page in zip(texts, pages, strict=True)]
    by_collection = {
        f"F1 {name}": round(statistics.mean(of_collection), 3)
        for name in sorted({page.collection for page in pages})
        if (of_collection := [s for s, page in zip(scores, pages, strict=True) if page.collection == name])
    }
    return {
        "": name,
        "F1": round(statistics.mean(scores), 3),
        **by_collection,
        "low": sum(score < LOW for score in scores),
        "pages a second": round(len(pages) / seconds),
    }


def attempt(way: Callable[[bytes], str], page: bytes) -> str:
    """A way that fails on a page has found nothing."""
    try:
        return way(page)
    except Exception:  # noqa: BLE001 - other people's programs raise what they like
        return ""


def f1(text: str, gold: str) -> float:
    """The harmonic mean of precision and recall of tokens."""
    found, wanted = tokens(text), tokens(gold)
    both = sum((found & wanted).values())
    if not both:
        return 0.0
    precision, recall = both / sum(found.values()), both / sum(wanted.values())
    return 2 * precision * recall / (precision + recall)


def tokens(text: str) -> Counter[str]:
    """The tokens of a text, with how often each stands there."""
    return Counter(_TOKEN.findall(text.lower()))


def fundus(corpora: Path) -> Iterator[Page]:
    """News pages; a publisher's versions of gold, in order, belong to its pages in order of their dates."""
    files = members(corpora / "html" / "fundus_html_gold.tar.xz")
    for name in sorted(file for file in files if file.endswith(".json")):
        stem = name.removesuffix(".json")
        own = re.compile(rf"{re.escape(stem)}_\d{{4}}_\d\d_\d\d\.html")
        pages = sorted(file for file in files if own.fullmatch(file))
        versions = json.loads(files[name])
        for page, version in zip(pages, sorted(versions), strict=True):
            if body := versions[version].get("body"):
                yield Page("fundus", page, files[page], gold_text(body))


def gold_text(body: dict[str, Any]) -> str:
    """Summary, headlines and paragraphs."""
    sections = body.get("sections") or ()
    lines = [line for one in sections for key in ("headline", "paragraphs") for line in one.get(key) or ()]
    return "\n".join([*(body.get("summary") or ()), *lines])


def readability(corpora: Path) -> Iterator[Page]:
    """The test pages of a well-known reader mode."""
    files = members(corpora / "html" / "readability_testpages.tar.xz")
    for name in sorted(file for file in files if file.endswith("/source.html")):
        expected = files[name.replace("source.html", "expected.html")]
        yield Page("readability", name, files[name], text_of(expected.decode("utf-8")))


def members(path: Path) -> dict[str, bytes]:
    """The files of an archive by name."""
    with tarfile.open(path) as archive:
        opened = [(member.name, archive.extractfile(member)) for member in archive if member.isfile()]
        return {name: file.read() for name, file in opened if file}


def text_of(html: str) -> str:
    """The text of a piece of HTML."""
    return str(lxml.html.fromstring(html).text_content()) if html.strip() else ""


if __name__ == "__main__":
    main()

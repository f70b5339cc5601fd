"""Real feeds, and the test cases of other parsers, without feedparser and with it: the same where plain."""

import random
import re
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from monitor.errors import ParseError
from monitor.feeds.items import cut
from monitor.feeds.jsonfeed import looks_like_json
from monitor.feeds.parse import _feedparser, _to_utf8, _unzipped
from monitor.feeds.plain import UnsureError, plain
from tests.corpora.test_feeds_corpus import CORPORA, HISTORIES, captured, index, transcoded
from tests.feeds.test_plain import outcome
from tests.feeds.writing_feeds import PREFIXES

TAGS = re.compile(rb"<[^>]*>|[^<]+")
LEAF = re.compile(rb"<([a-zA-Z:]+)(?:\s[^>]*)?(?:/>|>[^<]{0,200}</\1>)")
ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)\b")
MIXED = 4_000

FIXTURES = ("feedparser", "gofeed", "feed-rs")
_SAYS_WHAT_IT_IS = re.compile(rb"<!--.*?-->", re.DOTALL)


def members(path: Any) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read()


def compared(document: bytes, content_type: str = "") -> str:
    """Whether both read it the same, or why it is feedparser's; nothing for what is no sound XML."""
    try:
        document = _unzipped(document)
        utf8, _ = _to_utf8(document, content_type)
        theirs = None if looks_like_json(document) else _feedparser(utf8)
    except ParseError:
        return ""
    if theirs is None:
        return ""
    try:
        ours = plain(utf8)
    except UnsureError as reason:
        return "" if theirs.get("bozo") else str(reason)
    assert outcome(ours, utf8[: 64 * 1024]) == outcome(theirs, utf8[: 64 * 1024])
    return "the same"


def told(what: str, reasons: Counter[str]) -> float:
    """The part of the sound documents that are plain; printed, with the reasons of the others."""
    del reasons[""]
    part = reasons["the same"] / max(reasons.total(), 1)
    print(f"\n{what}: {part:.0%} of {reasons.total()}")
    print("\n".join(f"  {count:4} {reason}" for reason, count in reasons.most_common()))
    return part


def test_of_captured_feeds_most_are_plain_and_read_alike() -> None:
    documents = (captured()[row["file"]] for row in index())
    assert told("captured feeds", Counter(map(compared, documents))) > 0.85


@pytest.mark.parametrize("name", FIXTURES)
def test_the_test_cases_of_other_parsers_are_read_alike(name: str) -> None:
    """Each says in a comment at its start what it tries; without that some are plain."""
    found = members(CORPORA / "feeds" / f"fixtures_{name}.tar.xz")
    reasons = Counter(
        compared(document)
        for _, whole in found
        for document in {whole, _SAYS_WHAT_IT_IS.sub(b"", whole, count=1)}
    )
    assert told(name, reasons) > 0.3


def test_transcoded_feeds_are_read_alike() -> None:
    types = {truth["file"]: truth["http_content_type"] for truth in transcoded()}
    found = members(CORPORA / "encodings" / "transcoded.tar.xz")
    assert told("transcoded", Counter(compared(one, types.get(name, "")) for name, one in found)) > 0.5


@pytest.mark.parametrize("name", HISTORIES)
def test_a_recorded_history_is_read_alike(name: str) -> None:
    """Every twentieth document of it."""
    found = (one for number, (_, one) in enumerate(members(HISTORIES[name])) if number % 20 == 0)
    assert told(name, Counter(map(compared, found))) > 0.9


def test_elements_of_other_feeds_are_read_alike_wherever_they_are_put() -> None:
    """Up to four of any feed in any place of another, and here and there one less."""
    chance = random.Random(2026)
    fixtures = (one for _, one in members(CORPORA / "feeds" / "fixtures_feedparser.tar.xz"))
    documents = [_SAYS_WHAT_IT_IS.sub(b"", one, count=1) for one in fixtures if len(one) < 10_000]
    documents += [short for one in captured().values() if (short := begun(one))]
    leaves = [found[0] for one in documents for found in LEAF.finditer(one)]
    reasons = Counter(compared(mixed(chance.choice(documents), leaves, chance)) for _ in range(MIXED))
    assert told("mixed", reasons) > 0.2


def begun(document: bytes) -> bytes:
    """A captured feed with its first two items; nothing where it can not be cut."""
    pieces = cut(document)
    return pieces.document(range(min(2, len(pieces.items)))) if pieces else b""


def mixed(document: bytes, leaves: Sequence[bytes], chance: random.Random) -> bytes:
    tags = TAGS.findall(document)
    for _ in range(chance.randint(1, 4)):
        tags.insert(chance.randrange(len(tags)), chance.choice(leaves))
    if chance.random() < 0.1:
        del tags[chance.randrange(len(tags))]
    document = b"".join(tags)
    if (root := ROOT.search(document)) is None:
        return document
    missing = (f' xmlns:{name}="{uri}"'.encode() for name, uri in PREFIXES.items())
    said = b"".join(one for one in missing if one.partition(b"=")[0] not in document)
    return document[: root.end()] + said + document[root.end() :]

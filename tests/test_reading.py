"""Reading a document: what is new is parsed in a child, what is known is not."""

import asyncio

import pytest

from monitor.errors import ParseError, SandboxCrashError
from monitor.feeds.retrieve import Retrieved
from monitor.fetching import READ_AT_ONCE
from monitor.reading import LARGEST_HERE, Reading, read
from monitor.sandbox import Sandbox
from monitor.steps import Company

pytestmark = pytest.mark.asyncio(loop_scope="module")  # that of the children who read

ITEM = "<item><guid>{0}</guid><title>Title {0}</title><link>https://a.example/{0}</link></item>"


def document(*names: str, head: str = "", encoding: str = "utf-8") -> bytes:
    items = "".join(map(ITEM.format, names))
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    return f"{declaration}<rss version='2.0'><channel>{head}{items}</channel></rss>".encode(encoding)


async def reading_of(sandbox: Sandbox, body: bytes, known: dict[bytes, int] | None = None) -> Reading:
    return await read(
        sandbox, Retrieved(url="https://a.example/feed", status=200, body=body), known=known or {}
    )


def titles(reading: Reading) -> list[str]:
    return [entry.title for entry in reading.parsed.entries] if reading.parsed else []


async def numbered(sandbox: Sandbox, body: bytes) -> dict[bytes, int]:
    return {one: number for number, one in enumerate((await reading_of(sandbox, body)).items, 1)}


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
async def test_only_the_new_items_are_parsed(readers: Sandbox, encoding: str) -> None:
    """Those that are read here, and those of other encodings, which the child reads."""
    known = await numbered(readers, document("ö", "b", encoding=encoding))
    reading = await reading_of(readers, document("ü", "ö", "c", "b", encoding=encoding), known)
    assert titles(reading) == ["Title ü", "Title c"]
    assert reading.left_out == known
    assert reading.parsed is not None
    assert reading.parsed.places == (0, 2)
    assert len(reading.items) == 4


@pytest.fixture
def nobody() -> Sandbox:
    """A sandbox without children."""
    sandbox = Sandbox(1)
    sandbox.close()
    return sandbox


async def test_a_few_new_items_need_no_child(readers: Sandbox, nobody: Sandbox) -> None:
    known = await numbered(readers, document("a", "b"))
    reading = await reading_of(nobody, document("c", "a", "b"), known)
    assert titles(reading) == ["Title c"]
    assert reading.left_out == known
    assert reading == await reading_of(readers, document("c", "a", "b"), known)


@pytest.mark.parametrize(
    "head", ["<textInput/>", f"<docs>{'x' * LARGEST_HERE}</docs>"], ids=["not plain", "large"]
)
async def test_what_is_large_or_not_plain_is_read_in_a_child(
    readers: Sandbox, nobody: Sandbox, head: str
) -> None:
    known = await numbered(readers, document("a", head=head))
    changed = document("b", "a", head=head)
    with pytest.raises(SandboxCrashError):
        await reading_of(nobody, changed, known)
    assert titles(await reading_of(readers, changed, known)) == ["Title b"]


async def test_where_no_item_is_new_nothing_is_parsed(readers: Sandbox, nobody: Sandbox) -> None:
    known = await numbered(readers, document("a", "b", "c"))
    reading = await reading_of(nobody, document("c", "a", head="<ttl>5</ttl>"), known)
    assert reading.parsed is None
    assert list(reading.left_out.values()) == [3, 1]


async def test_what_says_nothing_has_its_place_all_the_same(readers: Sandbox) -> None:
    known = await numbered(readers, document("a"))
    body = document("a", "b").replace(b"<item>", b"<item></item><item>", 1)
    reading = await reading_of(readers, body, known)
    assert titles(reading) == ["Title b"]
    assert reading.parsed is not None
    assert reading.parsed.places == (2,)
    again = await reading_of(readers, body, dict.fromkeys(reading.items, 7))
    assert again.parsed is None


async def test_a_new_item_that_breaks_the_document_has_it_read_whole(readers: Sandbox) -> None:
    known = await numbered(readers, document("a", "b"))
    reading = await reading_of(readers, document("x & y", "a", "b"), known)
    assert titles(reading) == ["Title x & y", "Title a", "Title b"]
    assert (reading.items, reading.left_out) == ((), {})


async def test_a_document_that_is_no_feed_is_an_error_in_words(readers: Sandbox) -> None:
    known = await numbered(readers, document("a"))
    with pytest.raises(ParseError, match="HTML"):
        await reading_of(readers, b"<html><body>Sorry", known)


async def test_documents_that_are_read_in_company_are_read_as_each_alone(readers: Sandbox) -> None:
    """Known and new items, some for a child, nothing new, what can not be cut, and no feed."""
    odd = "<textInput/>"
    known = await numbered(readers, document("a", "b"))
    known |= await numbered(readers, document("a", head=odd))
    bodies = [
        document("c", "a", "b"),
        document("d", "a", head=odd),
        document("a", "b"),
        document("a", "b") + b"<item>",
        document("e", "b", "a"),
        b"<html><body>no feed",
    ]
    company = Company(1000)
    together = await asyncio.gather(
        *(
            read(
                readers,
                Retrieved(url="https://a.example/feed", status=200, body=body),
                known=known,
                company=company,
            )
            for body in bodies
        ),
        return_exceptions=True,
    )
    *fine, none = together
    assert fine == [await reading_of(readers, body, known) for body in bodies[:-1]]
    assert isinstance(none, ParseError)


async def test_between_documents_that_may_take_long_the_loop_looks_around(
    readers: Sandbox, nobody: Sandbox
) -> None:
    """Of what is new so little is read at once that it takes no tenth of a second, whatever is in it."""
    known = await numbered(readers, document("a"))
    large = [document(f"{number}{'x' * 5_000}", "a") for number in range(12)]
    small = [document(f"{number}", "a") for number in range(12)]
    company = Company(READ_AT_ONCE)

    async def turns(bodies: list[bytes]) -> int:
        """How many turns of the loop reading them takes."""
        taken = 0
        documents = [Retrieved(url="https://a.example/feed", status=200, body=body) for body in bodies]
        reading = asyncio.gather(*(read(nobody, one, known=known, company=company) for one in documents))
        while not reading.done():
            await asyncio.sleep(0)
            taken += 1
        assert all(one.left_out == known for one in await reading)
        return taken

    assert await turns(large) >= await turns(small) + 3

"""A retrieved document → what is new in it: known items are left out, the rest is parsed in a child.

    cut here ─┬─ no new item: no child
              ├─ some are new: head, new items and tail ─┬─ little, and plain: read here ──┐
              │                                          └─ to a child ── it sees other items ─┤
              └─ not sure: the whole document to a child ◄─────────────────────────────────────┘

Does not decide what is new among the entries (feeds/identity.py), nor whether leaving them out was right
(presence.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TypeVar

from monitor.errors import ParseError
from monitor.feeds.entry import Parsed
from monitor.feeds.fresh import CONTENT_TYPE, Fresh, fresh
from monitor.feeds.parse import parse, parse_new
from monitor.feeds.plain import UnsureError
from monitor.feeds.retrieve import Retrieved
from monitor.prepared import Prepared, parse_first
from monitor.records import dataclass
from monitor.sandbox import Sandbox
from monitor.steps import Company, Measured, in_step

T = TypeVar("T")

LARGEST_HERE = 16 * 1024
"""What is smaller, and plain, is read before a child would have it, whatever is in it."""
NEW_TAKES = 20
"""Times as long, at the worst, to read what is new as it takes to find it."""
PARSE_SECONDS = 20.0
QUICK_SECONDS = 0.5
"""What takes longer to read than nearly all documents waits for others of its kind, and nobody for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a document showed: what was parsed, None where it has no new item.

    `items` are the hashes of all its items, none where it is not sure what they are; `left_out` those of them
    that were not parsed, and the entries that they are. A first document's entries are `prepared`.
    """

    parsed: Parsed | None = None
    prepared: Prepared | None = None
    items: tuple[bytes, ...] = ()
    left_out: Mapping[bytes, int] = field(default_factory=dict)


async def read(
    sandbox: Sandbox,
    retrieved: Retrieved,
    *,
    known: Mapping[bytes, int],
    is_first: bool = False,
    company: Company | None = None,
) -> Reading:
    """Read a document, without its `known` items where that can be done; raises ParseError, SandboxError.

    One that `is_first` of its feed has nothing that is known. What is read here is read in step with what
    others read in this `company`.
    """
    if is_first:
        return await _read_first(sandbox, retrieved)
    work = _read_here(retrieved, known)
    here = await company.join(work, holds=len(retrieved.body or b"")) if company else in_step([work])[0]
    if isinstance(here, Reading):
        return here
    if here is None:
        return _of(await _parse(sandbox, retrieved, known), known)
    parsed = await _parse_new(sandbox, retrieved.url, here)
    return _of(parsed or await _parse(sandbox, retrieved, {}), known)


def _read_here(retrieved: Retrieved, known: Mapping[bytes, int]) -> Measured[Reading | Fresh | None]:
    """What can be read in this process; else what is new, for a child, or None where all is for a child."""
    new = fresh(retrieved.body or b"", content_type=retrieved.content_type, known=known)
    if new is None:
        return None
    if not new.document:
        return Reading(items=new.items, left_out={one: known[one] for one in new.items})
    yield NEW_TAKES * len(new.document)
    parsed = yield from _parse_here(retrieved.url, new)
    return _of(parsed, known) if parsed else new


async def _read_first(sandbox: Sandbox, retrieved: Retrieved) -> Reading:
    packed = await _in_child(sandbox, parse_first, retrieved)
    parsed, prepared = packed.unpacked()
    return Reading(parsed=parsed, prepared=prepared, items=parsed.items)


def _of(parsed: Parsed, known: Mapping[bytes, int]) -> Reading:
    left_out = {one: known[one] for one in parsed.items if one in known} if parsed.left_out else {}
    return Reading(parsed=parsed, items=parsed.items, left_out=left_out)


def _parse_here(url: str, new: Fresh) -> Measured[Parsed | None]:
    """What is new, read in this process; None where that must not or can not be."""
    if len(new.document) > LARGEST_HERE:
        return None
    try:
        return (yield from parse_new(new, url=url))
    except UnsureError:
        return None


async def _parse_new(sandbox: Sandbox, url: str, new: Fresh) -> Parsed | None:
    """The same, read in a child; None where it saw other items than we did."""
    try:
        parsed = await sandbox.run(
            parse,
            new.document,
            url=url,
            content_type=CONTENT_TYPE,
            known={new.placeholder},
            timeout=PARSE_SECONDS,
            quick=QUICK_SECONDS,
        )
    except ParseError:
        return None
    ours = tuple(new.placeholder if place is None else new.items[place] for place in new.places)
    if parsed.items != ours:
        return None
    places = tuple(place for number in parsed.places if (place := new.places[number]) is not None)
    left_out = len(new.items) - len(ours) + parsed.left_out
    return replace(parsed, items=new.items, places=places, left_out=left_out)


async def _parse(sandbox: Sandbox, retrieved: Retrieved, known: Mapping[bytes, int]) -> Parsed:
    return await _in_child(sandbox, parse, retrieved, known=frozenset(known))


async def _in_child(
    sandbox: Sandbox, function: Callable[..., T], retrieved: Retrieved, **others: object
) -> T:
    """What a function makes of the whole document."""
    return await sandbox.run(
        function,
        retrieved.body,
        url=retrieved.url,
        content_type=retrieved.content_type,
        timeout=PARSE_SECONDS,
        quick=QUICK_SECONDS,
        **others,
    )

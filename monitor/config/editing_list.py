"""A file's list under edit: its items, their lines, and the check of what an edit has made of them."""

from collections.abc import Sequence

from monitor.config import editing_lines as lines
from monitor.config import tree
from monitor.config.editing_draft import Draft, data_of
from monitor.config.editing_layout import Place
from monitor.config.editing_values import Data
from monitor.config.source import Source
from monitor.errors import ConfigError

_BY_HAND = "this file is written in a way that is not edited safely: please edit it by hand"


def list_of(draft: Draft) -> Place:
    if draft.listed is None or draft.listed.kind != "list":
        raise by_hand(draft)
    return draft.listed


def region_of(draft: Draft, listed: Place, index: int) -> lines.Region:
    text, place = draft.text, listed.parts[index]
    after = listed.parts[index - 1].end if index else listed.start
    floor = lines.line_end(text, after) if index else _head(draft, listed)
    region = lines.region_of(text, floor=floor, after=after, first=place.start, last=place.end)
    if region is None:
        raise by_hand(draft)
    return region


def _head(draft: Draft, listed: Place) -> int:
    """Where the lines begin in which the first item's comments may stand."""
    before = [key.end for key, value in draft.layout.pairs() if value is listed] if draft.layout else []
    return lines.line_end(draft.text, before[0]) if before else 0


def items_of(draft: Draft) -> list[Data]:
    data = data_of(draft.root)
    if isinstance(data, dict):
        data = data.get(draft.listing.key, [])
    return list(data) if isinstance(data, list) else []


def as_mapping(item: Data) -> dict[str, Data]:
    return item if isinstance(item, dict) else {"name": item}


def raw(draft: Draft, place: Place) -> str:
    return draft.text[place.start : place.end]


def spliced(text: str, start: int, end: int, new: str, *, own_line: bool = False) -> str:
    """The text with [start, end) replaced; with `own_line`, below a last line that has no end as well."""
    if own_line and start and not text[:start].endswith(("\n", "\r")):
        newline = lines.newline_of(text)
        return text[:start] + newline + new.removesuffix(newline) + text[end:]
    return text[:start] + new + text[end:]


def checked(draft: Draft, text: str, items: Sequence[Data]) -> str:
    """The text, if reading it gives what the file said, with these items."""
    read = tree.read_tree(Source(path=draft.source.path, text=text))
    if read.problems or _meaning(draft, data_of(read.root)) != _meaning(
        draft, _with_items(draft, list(items))
    ):
        raise by_hand(draft)
    return text


def _with_items(draft: Draft, items: list[Data]) -> Data:
    data = data_of(draft.root)
    if isinstance(data, list):
        return items
    return {**(data if isinstance(data, dict) else {}), draft.listing.key: items}


def _meaning(draft: Draft, data: Data) -> Data:
    """What the file says with its list named: a bare list is this list, and none is an empty one."""
    key = draft.listing.key
    if not isinstance(data, dict):
        return {key: data or []}
    return {**data, key: data.get(key) or []}


def by_hand(draft: Draft) -> ConfigError:
    return ConfigError(f"{draft.source.path}: {_BY_HAND}")


def without_part(text: str, parts: Sequence[Place], index: int) -> str:
    """Without one of the values between brackets, and one comma."""
    if index + 1 < len(parts):
        return spliced(text, parts[index].start, parts[index + 1].start, "")
    start = parts[index - 1].end if index else parts[index].start
    return spliced(text, start, parts[index].end, "")

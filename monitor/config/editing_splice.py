"""Edits of a file's list of topics or feeds: one more, one less, another in its place, switched on and off.

A text goes in and a text comes out in which every other line is the same to the byte. Each result is read
again: one that does not say what was meant is never given out. Writes nothing.
"""

import re
from collections.abc import Iterable, Sequence

from monitor.config import editing_lines as lines
from monitor.config import tree
from monitor.config.editing_draft import Draft, ItemPlace, data_of, read_draft
from monitor.config.editing_layout import Place
from monitor.config.editing_values import Data, New, as_flow, as_item
from monitor.config.source import Source
from monitor.errors import ConfigError

SWITCH = "disabled"
_COMMA = re.compile(r"(?:\s|#[^\r\n]*)*,")
_BY_HAND = "this file is written in a way that is not edited safely: please edit it by hand"


def added(draft: Draft, new: Sequence[New]) -> str:
    """The text with these at the end of the list."""
    data = [one.data() for one in new]
    if not data:
        return draft.text
    if draft.listed is not None and draft.listed.kind == "list":
        add = _added_to_flow if draft.listed.flow else _added_to_block
        text = add(draft, draft.listed, data)
    else:
        text = _added_first(draft, data)
    return _checked(draft, text, [*_items(draft), *data])


def removed(draft: Draft, one: ItemPlace) -> str:
    """The text without this item, its comments and the blank lines that set it off."""
    listed = _list_of(draft)
    cut = _removed_from_flow if listed.flow else _removed_from_block
    kept = [item for index, item in enumerate(_items(draft)) if index != one.index]
    return _checked(draft, cut(draft, listed, one), kept)


def item_text(draft: Draft, one: ItemPlace) -> str:
    """An item's own lines, with the comments right above, moved to the left margin."""
    listed = _list_of(draft)
    if listed.flow:
        return "\n".join(as_item(_items(draft)[one.index])) + "\n"
    region = _region(draft, listed, one.index)
    own = lines.split(draft.text[region.lead : region.end])
    return "\n".join(_moved_left(line, region.column) for line in own) + "\n"


def lines_of(draft: Draft, one: ItemPlace) -> range:
    """The lines, counted from 1, that `item_text` shows."""
    listed, source = _list_of(draft), draft.source
    if listed.flow:
        return range(draft.line(one), source.line_of(one.place.end) + 2)
    region = _region(draft, listed, one.index)
    return range(source.line_of(region.lead) + 1, source.line_of(max(region.end - 1, 0)) + 2)


def replaced(draft: Draft, one: ItemPlace, text: str) -> str:
    """The text with another item, or several, in its place; `text` is a list at the left margin.

    Raises ConfigError with its problems where that is not YAML.
    """
    listed, index = _list_of(draft), one.index
    if listed.flow:
        new = _items(read_draft(draft.source.path, text, environ={}, listing=draft.listing))
        written = ", ".join(as_flow(item) for item in new)
        after = _spliced(draft.text, one.place.start, one.place.end, written)
    else:
        region = _region(draft, listed, index)
        block = _block(draft.text, lines.split(text), region.column)
        if region.end == len(draft.text) and not draft.text.endswith(("\n", "\r")):
            block = block.rstrip("\r\n")
        after = _spliced(draft.text, region.lead, region.end, block)
    before, now = (
        _items(draft),
        _items(read_draft(draft.source.path, after, environ={}, listing=draft.listing)),
    )
    own = now[index : len(now) - (len(before) - index - 1)]
    if not own:
        raise ConfigError("a list item is expected here: `- name: …`, or `- ` and a phrase")
    return _checked(draft, after, [*before[:index], *own, *before[index + 1 :]])


def switched_off(draft: Draft, one: ItemPlace) -> str:
    """The text with `disabled: true` on a topic; one that is only a text becomes a mapping."""
    items = _items(draft)
    items[one.index] = {**_as_mapping(items[one.index]), SWITCH: "true"}
    if one.place.kind == "mapping":
        return _checked(draft, _switch_on_mapping(draft, one), items)
    return _checked(draft, _switch_on_text(draft, one), items)


def switched_on(draft: Draft, one: ItemPlace) -> str:
    """The text without a topic's `disabled`; where only the name is left, the topic is a text again."""
    items = _items(draft)
    item = {name: value for name, value in _as_mapping(items[one.index]).items() if name != SWITCH}
    pairs = one.place.pairs()
    kept = [pair for pair in pairs if _raw(draft, pair[0]) != SWITCH]
    text = draft.text
    if len(kept) == 1 and "\n" not in _raw(draft, kept[0][1]):
        items[one.index] = item["name"]
        return _checked(draft, _only_name(draft, one, kept[0][1]), items)
    items[one.index] = item
    index = next(index for index, pair in enumerate(pairs) if _raw(draft, pair[0]) == SWITCH)
    return _checked(draft, _without_pair(text, one.place, index), items)


# --- adding ---


def _added_to_block(draft: Draft, listed: Place, new: Sequence[Data]) -> str:
    text, last = draft.text, len(listed.parts) - 1
    region = _region(draft, listed, last)
    at = lines.comments_below(text, region.end, region.column)
    apart = last > 0 and lines.is_blank(text, lines.line_above(text, region.lead))
    return _spliced(text, at, at, _blocks(text, new, region.column, apart=apart), own_line=True)


def _added_to_flow(draft: Draft, listed: Place, new: Sequence[Data]) -> str:
    text = draft.text
    written = [as_flow(item) for item in new]
    if not listed.parts:
        return _spliced(text, listed.end - 1, listed.end - 1, ", ".join(written))
    last = listed.parts[-1]
    comma = _COMMA.match(text, last.end, listed.end)
    begin = lines.line_start(text, last.start)
    if text[begin : last.start].strip() or lines.line_end(text, last.end) >= listed.end:
        behind = comma.end() if comma else last.end
        return _spliced(text, behind, behind, (" " if comma else ", ") + ", ".join(written))
    # One a line: the comma behind the last, the new ones on lines of their own.
    below = lines.line_end(text, comma.end() if comma else last.end)
    newline, indent = lines.newline_of(text), text[begin : last.start]
    block = f",{newline}".join(indent + item for item in written) + ("," if comma else "") + newline
    text = _spliced(text, below, below, block)
    return text if comma else _spliced(text, last.end, last.end, ",")


def _added_first(draft: Draft, new: Sequence[Data]) -> str:
    """The text with the first items of all: below the list's key, which is added if it is not there."""
    text = draft.text
    if draft.listed is not None:
        below = lines.line_end(text, draft.listed.end)
        return _spliced(text, below, below, _blocks(text, new, 2), own_line=True)
    if draft.layout is not None and (draft.layout.kind != "mapping" or draft.layout.flow):
        raise _by_hand(draft)
    newline = lines.newline_of(text)
    return _spliced(
        text, len(text), len(text), f"{draft.listing.key}:{newline}" + _blocks(text, new, 2), own_line=True
    )


def _blocks(text: str, new: Iterable[Data], column: int, *, apart: bool = False) -> str:
    newline = lines.newline_of(text)
    return "".join((newline if apart else "") + _block(text, as_item(item), column) for item in new)


# --- removing ---


def _removed_from_block(draft: Draft, listed: Place, one: ItemPlace) -> str:
    text, region = draft.text, _region(draft, listed, one.index)
    start, end = region.lead, region.end
    if one.index == len(listed.parts) - 1 and lines.blanks_below(text, end) == len(text):
        start = lines.blanks_above(text, start)
    elif one.index == 0 or lines.blanks_above(text, start) < start:
        end = lines.blanks_below(text, end)
    return _spliced(text, start, end, "")


def _removed_from_flow(draft: Draft, listed: Place, one: ItemPlace) -> str:
    text, place = draft.text, one.place
    comma = _COMMA.match(text, place.end, listed.end)
    begin = lines.line_start(text, place.start)
    below = lines.line_end(text, comma.end() if comma else place.end)
    rest = text[comma.end() if comma else place.end : below].strip()
    own_lines = begin > listed.start and below < listed.end and not text[begin : place.start].strip()
    if own_lines and (not rest or rest.startswith("#")):
        return _spliced(text, begin, below, "")
    return _without_part(text, listed.parts, one.index)


def _without_part(text: str, parts: Sequence[Place], index: int) -> str:
    """Without one of the values between brackets, and one comma."""
    if index + 1 < len(parts):
        return _spliced(text, parts[index].start, parts[index + 1].start, "")
    start = parts[index - 1].end if index else parts[index].start
    return _spliced(text, start, parts[index].end, "")


# --- switching ---


def _switch_on_mapping(draft: Draft, one: ItemPlace) -> str:
    text, place = draft.text, one.place
    written = {_raw(draft, key): value for key, value in place.pairs()}
    if SWITCH in written:
        return _spliced(text, written[SWITCH].start, written[SWITCH].end, "true")
    name = written.get("name", place.parts[-1])
    if place.flow:
        return _spliced(text, name.end, name.end, f", {SWITCH}: true")
    below = lines.line_end(text, max(name.end - 1, name.start))
    column = place.start - lines.line_start(text, place.start)
    line = " " * column + f"{SWITCH}: true" + lines.newline_of(text)
    return _spliced(text, below, below, line, own_line=True)


def _switch_on_text(draft: Draft, one: ItemPlace) -> str:
    text, place, listed = draft.text, one.place, _list_of(draft)
    own = _raw(draft, place)
    if listed.flow:
        return _spliced(text, place.start, place.end, f"{{name: {own}, {SWITCH}: true}}")
    region = _region(draft, listed, one.index)
    newline = lines.newline_of(text)
    below = lines.line_end(text, max(place.end - 1, place.start))
    first, *more = lines.split(text[place.start : below])
    written = [f"name: {first}", *(f"  {line}" if line.strip() else line for line in more)]
    written.append(" " * (region.column + 2) + f"{SWITCH}: true")
    ending = newline if text[:below].endswith(("\n", "\r")) else ""
    return _spliced(text, place.start, below, newline.join(written) + ending)


def _only_name(draft: Draft, one: ItemPlace, name: Place) -> str:
    """The topic as the text that its name is; what stands behind the name on its line stays."""
    text, place = draft.text, one.place
    if place.flow:
        return _spliced(text, place.start, place.end, _raw(draft, name))
    below = lines.line_end(text, max(place.end - 1, place.start))
    behind = text[name.start : lines.line_end(text, name.end)]
    return _spliced(text, place.start, below, behind)


def _without_pair(text: str, place: Place, index: int) -> str:
    pairs = place.pairs()
    key, value = pairs[index]
    if place.flow:
        whole = [Place(kind="scalar", start=one.start, end=other.end) for one, other in pairs]
        return _without_part(text, whole, index)
    if index == 0:
        return _spliced(text, key.start, pairs[1][0].start, "")
    return _spliced(text, lines.line_start(text, key.start), lines.line_end(text, value.end), "")


# --- what they share ---


def _list_of(draft: Draft) -> Place:
    if draft.listed is None or draft.listed.kind != "list":
        raise _by_hand(draft)
    return draft.listed


def _region(draft: Draft, listed: Place, index: int) -> lines.Region:
    text, place = draft.text, listed.parts[index]
    after = listed.parts[index - 1].end if index else listed.start
    floor = lines.line_end(text, after) if index else _head(draft, listed)
    region = lines.region_of(text, floor=floor, after=after, first=place.start, last=place.end)
    if region is None:
        raise _by_hand(draft)
    return region


def _head(draft: Draft, listed: Place) -> int:
    """Where the lines begin in which the first item's comments may stand."""
    before = [key.end for key, value in draft.layout.pairs() if value is listed] if draft.layout else []
    return lines.line_end(draft.text, before[0]) if before else 0


def _items(draft: Draft) -> list[Data]:
    data = data_of(draft.root)
    if isinstance(data, dict):
        data = data.get(draft.listing.key, [])
    return list(data) if isinstance(data, list) else []


def _as_mapping(item: Data) -> dict[str, Data]:
    return item if isinstance(item, dict) else {"name": item}


def _raw(draft: Draft, place: Place) -> str:
    return draft.text[place.start : place.end]


def _block(text: str, item: Iterable[str], column: int) -> str:
    newline, indent = lines.newline_of(text), " " * column
    return "".join((indent + line if line.strip() else "") + newline for line in item)


def _moved_left(line: str, column: int) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, column) :]


def _spliced(text: str, start: int, end: int, new: str, *, own_line: bool = False) -> str:
    """The text with [start, end) replaced; with `own_line`, below a last line that has no end as well."""
    if own_line and start and not text[:start].endswith(("\n", "\r")):
        newline = lines.newline_of(text)
        return text[:start] + newline + new.removesuffix(newline) + text[end:]
    return text[:start] + new + text[end:]


def _checked(draft: Draft, text: str, items: Sequence[Data]) -> str:
    """The text, if reading it gives what the file said, with these items."""
    read = tree.read_tree(Source(path=draft.source.path, text=text))
    if read.problems or _meaning(draft, data_of(read.root)) != _meaning(
        draft, _with_items(draft, list(items))
    ):
        raise _by_hand(draft)
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


def _by_hand(draft: Draft) -> ConfigError:
    return ConfigError(f"{draft.source.path}: {_BY_HAND}")

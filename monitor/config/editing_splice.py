"""Edits of a file's list of topics or feeds: one more, one less, another in its place.

A text goes in and a text comes out in which every other line is the same to the byte. Each result is read
again: one that does not say what was meant is never given out. Writes nothing.
"""

import re
from collections.abc import Iterable, Sequence

from monitor.config import editing_lines as lines
from monitor.config.editing_draft import Draft, ItemPlace, read_draft
from monitor.config.editing_layout import Place
from monitor.config.editing_list import (
    by_hand,
    checked,
    items_of,
    list_of,
    region_of,
    spliced,
    without_part,
)
from monitor.config.editing_values import Data, New, as_flow, as_item
from monitor.errors import ConfigError

_COMMA = re.compile(r"(?:\s|#[^\r\n]*)*,")


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
    return checked(draft, text, [*items_of(draft), *data])


def removed(draft: Draft, one: ItemPlace) -> str:
    """The text without this item, its comments and the blank lines that set it off."""
    listed = list_of(draft)
    cut = _removed_from_flow if listed.flow else _removed_from_block
    kept = [item for index, item in enumerate(items_of(draft)) if index != one.index]
    return checked(draft, cut(draft, listed, one), kept)


def item_text(draft: Draft, one: ItemPlace) -> str:
    """An item's own lines, with the comments right above, moved to the left margin."""
    listed = list_of(draft)
    if listed.flow:
        return "\n".join(as_item(items_of(draft)[one.index])) + "\n"
    region = region_of(draft, listed, one.index)
    own = lines.split(draft.text[region.lead : region.end])
    return "\n".join(_moved_left(line, region.column) for line in own) + "\n"


def lines_of(draft: Draft, one: ItemPlace) -> range:
    """The lines, counted from 1, that `item_text` shows."""
    listed, source = list_of(draft), draft.source
    if listed.flow:
        return range(draft.line(one), source.line_of(one.place.end) + 2)
    region = region_of(draft, listed, one.index)
    return range(source.line_of(region.lead) + 1, source.line_of(max(region.end - 1, 0)) + 2)


def replaced(draft: Draft, one: ItemPlace, text: str) -> str:
    """The text with another item, or several, in its place; `text` is a list at the left margin.

    Raises ConfigError with its problems where that is not YAML.
    """
    listed, index = list_of(draft), one.index
    if listed.flow:
        new = items_of(read_draft(draft.source.path, text, environ={}, listing=draft.listing))
        written = ", ".join(as_flow(item) for item in new)
        after = spliced(draft.text, one.place.start, one.place.end, written)
    else:
        region = region_of(draft, listed, index)
        block = _block(draft.text, lines.split(text), region.column)
        if region.end == len(draft.text) and not draft.text.endswith(("\n", "\r")):
            block = block.rstrip("\r\n")
        after = spliced(draft.text, region.lead, region.end, block)
    before, now = (
        items_of(draft),
        items_of(read_draft(draft.source.path, after, environ={}, listing=draft.listing)),
    )
    own = now[index : len(now) - (len(before) - index - 1)]
    if not own:
        raise ConfigError("a list item is expected here: `- name: …`, or `- ` and a phrase")
    return checked(draft, after, [*before[:index], *own, *before[index + 1 :]])


# --- adding ---


def _added_to_block(draft: Draft, listed: Place, new: Sequence[Data]) -> str:
    text, last = draft.text, len(listed.parts) - 1
    region = region_of(draft, listed, last)
    at = lines.comments_below(text, region.end, region.column)
    apart = last > 0 and lines.is_blank(text, lines.line_above(text, region.lead))
    return spliced(text, at, at, _blocks(text, new, region.column, apart=apart), own_line=True)


def _added_to_flow(draft: Draft, listed: Place, new: Sequence[Data]) -> str:
    text = draft.text
    written = [as_flow(item) for item in new]
    if not listed.parts:
        return spliced(text, listed.end - 1, listed.end - 1, ", ".join(written))
    last = listed.parts[-1]
    comma = _COMMA.match(text, last.end, listed.end)
    begin = lines.line_start(text, last.start)
    if text[begin : last.start].strip() or lines.line_end(text, last.end) >= listed.end:
        behind = comma.end() if comma else last.end
        return spliced(text, behind, behind, (" " if comma else ", ") + ", ".join(written))
    # One a line: the comma behind the last, the new ones on lines of their own.
    below = lines.line_end(text, comma.end() if comma else last.end)
    newline, indent = lines.newline_of(text), text[begin : last.start]
    block = f",{newline}".join(indent + item for item in written) + ("," if comma else "") + newline
    text = spliced(text, below, below, block)
    return text if comma else spliced(text, last.end, last.end, ",")


def _added_first(draft: Draft, new: Sequence[Data]) -> str:
    """The text with the first items of all: below the list's key, which is added if it is not there."""
    text = draft.text
    if draft.listed is not None:
        below = lines.line_end(text, draft.listed.end)
        return spliced(text, below, below, _blocks(text, new, 2), own_line=True)
    if draft.layout is not None and (draft.layout.kind != "mapping" or draft.layout.flow):
        raise by_hand(draft)
    newline = lines.newline_of(text)
    return spliced(
        text, len(text), len(text), f"{draft.listing.key}:{newline}" + _blocks(text, new, 2), own_line=True
    )


def _blocks(text: str, new: Iterable[Data], column: int, *, apart: bool = False) -> str:
    newline = lines.newline_of(text)
    return "".join((newline if apart else "") + _block(text, as_item(item), column) for item in new)


# --- removing ---


def _removed_from_block(draft: Draft, listed: Place, one: ItemPlace) -> str:
    text, region = draft.text, region_of(draft, listed, one.index)
    start, end = region.lead, region.end
    if one.index == len(listed.parts) - 1 and lines.blanks_below(text, end) == len(text):
        start = lines.blanks_above(text, start)
    elif one.index == 0 or lines.blanks_above(text, start) < start:
        end = lines.blanks_below(text, end)
    return spliced(text, start, end, "")


def _removed_from_flow(draft: Draft, listed: Place, one: ItemPlace) -> str:
    text, place = draft.text, one.place
    comma = _COMMA.match(text, place.end, listed.end)
    begin = lines.line_start(text, place.start)
    below = lines.line_end(text, comma.end() if comma else place.end)
    rest = text[comma.end() if comma else place.end : below].strip()
    own_lines = begin > listed.start and below < listed.end and not text[begin : place.start].strip()
    if own_lines and (not rest or rest.startswith("#")):
        return spliced(text, begin, below, "")
    return without_part(text, listed.parts, one.index)


def _block(text: str, item: Iterable[str], column: int) -> str:
    newline, indent = lines.newline_of(text), " " * column
    return "".join((indent + line if line.strip() else "") + newline for line in item)


def _moved_left(line: str, column: int) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, column) :]

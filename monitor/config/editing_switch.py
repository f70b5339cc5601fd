"""Switching a topic off and on: edits of its own lines, every other line the same to the byte."""

from monitor.config import editing_lines as lines
from monitor.config.editing_draft import Draft, ItemPlace
from monitor.config.editing_layout import Place
from monitor.config.editing_list import (
    as_mapping,
    checked,
    items_of,
    list_of,
    raw,
    region_of,
    spliced,
    without_part,
)

SWITCH = "disabled"


def switched_off(draft: Draft, one: ItemPlace) -> str:
    """The text with `disabled: true` on a topic; one that is only a text becomes a mapping."""
    items = items_of(draft)
    items[one.index] = {**as_mapping(items[one.index]), SWITCH: "true"}
    if one.place.kind == "mapping":
        return checked(draft, _switch_on_mapping(draft, one), items)
    return checked(draft, _switch_on_text(draft, one), items)


def switched_on(draft: Draft, one: ItemPlace) -> str:
    """The text without a topic's `disabled`; where only the name is left, the topic is a text again."""
    items = items_of(draft)
    item = {name: value for name, value in as_mapping(items[one.index]).items() if name != SWITCH}
    pairs = one.place.pairs()
    kept = [pair for pair in pairs if raw(draft, pair[0]) != SWITCH]
    text = draft.text
    if len(kept) == 1 and "\n" not in raw(draft, kept[0][1]):
        items[one.index] = item["name"]
        return checked(draft, _only_name(draft, one, kept[0][1]), items)
    items[one.index] = item
    index = next(index for index, pair in enumerate(pairs) if raw(draft, pair[0]) == SWITCH)
    return checked(draft, _without_pair(text, one.place, index), items)


def _switch_on_mapping(draft: Draft, one: ItemPlace) -> str:
    text, place = draft.text, one.place
    written = {raw(draft, key): value for key, value in place.pairs()}
    if SWITCH in written:
        return spliced(text, written[SWITCH].start, written[SWITCH].end, "true")
    name = written.get("name", place.parts[-1])
    if place.flow:
        return spliced(text, name.end, name.end, f", {SWITCH}: true")
    below = lines.line_end(text, max(name.end - 1, name.start))
    column = place.start - lines.line_start(text, place.start)
    line = " " * column + f"{SWITCH}: true" + lines.newline_of(text)
    return spliced(text, below, below, line, own_line=True)


def _switch_on_text(draft: Draft, one: ItemPlace) -> str:
    text, place, listed = draft.text, one.place, list_of(draft)
    own = raw(draft, place)
    if listed.flow:
        return spliced(text, place.start, place.end, f"{{name: {own}, {SWITCH}: true}}")
    region = region_of(draft, listed, one.index)
    newline = lines.newline_of(text)
    below = lines.line_end(text, max(place.end - 1, place.start))
    first, *more = lines.split(text[place.start : below])
    written = [f"name: {first}", *(f"  {line}" if line.strip() else line for line in more)]
    written.append(" " * (region.column + 2) + f"{SWITCH}: true")
    ending = newline if text[:below].endswith(("\n", "\r")) else ""
    return spliced(text, place.start, below, newline.join(written) + ending)


def _only_name(draft: Draft, one: ItemPlace, name: Place) -> str:
    """The topic as the text that its name is; what stands behind the name on its line stays."""
    text, place = draft.text, one.place
    if place.flow:
        return spliced(text, place.start, place.end, raw(draft, name))
    below = lines.line_end(text, max(place.end - 1, place.start))
    behind = text[name.start : lines.line_end(text, name.end)]
    return spliced(text, place.start, below, behind)


def _without_pair(text: str, place: Place, index: int) -> str:
    pairs = place.pairs()
    key, value = pairs[index]
    if place.flow:
        whole = [Place(kind="scalar", start=one.start, end=other.end) for one, other in pairs]
        return without_part(text, whole, index)
    if index == 0:
        return spliced(text, key.start, pairs[1][0].start, "")
    return spliced(text, lines.line_start(text, key.start), lines.line_end(text, value.end), "")

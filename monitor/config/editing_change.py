"""Gives a topic's own lines other values: what is not changed stays as it stands, comments included.

    item_text → changed(text, {"query": "Cuba NOT libre"}) → replace_topic

The text is a list of one item at the left margin. Writes nothing.
"""

from collections.abc import Mapping
from pathlib import Path

from monitor.config import editing_lines as lines
from monitor.config.editing_draft import Draft, ItemPlace, data_of, read_draft
from monitor.config.editing_layout import Place
from monitor.config.editing_values import Data, as_item, pair_lines
from monitor.errors import ConfigError

_NOWHERE = Path("topic.yaml")


def values_of(text: str) -> dict[str, Data]:
    """What a topic's own lines say, as typed; raises ConfigError where that is no topic."""
    item = _items(_read(text))[0]
    return dict(item) if isinstance(item, dict) else {"name": item}


def changed(text: str, values: Mapping[str, Data]) -> str:
    """The topic's lines with these values; one that is empty is taken out. Raises ConfigError."""
    wanted = {key: value for key, value in {**values_of(text), **values}.items() if value}
    if wanted == values_of(text):
        return text
    if wanted.keys() == {"name"} and values_of(text).keys() == {"name"}:
        return _anew(text, wanted["name"])
    edited = _with_values(_as_mapping(text), values)
    return edited if _says(edited, wanted) else _anew(text, wanted)


def _with_values(text: str, values: Mapping[str, Data]) -> str:
    """Value by value, from the last to the first, so that places stay right."""
    draft = _read(text)
    topic = draft.items[0]
    if topic.place.flow or topic.place.kind != "mapping":
        return text
    standing = values_of(text)
    new = {key: value for key, value in values.items() if value and key not in standing}
    text = _with_new(text, topic, new)
    for key, value in reversed(topic.place.pairs()):
        name = draft.text[key.start : key.end].strip("\"'")
        if name in values and values[name] != standing.get(name):
            text = _with_value(text, topic, key, value, values[name])
    return text


def _with_new(text: str, topic: ItemPlace, new: Mapping[str, Data]) -> str:
    below = lines.line_end(text, topic.place.end)
    written = [line for key, value in new.items() for line in pair_lines(key, value)]
    block = "".join(f"{_indent(text, topic)}{line}\n" for line in written)
    ended = text if text[:below].endswith("\n") or not block else f"{text}\n"
    at = below if ended == text else len(ended)
    return ended[:at] + block + ended[at:]


def _with_value(text: str, topic: ItemPlace, key: Place, value: Place, new: Data) -> str:
    name = text[key.start : key.end]
    if new:
        first, *more = pair_lines(name.strip("\"'"), new)
        written = "\n".join([first, *(_indent(text, topic) + line for line in more)])
        return text[: key.start] + written + text[value.end :]
    start = lines.line_start(text, key.start)
    return text[:start] + text[lines.line_end(text, value.end) :]


def _as_mapping(text: str) -> str:
    """A topic that is only a text, as a mapping with a name; what stands behind it stays."""
    place = _read(text).items[0].place
    if place.kind != "scalar" or "\n" in text[place.start : place.end]:
        return text
    return f"{text[: place.start]}name: {text[place.start :]}"


def _anew(text: str, item: Data) -> str:
    """The topic written anew, below the comments that stood above it."""
    draft = _read(text)
    above = text[: lines.line_start(text, draft.items[0].place.start)]
    comments = "".join(f"{line}\n" for line in lines.split(above) if line.startswith("#"))
    return comments + "\n".join(as_item(item)) + "\n"


def _indent(text: str, topic: ItemPlace) -> str:
    return " " * (topic.place.start - lines.line_start(text, topic.place.start))


def _says(text: str, wanted: Mapping[str, Data]) -> bool:
    try:
        return values_of(text) == wanted
    except ConfigError:
        return False


def _read(text: str) -> Draft:
    draft = read_draft(_NOWHERE, text, environ={})
    if len(draft.items) != 1:
        raise ConfigError("one topic is expected here")
    return draft


def _items(draft: Draft) -> list[Data]:
    data = data_of(draft.root)
    return data if isinstance(data, list) else []

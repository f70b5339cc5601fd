"""A topic as a form has it: from what stands in a file, and back into what is to be written. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.config.editing_change import changed, values_of
from monitor.config.editing_values import Data, NewTopic
from monitor.errors import WrongUseError
from monitor.web.forms import Form

FIRST_WATCHLIST = "topics"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicForm:
    """What somebody types. `topic` is the name under which it stands, "" while it is new; `was` its lines.

    `labels` are a line each, as `name: value`; the tests a line each.
    """

    watchlist: str
    topic: str = ""
    was: str = ""
    name: str = ""
    query: str = ""
    labels: str = ""
    must_match: str = ""
    must_not_match: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it stands in no file yet."""
        return not self.topic

    @property
    def address(self) -> dict[str, str]:
        """What names it in an address."""
        return {"watchlist": self.watchlist, "topic": self.topic}


def form_sent(form: Form) -> TopicForm:
    """What a browser sent."""
    return TopicForm(
        watchlist=form.text("watchlist") or FIRST_WATCHLIST,
        topic=form.text("topic"),
        was=form.get("was", ""),
        name=" ".join(form.text("name").split()),
        query=" ".join(form.text("query").split()),
        labels=form.text("labels"),
        must_match=form.text("must_match"),
        must_not_match=form.text("must_not_match"),
    )


def form_standing(watchlist: str, text: str) -> TopicForm:
    """What a topic's own lines say."""
    values = values_of(text)
    labels = values.get("labels", {})
    pairs = labels.items() if isinstance(labels, dict) else ()
    name = _text(values.get("name", ""))
    return TopicForm(
        watchlist=watchlist,
        topic=name,
        was=text,
        name=name,
        query=" ".join(_text(values.get("query", "")).split()),
        labels="\n".join(f"{key}: {_text(value)}" for key, value in pairs),
        must_match=_lines(values.get("must_match", [])),
        must_not_match=_lines(values.get("must_not_match", [])),
    )


def new_topic(form: TopicForm) -> NewTopic:
    """A topic to write; raises WrongUseError."""
    if not form.name:
        raise WrongUseError("a topic needs a name")
    return NewTopic(
        name=form.name,
        query=form.query,
        labels=labels_of(form.labels),
        must_match=form.must_match.splitlines(),
        must_not_match=form.must_not_match.splitlines(),
    )


def rewritten(form: TopicForm, text: str) -> str:
    """A topic's lines with what was typed; raises WrongUseError and ConfigError."""
    return changed(text, _differing(form, form_standing(form.watchlist, text)))


def labels_of(text: str) -> dict[str, str]:
    """Labels, a line each: `severity: high`, or with `=`. Raises WrongUseError."""
    labels: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        sign = ":" if ":" in line and line.find(":") < (line.find("=") % len(line)) else "="
        name, found, value = line.partition(sign)
        if not found or not name.strip() or not value.strip():
            raise WrongUseError(f"labels: {line.strip()!r}: a label is written `name: value`")
        labels[name.strip()] = value.strip()
    return labels


def _differing(form: TopicForm, standing: TopicForm) -> Mapping[str, Data]:
    """The values that are typed otherwise than they stand: the others are not touched."""
    typed: dict[str, Data] = {
        "name": form.name,
        "query": form.query,
        "labels": {**labels_of(form.labels)},
        "must_match": [*filter(None, map(str.strip, form.must_match.splitlines()))],
        "must_not_match": [*filter(None, map(str.strip, form.must_not_match.splitlines()))],
    }
    return {key: value for key, value in typed.items() if getattr(form, key) != getattr(standing, key)}


def _text(value: Data) -> str:
    return value if isinstance(value, str) else ""


def _lines(value: Data) -> str:
    """The texts of a list, a line each; a text alone is a list of one."""
    texts = [value] if isinstance(value, str) else value
    return "\n".join(" ".join(_text(text).split()) for text in texts if text)

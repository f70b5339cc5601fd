"""`monitor explain`: a topic against an entry, clause by clause, and what became of the hit."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.console import out, print_json
from monitor.cli.documents import STDIN, document_from, reason
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    examples,
    find_settings,
    load,
    reading,
)
from monitor.cli.queries import chosen_topics, topic_of_query
from monitor.errors import WrongUseError
from monitor.topics.document import Document

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from monitor.store.pages import Page
    from monitor.store.records import Hit, StoredEntry
    from monitor.store.remarks import Remark
    from monitor.store.store import Store
    from monitor.topics.topic import Topic

NOT_MATCHED = 1

commands = typer.Typer()


TopicArgument = Annotated[
    str, typer.Argument(metavar="TOPIC", help="The topic's name; left out with --query and --hit.")
]
EntryArgument = Annotated[
    str, typer.Argument(metavar="ENTRY", help="An id, a URL or guid, a part of the title; - for JSON.")
]
HitOption = Annotated[int | None, typer.Option("--hit", metavar="ID", help="Explain this hit.")]
QueryOption = Annotated[
    str, typer.Option("--query", "-q", metavar="QUERY", help="A query in place of a topic.")
]
TextOption = Annotated[str, typer.Option("--text", metavar="TEXT", help="A plain text in place of an entry.")]
FileOption = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help="A plain text file in place of an entry.")
]


@commands.command(
    epilog=examples(
        "monitor explain Cuba 1234 # an entry by its id",
        "monitor explain 'Taiwan Strait' 'frigates pass' # by a part of its title",
        "monitor explain Cuba https://example.org/story --json",
        "monitor explain Cuba --text 'Cuba libre, please'",
        "monitor explain --hit 17 # a hit of monitor hits",
        "monitor explain -q 'spy NEAR/4 balloon' 1234 # a query, not a topic",
    )
)
def explain(  # noqa: PLR0913, PLR0917 - a parameter is an option
    topic: TopicArgument = "",
    entry: EntryArgument = "",
    hit: HitOption = None,
    query: QueryOption = "",
    text: TextOption = "",
    file: FileOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Say why a topic matches an entry, or why not, clause by clause.

    For a stored entry also what became of the hit: pending, told, or kept and
    why. Exit code: 0 it matches, 1 it does not, 2 there is no such thing.
    """
    if query:  # then the first word is the entry
        topic, entry = "", entry or topic
    desk = _Desk(config=config, database=database)
    subject = desk.subject(hit=hit, entry=entry, text=text, file=file)
    wanted = topic_of_query(query) if query else desk.topic(topic or subject.topic)
    raise typer.Exit(0 if _explain(wanted, desk.with_hit(subject, wanted), as_json=as_json) else NOT_MATCHED)


def _explain(topic: "Topic", subject: "Subject", *, as_json: bool) -> bool:
    """Print why or why not; returns whether it matches."""
    from monitor.cli.explain_view import explanation_facts, show_explanation
    from monitor.topics.explain import explain as explain_topic

    explanation = explain_topic(topic, subject.document)
    if as_json:
        print_json(explanation_facts(topic.name, explanation, subject))
    else:
        show_explanation(topic, explanation, subject, out())
    return explanation.holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is explained: a document and, where it is stored, its entry, its hit with a remark, its page."""

    document: Document
    stored: "StoredEntry | None" = None
    hit: "Hit | None" = None
    page: "Page | None" = None
    remark: "Remark | None" = None

    @property
    def topic(self) -> str:
        """The topic of its hit, "" where there is none."""
        return self.hit.topic if self.hit else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Where entries, hits and topics are looked up."""

    config: Path | None
    database: Path | None

    def subject(self, *, hit: int | None, entry: str, text: str, file: Path | None) -> Subject:
        """What these options mean; raises WrongUseError where they mean nothing, or nothing is there."""
        given = [option for option in (hit is not None, bool(entry), bool(text), file is not None) if option]
        if len(given) != 1:
            raise WrongUseError("name one ENTRY, or give one of --hit, --text and --file")
        if hit is not None:
            return self._hit(hit)
        if text or file or entry == STDIN:
            return Subject(document=_from_outside(text, file))
        return self._entry(entry)

    def topic(self, name: str) -> "Topic":
        """The topic of this name."""
        if not name:
            raise WrongUseError("name a TOPIC, or give --query or --hit")
        (topic,) = chosen_topics(load(self.config, tolerant=True), [name])
        return topic

    def with_hit(self, subject: Subject, topic: "Topic") -> Subject:
        """The subject with what is stored of this topic and entry: the hit, and what came of its page."""
        stored = subject.stored
        if stored is None:
            return subject
        with self._store() as store:
            hits = [subject.hit] if subject.hit else store.hits(topic=topic.name, entry_id=stored.entry_id)
            page = store.page(stored.entry_id)
            remarks = store.remarks([hit.hit_id for hit in hits[:1]])
        hit, remark = (hits[0] if hits else None), next(iter(remarks.values()), None)
        return replace(subject, hit=hit, page=page, remark=remark)

    def _store(self) -> "AbstractContextManager[Store]":
        return reading(find_settings(self.config, self.database).database)

    def _hit(self, hit_id: int) -> Subject:
        with self._store() as store:
            hits = store.hits(ids=[hit_id])
        if not hits:
            raise WrongUseError(f"there is no hit {hit_id}")
        return Subject(document=_document_of(hits[0].entry), stored=hits[0].entry, hit=hits[0])

    def _entry(self, named: str) -> Subject:
        with self._store() as store:
            found = store.entry(int(named)) if named.isdecimal() else None
            entries = [found] if found else store.find_entries(named, limit=11)
        if not entries:
            raise WrongUseError(f"no entry has the id, URL or guid {named!r}, or it in its title")
        if len(entries) > 1:
            raise WrongUseError("\n".join(["several entries are called so:", *_choices(entries)]))
        return Subject(document=_document_of(entries[0]), stored=entries[0])


def _choices(entries: "list[StoredEntry]") -> "Iterator[str]":
    for one in entries[:10]:
        yield f"{one.entry_id}  {one.entry.title or one.entry.link} ({one.feed})"
    if len(entries) > 10:
        yield "… and more"


def _document_of(stored: "StoredEntry") -> Document:
    from monitor.documents import document_of

    return document_of(stored.entry, feed=stored.feed)


def _from_outside(text: str, file: Path | None) -> Document:
    """A document that is not stored: a text, a file, or JSON on standard input."""
    if text:
        return Document(id="the text given", content=text)
    try:
        if file:
            return Document(id=str(file), content=file.read_text(encoding="utf-8-sig", errors="replace"))
        value: Any = json.loads(sys.stdin.buffer.read())
        if isinstance(value, Mapping):
            return document_from(value, name="standard input")
    except (OSError, ValueError) as error:
        raise WrongUseError(f"{file or 'standard input'}: {reason(error)}") from error
    raise WrongUseError("standard input: a JSON object is expected")

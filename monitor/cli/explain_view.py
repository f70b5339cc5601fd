"""Why a topic matches or not, on the terminal and as JSON."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from monitor.cli.console import marked, words
from monitor.cli.explaining import Subject
from monitor.cli.facts import entry_facts, remark_facts, span_facts
from monitor.cli.showing import headline, remark_words
from monitor.topics.document import TEXT_FIELDS
from monitor.topics.explain import Explanation
from monitor.topics.match import Span
from monitor.topics.snippets import fitting, snippets
from monitor.topics.topic import Topic

SHOWN = 2
"""Places that are shown of each clause."""
WIDTH = 60


def show_explanation(topic: Topic, explanation: Explanation, subject: Subject, console: Console) -> None:
    """The entry, the verdict, each clause with its places, and what became of the hit."""
    console.print(headline(subject.document, explanation.spans, console))
    if subject.stored:
        console.print(words(f"entry {subject.stored.entry_id} of {subject.stored.feed}", "dim"))
    if subject.page:
        console.print(words(f"its page: {outcome(subject.page.state, subject.page.reason)}", "dim"))
    verdict = words("matches", "bold green") if explanation.holds else words("does not match", "bold red")
    tree = Tree(words(f"{topic.name} ", "bold") + verdict, guide_style="dim")
    for part in explanation.parts:
        _grow(tree, part, subject, console)
    if not explanation.parts:
        tree.add(words(explanation.reason))
    console.print()
    console.print(tree)
    if subject.hit:
        console.print()
        console.print(words(f"hit {subject.hit.hit_id}: {outcome(subject.hit.state, subject.hit.reason)}"))
        if remark := remark_words(subject.remark):
            console.print(remark)
    elif subject.stored and explanation.holds:
        console.print(words("no hit is stored: the topic was not like this when the entry came", "dim"))


def outcome(state: str, reason: str) -> str:
    """What became of a hit: `kept, baseline: …`, `told`, `pending`."""
    return state if reason in ("", state) else f"{state}, {reason}"


def _grow(tree: Tree, part: Explanation, subject: Subject, console: Console) -> None:
    sign = words("✓ ", "green") if part.holds else words("✗ ", "red")
    line = sign + words(part.clause, "bold" if not part.parts else "")
    if reason := part.shown_reason():
        line += words(f"  {reason}", "dim")
    branch = tree.add(line)
    if shown := part.shown_parts():
        for inner in shown:
            _grow(branch, inner, subject, console)
        if more := part.left_out():
            branch.add(words(more, "dim"))
        return
    for place in _places(part, subject, console):
        branch.add(place)


def _places(part: Explanation, subject: Subject, console: Console) -> Iterator[Text]:
    """Where a clause stands, with the words around it."""
    left = SHOWN
    spans = fitting(subject.document, part.spans)
    for field in dict.fromkeys(span.field for span in spans):
        inside = [span for span in spans if span.field == field]
        for text in list(_in_field(subject, field, inside, console))[:left]:
            left -= 1
            yield words(f"{field}: ", "dim") + text


def _in_field(subject: Subject, field: str, spans: list[Span], console: Console) -> Iterator[Text]:
    if field not in TEXT_FIELDS:
        yield from (marked(span.text, [(0, len(span.text))], console) for span in spans)
        return
    for snippet in snippets(getattr(subject.document, field), spans, width=WIDTH, most=SHOWN):
        yield marked(snippet.text, snippet.marks, console)


def explanation_facts(name: str, explanation: Explanation, subject: Subject) -> dict[str, Any]:
    """The explanation as JSON: the verdict, the tree of clauses, the stored entry and its hit."""
    stored, hit, page = subject.stored, subject.hit, subject.page
    return {
        "topic": name,
        "matches": explanation.holds,
        "reason": explanation.reason,
        "spans": [span_facts(span) for span in explanation.spans],
        "clauses": [_clause_facts(part) for part in explanation.parts],
        "entry": {"id": stored.entry_id, "feed": stored.feed, **entry_facts(stored.entry)}
        if stored
        else None,
        "hit": {"id": hit.hit_id, "state": hit.state, "reason": hit.reason, **remark_facts(subject.remark)}
        if hit
        else None,
        "page": {"url": page.url, "state": page.state, "reason": page.reason} if page else None,
    }


def _clause_facts(part: Explanation) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "clause": part.clause,
        "holds": part.holds,
        "reason": part.reason,
        "spans": [span_facts(span) for span in part.spans],
        "parts": [_clause_facts(inner) for inner in part.parts],
    }

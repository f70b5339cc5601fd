"""A matched document on the terminal: its headline and snippets with the matched words marked."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from monitor.cli.console import Pipe, marked, words
from monitor.topics.document import TEXT_FIELDS, Document
from monitor.topics.match import Span

if TYPE_CHECKING:
    from rich.text import Text

    from monitor.arrival import FoundHit
    from monitor.cli.console import Printer
    from monitor.store.remarks import Remark

SNIPPETS = 2
"""How many snippets a hit is shown with."""


def headline(document: Document, spans: Sequence[Span], console: "Printer", style: str = "bold") -> "Text":
    """The title with its marks; what names the document where it has none."""
    from monitor.topics.snippets import fitting, whole

    if not document.title.strip():
        return words(document.url or document.id or "(no title)", style)
    title = whole(document.title, [span for span in fitting(document, spans) if span.field == "title"])
    return marked(title.text, title.marks, console, style)


def snippet_lines(
    document: Document, spans: Sequence[Span], console: "Printer", *, most: int = SNIPPETS
) -> "Iterator[Text]":
    """Short stretches of the running text around its marks."""
    from monitor.topics.snippets import fitting, snippets

    left, still = most, fitting(document, spans)
    for field in TEXT_FIELDS[1:]:
        inside = [span for span in still if span.field == field]
        if inside and left > 0:
            for snippet in snippets(getattr(document, field), inside, most=left):
                left -= 1
                yield marked(snippet.text, snippet.marks, console)


def other_marks(spans: Sequence[Span]) -> str:
    """What matched outside the running text: `author: Smith; tag: cuba`."""
    names = [f"{span.field}: {span.text}" for span in spans if span.field not in TEXT_FIELDS]
    return "; ".join(dict.fromkeys(names))


def why(spans: Sequence[Span], most: int = 3) -> str:
    """The clauses that matched, each once."""
    clauses = list(dict.fromkeys(span.clause for span in spans))
    return "; ".join(clauses[:most]) + ("; …" if len(clauses) > most else "")


def show_match(head: "Text", document: Document, spans: Sequence[Span], console: "Printer") -> None:
    """A headline, below it what of the running text matched, or what else did."""
    console.print(head, soft_wrap=not console.is_terminal)
    lines = list(snippet_lines(document, spans, console))
    if not lines and (others := other_marks(spans)):
        lines = [words(others)]
    for line in lines:
        indented(line, console)


def remark_words(remark: "Remark | None") -> "Text | None":
    """What somebody put on a hit: `★ a note`; None where nobody did."""
    if remark is None:
        return None
    star = words("★ " if remark.starred else "", "yellow")
    return star + words(remark.note, "italic")


def show_found(found: "FoundHit", feed: str, console: "Printer") -> None:
    """A hit as it was found: topic, headline, snippets, where it is from, why it is not told if so."""
    from monitor.documents import document_of

    hit, entry = found.hit, found.entry
    document = document_of(entry, feed=feed)
    told = hit.state == "pending"
    topic = words(f"{hit.topic}  ", "yellow" if told else "dim")
    show_match(topic + headline(document, hit.spans, console), document, hit.spans, console)
    indented(words(" · ".join(filter(None, (feed, entry.link))), "dim"), console)
    if not told:
        indented(words(f"{hit.state}: {hit.reason}", "dim"), console)


def indented(text: "Text", console: "Printer", by: int = 4) -> None:
    """Print below a headline; wrapped on a terminal, in one line where a program may read it."""
    if isinstance(console, Pipe) or not console.is_terminal:
        lines = [text]
    else:
        lines = [*text.wrap(console, max(20, console.width - by))]
    for line in lines:
        line.rstrip()
        console.print(words(" " * by) + line, soft_wrap=True)

"""A document: the searchable text of an entry, by field. Data only."""

from dataclasses import field
from typing import NamedTuple

from monitor.records import dataclass

TEXT_FIELDS = ("title", "summary", "content")
"""The fields that are read as running text, in order of reading; `body` means the last two."""


class Words(NamedTuple):
    """A document's words, folded, with blanks between: those of its title, and those of its body.

    `once`: each stands in it once, letter by letter as in the text.
    """

    title: str
    body: str
    once: bool = False

    @property
    def text(self) -> str:
        """All of them, as a sheet has them that is laid out without second readings."""
        return " ".join(("", *filter(None, self[:2]), ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An entry's searchable text, by field: plain text, never mark-up (see topics.markup.text_of).

    Paragraphs are separated by an empty line. A span's start and end are positions in these strings.
    `tags` are whole tags, `lang` is a BCP 47 tag or "", `feed` the feed's name, `site` the host of the URL.
    `words` is what `words_of` makes of it, where that has been done.
    """

    id: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    url: str = ""
    site: str = ""
    feed: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    lang: str = ""
    words: Words | None = field(default=None, compare=False, repr=False)

"""A document: the searchable text of an entry, by field. Data only."""

from dataclasses import dataclass

TEXT_FIELDS = ("title", "summary", "content")
"""The fields that are read as running text, in order of reading; `body` means the last two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An entry's searchable text, by field: plain text, never mark-up (see topics.markup.text_of).

    Paragraphs are separated by an empty line. A span's start and end are positions in these strings.
    `tags` are whole tags, `lang` is a BCP 47 tag or "", `feed` the feed's name, `site` the host of the URL.
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

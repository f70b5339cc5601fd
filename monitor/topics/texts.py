"""What an entry says, as topics see it: its mark-up as text, and the words of that. Pure."""

from typing import NamedTuple

from monitor.topics.document import Words
from monitor.topics.markup import text_of
from monitor.topics.text import words_of


class Texts(NamedTuple):
    """Summary and content as plain text, and the words of these and of the title."""

    summary: str
    content: str
    words: Words | None = None


def texts_of(title: str, summary: str, content: str) -> Texts:
    """The texts of an entry, whose title is plain text, and whose summary and content are HTML."""
    plain = text_of(summary), text_of(content)
    return Texts(*plain, words_of(title, *plain))

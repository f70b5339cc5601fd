"""What a page says, and what it says of itself. Data only."""

from dataclasses import dataclass
from datetime import datetime
from html import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page says of itself, for machines: "" and None where it says nothing.

    `url` is its canonical address, absolute http(s); `lang` a language tag; `body` the whole text where the
    page carries it as data; `published` is aware and UTC. `is_paid`: it says that not everybody may read it.
    """

    url: str = ""
    lang: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    body: str = ""
    is_paid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page's article: its plain text, a paragraph a line, and the page's head."""

    text: str
    head: Head

    @property
    def html(self) -> str:
        """The text as HTML of paragraphs, as an entry's content is kept."""
        lines = (line for line in self.text.splitlines() if line.strip())
        return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)

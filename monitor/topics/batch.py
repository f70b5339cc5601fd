"""The words of several documents as one text: made in one pass, and looked through in one."""

from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate

from monitor.blanks import single_plain_blanks
from monitor.records import dataclass
from monitor.topics.document import Words
from monitor.topics.fold import ODD, fold_between, narrowed
from monitor.topics.folded import Folded
from monitor.topics.glue import lost_blanks
from monitor.topics.text import words_apart, words_of

_BODY, _END = "\x02", "\x03"
"""Before a document's body and behind it. No text holds such signs that is worth to be read in one pass."""

Texts = tuple[str, str, str]
"""A document's title, summary and content."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents' words, in order. `twice` are the numbers of those in which a word may stand more than once.

    As one text they come back from a child in a tenth of the time.
    """

    text: str = ""
    twice: tuple[int, ...] = ()

    @classmethod
    def of(cls, documents: Sequence[Words]) -> "Batch":
        """The words of documents each of which was read by itself."""
        text = "".join([f"{_as_text(words)}{_END}" for words in documents])
        return cls(text, tuple([at for at, words in enumerate(documents) if not words.once]))

    def words(self) -> list[Words]:
        """Each document's own."""
        twice = set(self.twice)
        pairs = [one.split(_BODY) for one in self.text.split(_END)[:-1]]
        return [Words(title.strip(), body.strip(), at not in twice) for at, (title, body) in enumerate(pairs)]

    @property
    def unlike(self) -> tuple[int, ...]:
        """The documents that may have other words than are here, where letters run on without blanks."""
        return () if self.text.isascii() else self.twice

    def ends(self) -> list[int]:
        """Where each document's words end in the text."""
        return list(accumulate([len(one) + 1 for one in self.text.split(_END)[:-1]]))


def batch_of(documents: Sequence[Texts], laid_out: Callable[[int], Texts]) -> Batch:
    """What `words_of` makes of each document, in one pass over all that are in Latin letters.

    Their texts need not be laid out. Those of the others are asked for by number, and are `laid_out`.
    """
    pieces = [
        f"\n{title}\n\n{_BODY}\n{summary}\n\n{content}\n\n{_END}" for title, summary, content in documents
    ]
    text = "".join(pieces)
    narrow = narrowed(text)
    if narrow is None or text.count(_END) + text.count(_BODY) != 2 * len(documents):
        return Batch.of([words_of(*laid_out(at)) for at in range(len(documents))])
    folded = fold_between(narrow, _BODY + _END)
    ends = list(accumulate(map(len, pieces)))
    twice = {bisect(ends, place): None for place in _odd_places(text, narrow, folded)}
    words = f" {single_plain_blanks(folded)}"
    if twice:
        words = _put_in(words, {at: words_apart(*laid_out(at)) for at in twice})
    return Batch(words, tuple(twice))


def _odd_places(text: str, narrow: bytes, folded: str) -> Iterator[int]:
    """Where a document can not be read letter by letter, once."""
    place = folded.find(ODD)
    while place >= 0:
        yield place
        place = folded.find(ODD, place + 1)
    yield from lost_blanks(text, narrow, Folded(folded))


def _put_in(words: str, others: Mapping[int, Words]) -> str:
    """The batch's text with the words of these documents in their places."""
    each = words.split(_END)
    for at, its in others.items():
        each[at] = _as_text(its)
    return _END.join(each)


def _as_text(words: Words) -> str:
    return f" {words.title} {_BODY} {words.body} "

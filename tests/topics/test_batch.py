"""The words of several documents: the same as each has by itself, however they are read."""

import pickle

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.topics.batch import Batch, batch_of
from monitor.topics.document import Document, Words
from monitor.topics.markup import loose_text_of, text_of
from monitor.topics.sheet import lay_out
from monitor.topics.text import words_of
from tests.topics import nasty

MARKUP = (
    "<p>",
    "</p>",
    "<br>",
    "<b>",
    "<pre>",
    "<script>",
    "</script>",
    "<a href='x'>",
    "<!--",
    "&amp;",
    "&lt;",
)
MARKS = ("&#x2;", "\x02", "\x03", "\x01", "\x00", "œ", "П")
LATIN = ("Cuba", "the", "’s ", ", ", " ", " ", "\n\n", "1", "CubaThe", "abcdreported")
MANY = st.lists(st.sampled_from((*MARKUP, *LATIN)), max_size=8).map("".join)
ODD = st.lists(st.sampled_from((*MARKUP, *MARKS, *LATIN)), max_size=8).map("".join)
DOCUMENTS = st.lists(st.tuples(ODD, ODD, ODD), max_size=4) | st.lists(st.tuples(MANY, MANY, MANY), max_size=4)
NASTY = st.lists(st.tuples(nasty.texts(max_size=6), nasty.texts(max_size=6), st.just("")), max_size=3)


@given(DOCUMENTS | NASTY)
@example([("", "", ""), ("", "<p>a</p>", "")])
@example([("Cuba", "", ""), ("CubaThe", "<pre>in\n2019The</pre>", "<b>œ</b>"), ("The", "", "Cuba")])
def test_read_together_they_are_what_they_are_one_by_one(documents: list[tuple[str, str, str]]) -> None:
    """Mark-up that never ends included, words in both their readings, letters of other scripts."""
    laid_out = [(title, text_of(summary), text_of(content)) for title, summary, content in documents]
    alone = [words_of(*texts) for texts in laid_out]
    loose = [(title, loose_text_of(summary), loose_text_of(content)) for title, summary, content in documents]
    batch = batch_of(loose, laid_out.__getitem__)
    assert batch.words() == alone
    assert Batch.of(alone).words() == alone
    assert len(batch.ends()) == len(documents)
    assert batch.ends()[-1:] == [len(batch.text)][: len(documents)]
    assert pickle.loads(pickle.dumps(batch)) == batch


@given(st.lists(nasty.texts(max_size=6), max_size=3))
@example(["in 2019The Journalreported"])
def test_of_those_that_are_like_their_texts_no_word_is_missing(titles: list[str]) -> None:
    batch = Batch.of([words_of(title, "", "") for title in titles])
    for at, (title, words) in enumerate(zip(titles, batch.words(), strict=True)):
        if at not in batch.unlike:
            assert {*lay_out(Document(title=title)).folded.text.split()} <= {*words.text.split()}


def test_latin_letters_are_told_from_others() -> None:
    latin, other = Words("cuba the", "", once=True), Words("台 湾", "")
    assert Batch.of([latin, latin._replace(once=False)]).unlike == ()
    assert Batch.of([latin, other]).unlike == (1,)

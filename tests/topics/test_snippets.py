"""Snippets: short stretches around what matched, with the marks where they belong."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.match import Span
from monitor.topics.snippets import snippets, whole


def span(text: str, word: str) -> Span:
    start = text.index(word)
    return Span(field="content", start=start, end=start + len(word), text=word, clause=word)


def test_a_snippet_holds_the_word_and_marks_it() -> None:
    text = "Long before. " * 40 + "Ships in the Taiwan Strait sailed on. " + "Long after. " * 40
    (snippet,) = snippets(text, [span(text, "Taiwan Strait")])
    ((start, end, clause),) = snippet.marks
    assert snippet.text[start:end] == clause == "Taiwan Strait"
    assert len(snippet.text) < 250
    assert snippet.text.startswith("…")
    assert snippet.text.endswith("…")


def test_white_space_is_folded_and_the_marks_move_along() -> None:
    snippet = whole("The \n\n  Taiwan   Strait", [span("The \n\n  Taiwan   Strait", "Taiwan   Strait")])
    ((start, end, _),) = snippet.marks
    assert snippet.text == "The Taiwan Strait"
    assert snippet.text[start:end] == "Taiwan Strait"


def test_no_more_stretches_than_asked_for() -> None:
    text = " ".join(f"word{number} " + "x " * 200 for number in range(9))
    assert len(snippets(text, [span(text, f"word{number} ") for number in range(9)], most=2)) == 2


@given(st.text(max_size=400), st.data())
def test_marks_are_in_order_inside_the_snippet_and_never_overlap(text: str, data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    drawn = data.draw(st.lists(places, max_size=6))
    spans = [
        Span(field="content", start=start, end=end, text=text[start:end], clause="c") for start, end in drawn
    ]
    for snippet in snippets(text, spans):
        before = 0
        for start, end, _ in snippet.marks:
            assert before <= start < end <= len(snippet.text)
            before = end

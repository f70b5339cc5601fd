"""Numbers of words: small, each word's own, and free again when the word is forgotten."""

from monitor.topics.lexicon import Lexicon
from monitor.topics.words import Noun, word


def test_a_forgotten_words_number_goes_to_the_next_new_one() -> None:
    lexicon = Lexicon()
    cuba, havana, madrid = (word(Noun, text) for text in ("cuba", "havana", "madrid"))
    lexicon.add(cuba)
    lexicon.add(havana)
    assert dict(lexicon.numbers) == {cuba: 0, havana: 1}
    lexicon.forget(cuba)
    lexicon.add(madrid)
    assert dict(lexicon.numbers) == {havana: 1, madrid: 0}
    assert lexicon.words == [madrid, havana]

"""Draws standing queries from texts: what a desk may ask for, in kinds and numbers that the benchmarks share.

    names    what desks watch: people, places, bodies, things, as the texts write them: "Taiwan Strait", Cuba
    words    any word but the everyday ones, by itself or where it stands in a text: "nuclear plants", blamed

In both, each name and each single word is as likely as any other, and a third of the queries are one alone.
Words are the hard case: with a hundred thousand topics nearly every word of the language is somebody's topic,
and an article is caught by hundreds.
"""

import random
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

MOST_TEXTS = 0.05
"""A word that stands in more of the texts is nobody's topic."""

NEARBY = 40
"""Characters between two names that a NEAR asks for, at most."""

ALWAYS = 0.9
"""How often a name is written as a name."""

_WORD = re.compile(r"[A-Za-z]+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]{2,}(?: [A-Z][A-Za-z]{2,}){0,2}(?![\w'’-])")
"""One to three words with a capital, not at a sentence's start."""

_OPERATORS = frozenset(("AND", "NOT", "NEAR", "ONEAR", "AROUND"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A drawn query: its kind and its words or phrases."""

    kind: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """As an analyst types it."""
        quoted = [f'"{part}"' if " " in part else part for part in self.parts]
        joiner = {"and": " AND ", "or": " OR ", "not": " NOT ", "near": " NEAR/5 "}.get(self.kind, "")
        return joiner.join(quoted)

    @property
    def fts(self) -> str:
        """As FTS5 has it."""
        quoted = [f'"{part}"' for part in self.parts]
        if self.kind == "near":
            return f"NEAR({' '.join(quoted)}, 5)"
        return {"and": " AND ", "or": " OR ", "not": " NOT "}.get(self.kind, "").join(quoted)

    def regex(self) -> Callable[[str], bool]:
        """As regular expressions, one for each thing that must or must not be there."""
        forms = [r"\W+".join(rf"{word}(?:'?s|s')?" for word in part.split()) for part in self.parts]
        if self.kind == "near":
            one, other = forms
            between = r"\W+(?:\w+\W+){0,5}?"
            forms = [rf"(?:{one}){between}(?:{other})|(?:{other}){between}(?:{one})"]
        if self.kind == "or":
            forms = ["|".join(forms)]
        first, *rest = [re.compile(rf"\b(?:{form})\b", re.IGNORECASE).search for form in forms]
        if not rest:
            return lambda text: first(text) is not None
        second, wanted = rest[0], self.kind == "and"
        return lambda text: first(text) is not None and (second(text) is not None) == wanted


class Draw(ABC):
    """A way to draw queries from texts of a title and a body."""

    def __init__(self, texts: Sequence[tuple[str, str]], dice: random.Random) -> None:
        self.dice = dice
        self.most = MOST_TEXTS * len(texts)

    def draw(self) -> Asked:
        """A third single words, a quarter phrases, the others joined by operators."""
        kind = self.dice.choices(("word", "phrase", "and", "or", "not", "near"), (33, 25, 17, 10, 5, 10))[0]
        if kind in ("word", "phrase"):
            return Asked(kind, (self.word() if kind == "word" else self.phrase(),))
        count = self.dice.choice((2, 3, 4)) if kind == "or" else 2
        if kind in ("and", "near"):
            return Asked(kind, tuple(self.together(is_near=kind == "near")))
        return Asked(kind, tuple(self._word_or_phrase() for _ in range(count)))

    @abstractmethod
    def word(self) -> str:
        """A single word."""

    @abstractmethod
    def phrase(self) -> str:
        """Two or three words that stand together in a text."""

    @abstractmethod
    def together(self, *, is_near: bool) -> Sequence[str]:
        """Two of one text."""

    def _word_or_phrase(self) -> str:
        return self.phrase() if self.dice.random() < 0.3 else self.word()


class Names(Draw):
    """Names, each distinct one as likely as any other; a name is not also a word of the language."""

    def __init__(self, texts: Sequence[tuple[str, str]], dice: random.Random) -> None:
        super().__init__(texts, dice)
        self.texts = [list(_NAME.finditer(text)) for _, text in texts]
        holding = Counter(name for found in self.texts for name in {each[0] for each in found})
        names = {name for name, count in holding.items() if count <= self.most}
        self.single = sorted(self._names_alone({name for name in names if " " not in name}, texts))
        self.several = sorted(name for name in names if " " in name and not _OPERATORS & set(name.split()))
        self.known = frozenset((*self.single, *self.several))

    def _names_alone(self, names: Set[str], texts: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Those that are no words of the language too, and not everyday ones in whatever case."""
        holding, spelt, alike = Counter[str](), Counter[str](), Counter[str]()
        for title, text in texts:
            words = _WORD.findall(f"{title} {text}")
            spelt.update(words)
            holding.update({word.lower() for word in words})
        for word, count in spelt.items():
            alike[word.lower()] += count
        for name in names:
            word = name.lower()
            if holding[word] <= self.most and spelt[name] >= ALWAYS * alike[word]:
                yield name

    def word(self) -> str:
        return self.dice.choice(self.single)

    def phrase(self) -> str:
        return self.dice.choice(self.several)

    def together(self, *, is_near: bool) -> Sequence[str]:
        while True:
            found = [each for each in self.dice.choice(self.texts) if each[0] in self.known]
            if len(found) < 2:
                continue
            one, other = self.dice.sample(found, 2)
            if is_near:
                one, other = self._neighbours(found)
            is_close = other.start() - one.end() <= NEARBY or not is_near
            if one[0] != other[0] and is_close:
                return one[0], other[0]

    def _neighbours(self, found: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
        first = self.dice.randrange(len(found) - 1)
        return found[first : first + 2]


class Words(Draw):
    """Words that are not everyday."""

    def __init__(self, texts: Sequence[tuple[str, str]], dice: random.Random) -> None:
        super().__init__(texts, dice)
        self.texts = [_WORD.findall(f"{title} {text}") for title, text in texts]
        counts = Counter(word.lower() for words in self.texts for word in set(words) if len(word) > 2)
        self.words: list[str] = sorted(word for word, count in counts.items() if 1 < count <= self.most)
        self.known = frozenset(self.words)

    def word(self) -> str:
        return self.dice.choice(self.words)

    def phrase(self) -> str:
        """Two or three words that stand together in a text, of which one at least is not everyday."""
        while True:
            words = self.dice.choice(self.texts)
            length = self.dice.choice((2, 2, 3))
            start = self.dice.randrange(len(words))
            phrase = [word.lower() for word in words[start : start + length]]
            if len(phrase) > 1 and phrase[0] in self.known and all(len(word) > 2 for word in phrase):
                return " ".join(phrase)

    def together(self, *, is_near: bool) -> Sequence[str]:  # noqa: ARG002 - two that are near are also together
        while True:
            words = [word.lower() for word in self.dice.choice(self.texts)]
            start = self.dice.randrange(len(words))
            near = [word for word in words[start : start + 8] if word in self.known]
            if len(set(near)) > 1:
                return self.dice.sample(sorted(set(near)), 2)


DRAWS: dict[str, type[Draw]] = {"names": Names, "words": Words}

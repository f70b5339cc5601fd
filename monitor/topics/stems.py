"""Word stems by the Snowball stemmers: the only file that knows the library."""

from functools import lru_cache
from typing import Any

from monitor.topics.fold import folded_character

LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "nb": "norwegian", "nn": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
"""Snowball's name for each language tag; a topic's `stem` may be either."""


def stemmer_language(language: str) -> str | None:
    """Snowball's name for a language, or None where it has no stemmer for it."""
    import snowballstemmer  # slow to import, and few topics ask for it

    name = LANGUAGES.get(language.strip().lower(), language.strip().lower())
    return name if name in snowballstemmer.algorithms() else None


@lru_cache(maxsize=65536)
def stem_of(language: str, word: str) -> str:
    """The stem of a word as written, folded; `language` is Snowball's name."""
    stem = str(_stemmer(language).stemWord(word.casefold()))
    return "".join(map(folded_character, stem))


@lru_cache(maxsize=40)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(language)

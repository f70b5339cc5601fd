"""The "did you mean" of every message. Contains no business logic."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, "" if none is near; case does not count."""
    folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean x?`, or nothing."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else ""

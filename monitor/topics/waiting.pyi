from collections.abc import Sequence

from monitor.topics.clause import Clause
from monitor.topics.match import Match
from monitor.topics.phrases import PlainWord
from monitor.topics.sheet import Occurrence, Sheet
from monitor.topics.standing import Watchers
from monitor.topics.words import Hit

class Waiting:
    clause: Clause
    also: int | None
    enough: dict[int, str]
    waiting: dict[int, dict[str, None]]
    def __init__(self, clause: Clause, also: int | None) -> None: ...
    def note(self) -> None: ...

def look(
    watched: list[tuple[Watchers, ...]], sheet: Sheet, matched: dict[int, Match], candidates: dict[str, None]
) -> None: ...
def locate(clause: PlainWord, sheet: Sheet, hits: Sequence[Hit]) -> list[Occurrence]: ...

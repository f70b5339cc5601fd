from monitor.topics.match import Match
from monitor.topics.sheet import Sheet
from monitor.topics.standing import Watchers as Watchers

def look(
    watched: list[tuple[Watchers, ...]], sheet: Sheet, matched: dict[int, Match], candidates: dict[str, None]
) -> None: ...
def in_order(matched: dict[int, Match]) -> tuple[Match, ...]: ...

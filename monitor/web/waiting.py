"""What becomes of the hits that wait while an open page shows them."""

from collections.abc import Iterable

from monitor.store.desk import Became
from monitor.store.records import Hit
from monitor.store.store import Store


class Waiting:
    """The hits of one page that wait to be told, each with what the page says of it: None is not known."""

    def __init__(self, hit_ids: Iterable[int] = ()) -> None:
        self._said: dict[int, Became | None] = dict.fromkeys(hit_ids)

    def shows(self, hits: Iterable[Hit]) -> None:
        """The page shows these hits, as they are."""
        for hit in hits:
            self._said[hit.hit_id] = Became(hit_id=hit.hit_id, state=hit.state, reason=hit.reason)

    def news(self, store: Store) -> list[Became]:
        """What the page is to say of hits instead; what waits no more is not asked for again."""
        states = store.became_of(self._said)
        news = [one for one in states if one != self._said[one.hit_id]]
        self._said = {one.hit_id: one for one in states if one.state == "pending"}
        return news

"""The lines of a message that offer what can be done about it: as many links as there is room for. Pure.

Acknowledge · Snooze 1 h · Snooze 8 h · Wrong hit · More        where words can be links
Acknowledge: https://…                                          where they can not
"""

from collections.abc import Iterator, Sequence

from monitor.alerts.act import Verb
from monitor.alerts.cut import Unit
from monitor.alerts.markup import Dialect
from monitor.alerts.signature import Offer

OFFER_SHARE = 4
"""Links take a quarter of a message at the most."""

_FEW: frozenset[Verb] = frozenset(("ack", "snooze-1h", "more"))
_ALONE = "Act on it"


def written_offer(offers: Sequence[Offer], dialect: Dialect, *, room: int, unit: Unit) -> str:
    """All of them, the few that matter most, or the one that leads to all; "" where there is room for none.

    They are a paragraph of the dialect's.
    """
    few = [one for one in offers if one.act.verb in _FEW]
    for some in (offers, few):
        text = dialect.paragraph(_lines([(one.act.label, one.url) for one in some], dialect))
        if dialect.size(text, unit) <= room:
            return text
    alone = [(_ALONE, one.url) for one in offers if one.act.verb == "more"]
    text = dialect.paragraph(_lines(alone, dialect))
    return text if dialect.size(text, unit) <= room else ""


def _lines(links: Sequence[tuple[str, str]], dialect: Dialect) -> Iterator[str]:
    if dialect.links_words:
        yield dialect.escape(" · ").join(dialect.link(dialect.escape(word), url) for word, url in links)
    else:
        yield from (f"{word}: {url}" for word, url in links)

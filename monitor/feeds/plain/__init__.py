"""A clean document → what feedparser would find in it, as far as we read it, for a tenth of its time. Pure.

    document.py   prolog ─ names.py ─ expat ─┬─ rss ── channel ─┬─ head and items, element by element:
                                             ├─ rdf:RDF ─ items ┤    elements, texts, persons, dates
                                             └─ feed ── entries ┘    write into the scribe (scribe.py)

Does exactly as feedparser does, or is unsure and says why, and feedparser is asked. So nothing is guessed and
nothing repaired: what is not well-formed, or means something only by feedparser's tolerance, is its own.

feedparser's rules are a machine that goes from element to element: which of two titles stays depends on their
order and depth, and a second description becomes a content. This is the same machine for the common elements.
"""

from monitor.feeds.plain.document import plain
from monitor.feeds.plain.unsure import UnsureError

__all__ = ["UnsureError", "plain"]

"""Happenings of our own invention, each told in several wordings, and damage as careless scrapers do it."""

from datetime import UTC, datetime, timedelta

from monitor.stories.piece import Piece, Placed
from monitor.stories.stories import Stories

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

FERRY = (
    (
        "Ferry with 214 aboard runs aground off Gotland",
        "STOCKHOLM (Reuters) - A passenger ferry carrying 214 people ran aground on rocks off the "
        "Swedish island of Gotland early on Sunday after losing power in heavy seas, the coast guard "
        "said. Helicopters lifted the first forty passengers to Visby before noon, and no one was "
        "reported hurt.",
    ),
    (
        "Passengers airlifted after Gotland ferry hits rocks",
        "Helicopters were airlifting passengers to Visby on Sunday from a ferry that struck rocks "
        "near Gotland in a storm, Sweden's coast guard said. The ship, with 214 people aboard, had "
        "lost power in the night.",
    ),
    (
        "Gotland ferry: 'We heard a bang, then the lights went out'",
        "Passengers brought ashore in Visby told of a loud bang and darkness when their ferry ran "
        "onto the rocks off Gotland. All 214 people aboard are safe, according to the coast guard; "
        "the ship had lost its engines.",
    ),
)
"""One happening in three wordings; the first is an agency's."""

OTHERS = (
    (
        "Parliament in Lima votes to impeach the president",
        "Lawmakers in Peru voted by 104 to 12 to begin impeachment proceedings against the president "
        "over a contract for river dredging that was awarded to his cousin without a tender.",
    ),
    (
        "Chipmaker to build second plant near Dresden",
        "The Taiwanese chipmaker will invest nine billion euros in a second factory near Dresden, the"
        " Saxon economy ministry said, with production of automotive chips to begin in four years.",
    ),
    (
        "Heavy rain floods metro stations in Mumbai",
        "Commuters waded through knee-deep water in Mumbai on Sunday after a night of monsoon rain "
        "closed eleven metro stations and stranded suburban trains across the city.",
    ),
    (
        "Rare lynx photographed in the Vosges after forty years",
        "A camera trap in the Vosges has photographed a lynx with two cubs, the first that have been "
        "seen in the French mountains since the animals were brought back in the nineteen eighties.",
    ),
)


def glued(text: str) -> str:
    """Every ninth blank is gone, as at the borders of links."""
    words = text.split(" ")
    return "".join(word + ("" if number % 9 == 8 else " ") for number, word in enumerate(words)).strip()


def odd_quotes(text: str) -> str:
    return "“" + text.replace("'", "´").replace('"', "„") + "”"


def with_footer(text: str) -> str:
    return f"{text} Source link\nThe post appeared first on Example Daily. Share this: Facebook Twitter"


BACK_TRANSLATED = (
    "Passenger ship with 214 people on board ran aground near Gotland",
    "A passenger ferry with 214 people on board hit rocks off the Swedish island of Gotland in the "
    "early hours of Sunday after it had lost power in rough seas, the coast guard announced. "
    "Helicopters flew the first forty passengers to Visby before midday; nobody was reported injured.",
)
"""The agency's text, as it comes back from another language."""


class Stream:
    """Pieces that come an hour apart."""

    def __init__(self, *, background: bool = True) -> None:
        self.stories = Stories()
        self.now = NOW
        self.count = 0
        for title, lead in OTHERS if background else ():
            self.tell(title, lead)

    def tell(self, title: str, lead: str = "", *, after: timedelta = HOUR, publisher: str = "") -> Placed:
        self.now += after
        self.count += 1
        return self.stories.place(
            Piece(id=self.count, title=title, lead=lead, at=self.now, publisher=publisher)
        )

"""What a topic would have caught, on the terminal: the newest as they are found, then days and sums."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.cli.chart import chart, day_name
from monitor.cli.console import count, counting, when, words
from monitor.cli.showing import headline, indented, show_match

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.cli.topic import Look
    from monitor.workshop.backtest import Catch, DayCount
    from monitor.workshop.precision import Record


class TryView:
    """Shows a test while it runs."""

    def __init__(self, console: "Console", look: "Look", *, limit: int) -> None:
        self.moments: list[datetime] = []
        """When each entry that was caught was seen."""
        self._console = console
        self._look = look
        self._limit = limit
        self._looked = 0
        self._stopped = False

    @contextmanager
    def progress(self, total: int) -> Iterator[Callable[[], None]]:
        """A bar while inside; yields what to call for each entry. Ctrl-C only ends the looking."""
        with counting("entries", self._console, total) as advance:

            def looked() -> None:
                self._looked += 1
                advance()

            try:
                yield looked
            except KeyboardInterrupt:
                self._stopped = True

    def caught(self, catch: "Catch") -> None:
        """Count it; show it while there are few."""
        self.moments.append(catch.stored.seen_at)
        if len(self.moments) <= self._limit:
            show_catch(catch, self._look, self._console)

    def sums(self, total: int, record: "Record | None") -> None:
        """How many on which days, and how the topic was judged."""
        from monitor.workshop.backtest import by_day

        look, console = self._look, self._console
        if self._stopped:
            console.print(words(f"stopped: looked at the newest {self._looked:,} of {total:,}", "yellow"))
        elif len(self.moments) > self._limit:
            console.print(words(f"… and {len(self.moments) - self._limit:,} more", "dim"))
        days = by_day(self.moments, since=look.since, now=look.now, zone=look.zone)
        show_days(days, len(self.moments), console)
        if record is not None:
            console.print(words(f"precision: {record}"))


def show_catch(catch: "Catch", look: "Look", console: "Console", *, sign: str = "", style: str = "") -> None:
    """An entry with its marked words, when it was seen and where it is from."""
    seen = when(catch.stored.seen_at, zone=look.zone, now=look.now)
    head = words(sign, style) + words(f"{seen}  ", "dim") + headline(catch.document, catch.spans, console)
    show_match(head, catch.document, catch.spans, console)
    where = (f"entry {catch.stored.entry_id}", catch.stored.feed, catch.document.url)
    indented(words(" · ".join(filter(None, where)), "dim"), console)


def show_days(days: "Sequence[DayCount]", total: int, console: "Console") -> None:
    """The sums, and below them the days as a chart."""
    first, last = days[0].day, days[-1].day
    year = last.year
    most = max(days, key=lambda day: day.count)
    top = f", most on {day_name(most.day, year=year)} ({most.count:,})" if total else ""
    entries = count(total, "entry", "entries")
    console.print(words(f"{entries} since {day_name(first, year=year)}{top}", "bold"))
    drawn = chart(days)
    ends = f"{day_name(first, year=year)} ", f" {day_name(last, year=year)}"
    console.print(words(ends[0], "dim") + words(drawn.line, "cyan") + words(ends[1], "dim"))
    if drawn.days_a_sign > 1:
        console.print(words(f"each sign is {drawn.days_a_sign} days", "dim"))

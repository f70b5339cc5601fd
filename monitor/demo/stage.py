"""How the demo looks: a line for all that happens, alerts as they arrive, the promises in the end."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence

from rich.box import ROUNDED
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from monitor.alerts.alert import Alert
from monitor.arrival import FoundHit
from monitor.cli.console import MARK_STYLE, count, shows_colour, words
from monitor.cli.showing import headline, snippet_lines, why
from monitor.courier import DeliveryReport
from monitor.demo.promises import Promise
from monitor.demo.samples import Sample, SampleFeed
from monitor.demo.server import Received
from monitor.dispatcher import Dispatched
from monitor.documents import document_of
from monitor.poller import PollReport
from monitor.reports import Trouble

WIDTH = 80
MARGIN = 15
BOX_MARGIN = 7
WELCOME = """\
Three sample feeds and a receiver on 127.0.0.1. What runs between them is the
real daemon: it polls, matches, stores, groups and sends. No network needed.
"""
NEXT = (
    ("init", "writes config/: feeds, topics and receivers to edit"),
    ("check", "says what is wrong in it, with file, line and column"),
    ("poll", "polls every feed once and prints what matches"),
    ("run", "watches from now on and sends the alerts"),
)
STYLES = {
    "publish": "bold magenta",
    "poll": "cyan",
    "hit": "bold yellow",
    "kept": "dim",
    "alert": "bold blue",
    "sent": "bold green",
    "trouble": "bold red",
}


class Stage:
    """Prints what happens, with the seconds since the demo began."""

    def __init__(self, console: Console, kinds: Mapping[str, str]) -> None:
        self._console = console
        self._kinds = kinds
        self._began = time.monotonic()
        self._unchanged = False
        self._marks: set[str] = set()

    def open(self, topics: Iterable[tuple[str, str]]) -> None:
        """What is going to be seen."""
        self._print(Text("feed monitor · demo\n", "bold"))
        self._print(Text(WELCOME))
        self._rows((Text(name, "bold"), Text(query)) for name, query in topics)
        self._print(Text())

    def saw(self, report: object) -> None:
        """Show a report of the monitor."""
        match report:
            case PollReport():
                self._polled(report)
            case Dispatched(alerts=alerts):
                for alert in alerts:
                    self._alerted(alert)
            case DeliveryReport():
                self._delivered(report)
            case Trouble():
                self._line("trouble", words(f"{report.part}: {report.error}"))

    def published(self, feed: SampleFeed, sample: Sample) -> None:
        """A sample feed shows a new entry from now on."""
        self._print(Text())
        self._line("publish", words(f"{feed.name} publishes: {sample.title}"))

    def received(self, received: Received) -> None:
        """An alert arrived: show it as its reader sees it."""
        box = Panel(
            self._as_read(received.text),
            box=ROUNDED,
            title=self._fitting(received.title),
            title_align="left",
            subtitle=Text("as it arrived", "dim"),
            subtitle_align="right",
            border_style="green",
            padding=(0, 1),
        )
        self._print(Padding(box, (0, 0, 0, BOX_MARGIN)))

    def close(self, promises: Sequence[Promise], polls: int) -> None:
        """What was promised, and whether it happened."""
        self._print(
            Text(f"\nWhat happened in {self._seconds:.0f} seconds and {count(polls, 'poll')}\n", "bold")
        )
        for promise in promises:
            sign = words(" ✓ ", "green") if promise.kept else words(" ✗ ", "bold red")
            self._print(sign + Text(promise.words))
        self._print(Text())

    def what_next(self, program: str) -> None:
        """Where to go from here."""
        self._print(Text("What next\n", "bold"))
        self._rows((Text(f"{program} {command}", "cyan"), Text(why)) for command, why in NEXT)

    def _polled(self, report: PollReport) -> None:
        name, ingested = report.subscription.name, report.ingested
        none = "" if ingested.hits else ", no hit"
        if report.error:
            self._line("trouble", words(f"{name}: {report.error}"))
        elif ingested.baseline:
            found = count(len(ingested.entries), "entry", "entries")
            self._line("poll", words(f"{name}, {self._kinds[name]}: {found} in its first document{none}"))
        elif ingested.entries:
            found = count(len(ingested.entries), "new entry", "new entries")
            self._line("poll", words(f"{name}: {found}{none}"))
        elif report.unchanged and not self._unchanged:
            self._unchanged = True
            self._line("poll", words(f"{name}: 304, nothing new (more such polls are not shown)"))
        for one in ingested.hits:
            self._hit(one)

    def _hit(self, found: FoundHit) -> None:
        hit = found.hit
        document = document_of(found.entry, feed="")
        told = hit.state == "pending"
        topic = words(f"{hit.topic}: ", "bold" if told else "")
        self._line("hit" if told else "kept", topic + headline(document, hit.spans, self._console, ""))
        if not any(span.field == "title" for span in hit.spans):
            for snippet in snippet_lines(document, hit.spans, self._console, most=1):
                self._more(snippet)
        self._more(words(f"matched {why(hit.spans)}" if told else f"not told: {hit.reason}", "dim"))

    def _alerted(self, alert: Alert) -> None:
        for hit in alert.hits:
            for piece in (hit.headline, *hit.snippets):
                self._marks |= {piece.text[start:end] for start, end, _ in piece.marks}
        hits = count(len(alert.hits), "hit")
        self._line("alert", words(f"{alert.id} with {hits} for the receiver “{alert.receiver}”"))

    def _delivered(self, report: DeliveryReport) -> None:
        if report.state == "delivered":
            self._line("sent", words(f"{report.delivery.alert.id} delivered to {report.delivery.label}"))
        else:
            self._line("trouble", words(f"{report.delivery.label}: {report.detail}"))

    def _fitting(self, title: str) -> Text:
        shown = words(title)
        shown.truncate(self._width - BOX_MARGIN - 8, overflow="ellipsis")
        return shown

    def _as_read(self, text: str) -> Text:
        """The message as it came; where there are colours its stars become one."""
        shown = Text("\n").join(words(line) for line in text.splitlines())
        if not shows_colour(self._console) or not self._marks:
            return shown
        starred = "|".join(re.escape(f"*{mark}*") for mark in sorted(self._marks, key=len, reverse=True))
        for found in reversed(list(re.finditer(starred, shown.plain))):
            word = Text(found[0][1:-1], MARK_STYLE)
            shown = shown[: found.start()] + word + shown[found.end() :]
        return shown

    def _line(self, what: str, text: Text) -> None:
        """What happened, and when; long lines go on below their own beginning."""
        margin = words(f"{self._seconds:4.1f} s ", "dim") + words(f"{what:<8}", STYLES[what])
        self._below(margin, text)

    def _more(self, text: Text) -> None:
        self._below(Text(" " * MARGIN), text)

    def _below(self, margin: Text, text: Text) -> None:
        for line in text.wrap(self._console, self._width - MARGIN):
            line.rstrip()
            self._print(margin + line)
            margin = Text(" " * MARGIN)

    def _rows(self, rows: Iterable[tuple[Text, Text]]) -> None:
        """Two columns, the second as wide as it is."""
        rows = list(rows)
        widest = max(cell_len(name.plain) for name, _ in rows)
        for name, text in rows:
            self._print(Text(" ") + name + Text(" " * (widest - cell_len(name.plain) + 3)) + text)

    def _print(self, what: RenderableType) -> None:
        self._console.print(what, width=self._width)

    @property
    def _width(self) -> int:
        return min(WIDTH, self._console.width)

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

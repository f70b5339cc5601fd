"""What the demo promises to show, and which of it really happened. Collects facts; prints nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.courier import DeliveryReport
from monitor.demo.samples import Sample, SampleFeed
from monitor.demo.server import Received
from monitor.dispatcher import Dispatched
from monitor.poller import PollReport

NEAR_MISSES = ("comedy", "festival", "gooding")
KEPT = ("ferry", "tobacco")
TOLD = ("havana", "balloon", "warships")


@dataclass(frozen=True, slots=True)
class Promise:
    """Something the demo promises, and whether it was kept."""

    words: str
    kept: bool


@dataclass(slots=True, kw_only=True)
class Witness:
    """Notes what the monitor reports and what its receiver gets."""

    feeds: tuple[SampleFeed, ...]
    _baselines: set[str] = field(default_factory=set)
    _found: set[str] = field(default_factory=set)
    _hits: dict[str, str] = field(default_factory=dict)
    _alerts: Counter[str] = field(default_factory=Counter)
    _delivered: set[str] = field(default_factory=set)
    _received: list[Received] = field(default_factory=list)

    def saw(self, report: object) -> None:
        """Take note of a report."""
        match report:
            case PollReport(error="", ingested=ingested):
                if ingested.baseline:
                    self._baselines.add(report.subscription.name)
                self._found |= {one.entry.link for one in ingested.entries}
                self._hits |= {one.entry.link: one.hit.state for one in ingested.hits}
            case Dispatched(alerts=alerts):
                self._alerts.update(hit.link for alert in alerts for hit in alert.hits)
            case DeliveryReport(state="delivered", delivery=delivery):
                self._delivered |= {hit.link for hit in delivery.alert.hits}

    def received(self, received: Received) -> None:
        """Take note of what arrived at the receiver."""
        self._received.append(received)

    def told(self, slug: str) -> bool:
        """Whether this sample was told, and its alert arrived as the monitor believes."""
        sample = self._sample(slug)
        arrived = any(sample.link in one.text for one in self._received)
        return arrived and sample.link in self._delivered

    def promises(self, *, not_modified: int) -> Iterator[Promise]:
        """Everything that must have happened in the end; the server answered so often with a 304."""
        kinds = ", ".join(feed.kind for feed in self.feeds)
        formats = {feed.name for feed in self.feeds} <= self._baselines and self._all_found()
        yield Promise(f"feeds of three formats were polled and read: {kinds}", formats)
        yield Promise("a feed's first document was a silent baseline", self._are(KEPT, "kept"))
        yield Promise("`backfill: 2d` told what was younger than two days", self.told("havana"))
        yield Promise("near misses did not match", formats and not self._hit(NEAR_MISSES))
        yield Promise("an unchanged feed cost no more than a 304", not_modified > 0)
        yield Promise("the entry that Skywatch Daily published was told", self.told("balloon"))
        yield Promise("the entry that Pacific Wire published was told", self.told("warships"))
        yield Promise("nothing was told twice", self._once())

    def _sample(self, slug: str) -> Sample:
        return next(one for one in self._samples() if one.slug == slug)

    def _samples(self) -> Iterator[Sample]:
        for feed in self.feeds:
            yield from feed.first
            yield from [feed.later] if feed.later else []

    def _all_found(self) -> bool:
        return {one.link for feed in self.feeds for one in feed.first} <= self._found

    def _hit(self, slugs: tuple[str, ...]) -> bool:
        return any(self._sample(slug).link in self._hits for slug in slugs)

    def _are(self, slugs: tuple[str, ...], state: str) -> bool:
        return all(self._hits.get(self._sample(slug).link) == state for slug in slugs)

    def _once(self) -> bool:
        links = [self._sample(slug).link for slug in TOLD]
        arrived = [sum(link in one.text for one in self._received) for link in links]
        return dict(self._alerts) == dict.fromkeys(links, 1) and arrived == [1] * len(links)

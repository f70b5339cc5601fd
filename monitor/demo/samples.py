"""The demo's sample feeds: what they hold at first, and what they publish while it runs. Data and rendering.

One feed a format: RSS 2.0, Atom, JSON Feed. Places are real, happenings and papers are invented.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

HOME = "https://example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An entry of a sample feed; `age` is how old it is when the demo begins, `html` its text."""

    slug: str
    title: str
    html: str
    age: timedelta = timedelta()

    @property
    def link(self) -> str:
        """Where it would be read."""
        return f"{HOME}/{self.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFeed:
    """A sample feed: where it is served, what it holds, and what it publishes while the demo runs."""

    name: str
    path: str
    kind: str
    content_type: str
    first: tuple[Sample, ...]
    later: Sample | None = None
    backfill: str = ""

    def render(self, entries: Sequence[Sample], started: datetime) -> bytes:
        """The feed's document with these entries, the newest first."""
        writers = {"RSS 2.0": _rss, "Atom": _atom, "JSON Feed": _json_feed}
        return writers[self.kind](self.name, entries, started).encode()


def _hours(number: float) -> timedelta:
    return timedelta(hours=number)


FEEDS = (
    SampleFeed(
        name="Pacific Wire",
        path="/pacific.rss",
        kind="RSS 2.0",
        content_type="application/rss+xml; charset=utf-8",
        first=(
            Sample(
                slug="ferry",
                title="Ferry company plans a summer line across the Taiwan Strait",
                html="<p>Tickets for the crossing go on sale in March.</p>",
                age=_hours(5),
            ),
            Sample(
                slug="comedy",
                title="Taiwanese comedian finds the strait-laced crowd hard to please",
                html="<p>A near miss: both words are there, the topic is not.</p>",
                age=_hours(9),
            ),
        ),
        later=Sample(
            slug="warships",
            title="Two frigates pass through waters west of Taiwan",
            html=(
                "<p>The ships sailed north through the <b>Taiwan</b> <i>Strait</i> on Monday night, the "
                "defence ministry in Taipei said, followed by four coast guard cutters.</p>"
                "<p>It was the third transit this year.</p>"
            ),
        ),
    ),
    SampleFeed(
        name="Skywatch Daily",
        path="/skywatch.atom",
        kind="Atom",
        content_type="application/atom+xml; charset=utf-8",
        first=(
            Sample(
                slug="festival",
                title="Record crowd at the hot-air balloon festival",
                html="<p>A near miss: the novelist who opened it is known for three spy thrillers.</p>",
                age=_hours(20),
            ),
        ),
        later=Sample(
            slug="balloon",
            title="Air force tracks surveillance balloons off Alaska",
            html=(
                "<p>Two balloons the size of a bus drift east at 18&nbsp;km. Officials would not say "
                "whether the spy balloon&rsquo;s operator had been contacted.</p>"
            ),
        ),
    ),
    SampleFeed(
        name="Caribbean Desk",
        path="/caribbean.json",
        kind="JSON Feed",
        content_type="application/feed+json",
        backfill="2d",
        first=(
            Sample(
                slug="havana",
                title="Cuba restores power after a night of outages",
                html="<p>Havana&rsquo;s hospitals ran on generators; eastern provinces followed at dawn.</p>",
                age=_hours(3),
            ),
            Sample(
                slug="gooding",
                title="Cuba Gooding Jr. to host charity gala",
                html="<p>A near miss: an actor, and after the gala a Cuba libre at the bar.</p>",
                age=_hours(6),
            ),
            Sample(
                slug="tobacco",
                title="Cuba forecasts its best tobacco harvest in a decade",
                html="<p>It matches, and it is older than the two days asked for.</p>",
                age=timedelta(days=9),
            ),
        ),
    ),
)

TOPICS = """\
topics:
  - name: Taiwan Strait
    query: '"Taiwan Strait" OR "Strait of Taiwan" OR 臺灣海峽'
    labels: {severity: high}
  - name: spy balloon
    query: (spy OR surveillance OR reconnaissance) NEAR/4 balloon
  - name: Cuba
    query: Cuba NOT ("Cuba Gooding" OR "Cuba libre")
"""


def _rss(name: str, entries: Iterable[Sample], started: datetime) -> str:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{one.link}</link>"
        f'<guid isPermaLink="true">{one.link}</guid>'
        f"<pubDate>{format_datetime(started - one.age)}</pubDate>"
        f"<description>{escape(one.html)}</description></item>\n"
        for one in entries
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{escape(name)}</title>'
        f"<link>{HOME}</link><description>Sample</description><language>en</language>\n{items}</channel></rss>\n"
    )


def _atom(name: str, entries: Iterable[Sample], started: datetime) -> str:
    items = "".join(
        f"<entry><title>{escape(one.title)}</title><id>tag:example.org,2024:{one.slug}</id>"
        f'<link href="{one.link}"/><updated>{(started - one.age).isoformat()}</updated>'
        f'<content type="html">{escape(one.html)}</content></entry>\n'
        for one in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<title>{escape(name)}</title><id>tag:example.org,2024:{escape(name)}</id>"
        f"<updated>{started.isoformat()}</updated>\n{items}</feed>\n"
    )


def _json_feed(name: str, entries: Iterable[Sample], started: datetime) -> str:
    items = [
        {
            "id": one.slug,
            "url": one.link,
            "title": one.title,
            "content_html": one.html,
            "date_published": (started - one.age).isoformat(),
        }
        for one in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": name,
        "home_page_url": HOME,
        "language": "en",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)

"""What each service takes: its limits and its mark-up, by the scheme of its Apprise URL. Data.

Limits are the services' own or Apprise's, whichever is less, with room for what is put around the text on its
way. A scheme that is not listed gets limits that nearly every service takes.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from monitor.alerts.cut import Unit
from monitor.alerts.markup import (
    COMMONMARK,
    EXACT,
    HTML,
    MAIL,
    PLAIN,
    SLACK,
    TEAMS,
    TELEGRAM,
    TERMINAL,
    UNMARKED,
    Dialect,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How long a message may be, how lengths are counted, and how it is written.

    `title` 0: the service has no title, the text begins with it. Where `html` is set, the text part of
    the message is `dialect`, and this is the other.
    """

    text: int
    title: int = 0
    unit: Unit = "characters"
    dialect: Dialect = PLAIN
    html: Dialect | None = None
    html_limit: int = 0
    takes_data: bool = False
    """The alert goes along as data, beside its text."""
    offers: bool = True
    """The message offers what can be done about it, as links: somebody reads it who could follow them."""
    title_is_thread: bool = False
    """Messages of one title make a thread there: the title is what stays the same."""


UNKNOWN = Service(title=80, text=850)
_MAIL = Service(title=200, text=20_000, dialect=EXACT, html=MAIL, html_limit=30_000)
_WEBHOOK = Service(title=250, text=20_000, offers=False)
_SHORT_PUSH = Service(title=60, text=170)


def _short(limit: int) -> Service:
    """Also what is posted for everybody to read: nobody is to act from there."""
    return Service(text=limit, dialect=UNMARKED, offers=False)


def _chat(limit: int, dialect: Dialect = COMMONMARK) -> Service:
    return Service(text=limit, dialect=dialect)


def _each(schemes: str, service: Service) -> dict[str, Service]:
    return dict.fromkeys(schemes.split(), service)


SERVICES: dict[str, Service] = {
    **_each("stdout", Service(title=250, text=20_000, dialect=TERMINAL, offers=False)),
    **_each("mailto mailtos", _MAIL),
    **_each("mailgun sendgrid ses sparkpost postmark resend smtp2go brevo mailersend sendpulse", _MAIL),
    **_each("groundmail azure o365", _MAIL),
    **_each("json jsons", replace(_WEBHOOK, takes_data=True)),
    **_each("xml xmls form forms", _WEBHOOK),
    # A header of Slack's blocks ends at 150 characters, a section at 3,000.
    **_each("slack", Service(title=140, text=2_900, dialect=SLACK)),
    **_each("discord guilded fluxer fluxers revolt", _chat(1_900)),
    **_each("tgram", Service(text=3_500, html=TELEGRAM, html_limit=3_800)),
    **_each("matrix matrixs", Service(text=10_000, html=HTML, html_limit=20_000)),
    # Apprise's table has 1,000 for Teams; a card may have 28 KB.
    **_each("workflow workflows", _chat(4_000, TEAMS)),
    **_each("mmost mmosts", _chat(3_800)),
    **_each("rocket rockets", _chat(950)),
    **_each("gchat", _chat(3_500)),
    # A web hook of Webex takes 1,000, its bots more.
    **_each("webex wxteams", _chat(950)),
    **_each("zulip", Service(title=60, text=9_000, dialect=COMMONMARK, title_is_thread=True)),
    **_each("nctalk nctalks", _chat(10_000)),
    # ntfy makes a message over 4,096 bytes an attachment; Apprise counts its JSON, up to three times that.
    **_each("ntfy ntfys", Service(title=150, text=2_200, unit="bytes")),
    **_each("gotify gotifys", Service(title=200, text=8_000)),
    **_each("pover", Service(title=240, text=1_000)),
    **_each("syslog rsyslog", Service(title=100, text=850, dialect=UNMARKED)),
    **_each("kumulos strmlabs", _SHORT_PUSH),
    **_each("splunk victorops", Service(title=60, text=390, dialect=UNMARKED)),
    **_each("misskey misskeys notifico notificos mastodon mastodons toot toots", _short(480)),
    **_each("eight00com irc ircs", _short(370)),
    **_each("bsky bluesky twitter tweet x", _short(270)),
    **_each("serwersms d7sms ringc clicksend smsmgr smsmanager bulkvs seven 46elks elks", _short(160)),
    **_each("burstsms kudosity clickatell smsc voipms httpsms freemobile atalk msg91 pushed", _short(160)),
    **_each("vonage nexmo bulksms sfr kavenegar telnyx msgbird sinch infobip", _short(160)),
    **_each("kakaotalk kakao twilio mobilemessage mobilemsg notifyre", _short(160)),
    **_each("plivo sns", _short(140)),
    **_each("dapnet", _short(80)),
    **_each("aprs", _short(67)),
}

_NATIVE_HOSTS = {
    "hooks.slack.com": "slack",
    "hooks.slack-gov.com": "slack",
    "discord.com": "discord",
    "discordapp.com": "discord",
    "chat.googleapis.com": "gchat",
    "logic.azure.com": "workflows",
    "api.powerplatform.com": "workflows",
    "webexapis.com": "webex",
    "media.guilded.gg": "guilded",
}
"""Web hooks that Apprise takes as their service gives them."""


_USUAL_PACE = timedelta(seconds=1)
_PACES: dict[str, timedelta] = {
    # 20 messages a minute to a group.
    "tgram": timedelta(seconds=3),
    # 30 messages a minute through a web hook.
    "discord": timedelta(seconds=2),
    **dict.fromkeys(["ses", "sns"], timedelta(seconds=2.5)),
    # What stands in one's own house, or takes a burst, says by itself when it is too much.
    **dict.fromkeys(
        ["stdout", "mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms"], timedelta()
    ),
    **dict.fromkeys(["ntfy", "ntfys", "gotify", "gotifys", "syslog", "rsyslog"], timedelta()),
}


def pace_of(service: str) -> timedelta:
    """How long to wait between two messages to one target of this service: it refuses what comes faster."""
    return _PACES.get(service, _USUAL_PACE)


def service_of(url: str) -> str:
    """The name of the service that a receiver's URL is for: its scheme, as a rule."""
    scheme = url.partition("://")[0].lower()
    if scheme not in ("http", "https"):
        return scheme
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return scheme
    return next(
        (name for known, name in _NATIVE_HOSTS.items() if host == known or host.endswith(f".{known}")), scheme
    )


def service_named(name: str) -> Service:
    """What the service of this name takes."""
    return SERVICES.get(name, UNKNOWN)


def bare(service: Service) -> Service:
    """The same service for a message that is short and plain."""
    return replace(
        service, text=min(service.text, 400), title=min(service.title, 60), dialect=UNMARKED, html=None
    )

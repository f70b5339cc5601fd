"""An alert → the message that one service shows: safe there, within its limits. Pure.

    Cuba · high                                what it is about, where no title says it

    Spy base near *Havana* grows               headline, linked
    https://example.org/a
    BBC World · Tue 5 Mar 2024, 14:02 CET      feed, and when, in the reader's zone
    – … images of the base near *Havana* …     snippets
    Matched: Havana NEAR/10 base               why
    …
    and 6 more                                 what did not fit
    Acknowledge · Snooze 1 h · …               what can be done, where the desk can be reached
    A-7K3QX-9ZD4M                              the alert's id

What does not fit is left out by the snippet and by the hit, the oldest first, and is counted. A digest goes
topic by topic. Does not choose what is told.
"""

from collections.abc import Iterator
from datetime import tzinfo

from monitor.alerts.act import acts_of
from monitor.alerts.alert import Alert
from monitor.alerts.blocks import Blocks
from monitor.alerts.markup import END, START
from monitor.alerts.message import Message
from monitor.alerts.page import Page, Part
from monitor.alerts.safe import SafeHits, short
from monitor.alerts.services import Service, bare, service_named
from monitor.alerts.signature import Signer
from monitor.alerts.structured import alert_data
from monitor.alerts.subject import MAY_REPEAT, Subject, remarks, subject_of

__all__ = ["MAY_REPEAT", "render"]


def render(
    alert: Alert,
    *,
    zone: tzinfo,
    service: str,
    may_repeat: bool = False,
    plain: bool = False,
    signer: Signer | None = None,
) -> Message:
    """The alert as a message for the service of this name (see services.py), times in the reader's zone.

    `plain`: without any mark-up and short, for a service that refused the message as it was. The `signer`
    makes links to what can be done about it.
    """
    takes = bare(service_named(service)) if plain else service_named(service)
    page = _page(alert, takes, zone, may_repeat=may_repeat, signer=signer)
    text, marks = _marks_apart(page.fitted(takes.dialect, takes.text, takes.unit))
    return Message(
        title=page.title(),
        text=text,
        format=takes.dialect.format,
        html=page.fitted(takes.html, takes.html_limit, "characters") if takes.html else None,
        marks=marks,
        data=alert_data(alert, page.hits, may_repeat=may_repeat, signer=signer) if takes.takes_data else None,
        thread=alert.thread,
    )


def _page(alert: Alert, takes: Service, zone: tzinfo, *, may_repeat: bool, signer: Signer | None) -> Page:
    hits = SafeHits(alert.hits)
    subject = subject_of(alert, hits)
    return Page(
        subject=subject,
        hits=hits,
        parts=tuple(_parts(alert, subject, takes, zone)),
        last=tuple(remarks(alert, may_repeat=may_repeat)),
        service=takes,
        blocks=_blocks(subject, takes, zone, topic=subject.topics),
        offers=signer.offers(acts_of(alert)) if signer and takes.offers else (),
    )


def _parts(alert: Alert, subject: Subject, takes: Service, zone: tzinfo) -> Iterator[Part]:
    for section, hits in alert.by_topic():
        topic = short(section.topic)
        yield Part(
            topic=topic,
            hits=SafeHits(hits),
            total=section.shown + section.more,
            blocks=_blocks(subject, takes, zone, topic=topic),
        )


def _blocks(subject: Subject, takes: Service, zone: tzinfo, *, topic: str) -> Blocks:
    """Where a title of its own says the topic, the severity is still to be said."""
    severity = "" if takes.title else subject.severity
    return Blocks(service=takes, zone=zone, topic=topic, severity=severity)


def _marks_apart(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Text written for the terminal → without its marks, and their places."""
    before, *pieces = text.split(START)
    out, at = [before], len(before)
    places: list[tuple[int, int]] = []
    for piece in pieces:
        inside, _, after = piece.partition(END)
        places.append((at, at + len(inside)))
        out += (inside, after)
        at += len(inside) + len(after)
    return "".join(out), tuple(places)

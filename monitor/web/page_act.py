"""Links in messages: a page that says what a link does, with a button that does it.

Whoever has the link may: no session is asked for. Looking changes nothing, as mail programs and scanners
follow links by themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from monitor.acting import Opened, Refusal, carry_out, open_link
from monitor.alerts.act import IN_WORDS, LASTS, ON_HITS, ON_TOPICS, Act, acts_on, the_act
from monitor.alerts.alert import AlertHit
from monitor.alerts.safe import SafeHits, short
from monitor.alerts.subject import subject_of
from monitor.store.store import Store
from monitor.web.desk import Desk, desk_of
from monitor.web.gate import refused
from monitor.web.render import door
from monitor.web.throttle import Throttle

LONGEST = 200
"""Characters of a link; no signed one is longer."""

MOST_SHOWN = 5
"""Hits of an alert beside what is done about all of them."""

REFUSALS: dict[Refusal, tuple[str, int]] = {
    "forged": ("This link is not one of ours: perhaps it was cut off or changed on its way.", 404),
    "expired": (
        "This link is too old: it worked for a week. The desk and `monitor alert` still do.",
        410,
    ),
    "gone": ("What this link is about has been forgotten meanwhile.", 410),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to press: where it leads, and what it says."""

    path: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A hit with what can be done about it."""

    hit: AlertHit
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A topic with what can be done about it, and its hits."""

    topic: str
    buttons: tuple[Button, ...]
    lines: tuple[Line, ...]


class Acts:
    """The pages of links; they remember who comes with links that nobody has signed."""

    def __init__(self) -> None:
        self._throttle = Throttle()

    async def show(self, request: Request) -> Response:
        """What the link does; nothing is done."""
        opened = await self._opened(request)
        return opened if isinstance(opened, Response) else _page(opened, desk_of(request))

    async def carry_out(self, request: Request) -> Response:
        """Do it, once; a second press says what was done."""
        opened = await self._opened(request)
        if isinstance(opened, Response):
            return opened
        if opened.act.verb != "more":
            desk, good = desk_of(request), opened
            await desk.store.run(lambda store: carry_out(store, good, now=desk.now()))
            desk.ring("dispatch")
        return await self.show(request)

    async def _opened(self, request: Request) -> Opened | Response:
        """What the link leads to. A good one never waits; of others each waits longer than the last."""
        desk, link = desk_of(request), str(request.path_params["link"])
        now, address = desk.now(), request.client.host if request.client else ""

        def look(store: Store) -> Opened | Refusal:
            return open_link(store, link, now=now)

        opened = "forged" if len(link) > LONGEST else await desk.store.run(look)
        if isinstance(opened, Opened):
            return opened
        if opened == "forged":
            if wait := self._throttle.wait(address, now=now):
                return _too_many(request, int(wait.total_seconds()) + 1)
            self._throttle.failed(address, now=now)
        return refused(request, *REFUSALS[opened])


def parts_of(opened: Opened) -> Iterator[Part]:
    """Everything that can be done about an alert, topic by topic, the newest hits first."""
    alert, whole = opened.alert, {hit.hit_id: hit for hit in opened.alert.hits}
    safe = list(SafeHits(alert.hits))
    for topic in dict.fromkeys(hit.topic for hit in safe):
        hits = [hit for hit in safe if hit.topic == topic]
        about = acts_on(alert, whole[hits[0].hit_id], ON_TOPICS)
        acts = [acts_on(alert, whole[hit.hit_id], ON_HITS) for hit in hits]
        lines = [Line(hit=hit, buttons=_buttons(opened, some)) for hit, some in zip(hits, acts, strict=True)]
        yield Part(topic=topic, buttons=_buttons(opened, about), lines=tuple(lines))


def sentence(opened: Opened) -> str:
    """What a link does, in words."""
    hit, verb = opened.hit, opened.act.verb
    if hit is None:
        return "Say that somebody takes care of this alert: whoever would hear of it next does not."
    topic, feed = short(hit.topic), short(hit.labels.get("feed", ""))
    about = {"mute-story": "this story", "mute-feed": f"{topic} in {feed}"}.get(verb, topic)
    if verb == "wrong":
        return f"Say that this hit is not what {topic} asks for."
    return f"Tell nobody of {about} for {IN_WORDS[verb]}. What is found meanwhile is kept."


def _buttons(opened: Opened, acts: tuple[Act, ...]) -> tuple[Button, ...]:
    return tuple(Button(path=opened.signer.path(act), label=act.label) for act in acts)


def _page(opened: Opened, desk: Desk) -> Response:
    alert = opened.alert
    facts: dict[str, Any] = {
        "subject": subject_of(alert, SafeHits(alert.hits)),
        "opened": opened,
        "zone": desk.zone,
        "now": desk.now(),
    }
    return _all_acts(opened, facts) if opened.act.verb == "more" else _one_act(opened, facts)


def _one_act(opened: Opened, facts: dict[str, Any]) -> Response:
    """What one link does, about what, and whether it was done."""
    here, beyond = _buttons(opened, (opened.act, the_act("more", opened.alert)))
    return door(
        "act.html",
        sentence=sentence(opened),
        here=here,
        beyond=beyond,
        silences=opened.act.verb in LASTS,
        hits=list(SafeHits([opened.hit] if opened.hit else opened.alert.hits))[:MOST_SHOWN],
        **facts,
    )


def _all_acts(opened: Opened, facts: dict[str, Any]) -> Response:
    """Everything that can be done."""
    whole = _buttons(opened, (the_act("ack", opened.alert),))
    return door("act_more.html", parts=list(parts_of(opened)), whole=whole, **facts)


def _too_many(request: Request, seconds: int) -> Response:
    answer = refused(request, f"Too many links that are not ours: please wait {seconds} s.", 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer

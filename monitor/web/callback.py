"""Where hubs reach us: what they ask before they tell us, and what they tell. Nobody else has business here.

The token in the path is all the access there is. The database has it as it is: a hub must be given the same
callback at each renewal, and whoever reads the database finds the secret beside it that signs what comes.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from monitor.feeds.websub import Pact, Question
from monitor.hubs import HubReport, hear
from monitor.pushes import Signed, Taken, ignore, take
from monitor.store.pushes import Outcome
from monitor.web.desk import Desk, desk_of
from monitor.web.forms import WrongFormError, read_body

TAKEN: dict[Taken, tuple[int, str]] = {
    "taken": (202, ""),
    # Whoever forges a push does not learn that it was seen through.
    "ignored": (202, ""),
    "unknown": (404, "nobody is told here"),
    "ended": (410, "we are to be told no more"),
    "no room": (503, "too much waits to be read; please come again"),
}
AGAIN_SECONDS = "60"
AT_ONCE = 4
"""Pushes of one hub at the same time: each is held in memory, and believed at its end at the earliest."""


async def answer_hub(request: Request) -> Response:
    """A hub asks whether we have asked it, or says that it will not tell us."""
    desk, token, now = desk_of(request), request.path_params["token"], desk_of(request).now()
    if request.method != "GET":
        return _plain(404, "")
    question = Question.of(request.query_params)
    said, pact = await desk.store.run(lambda store: hear(store, token, question, now=now))
    match said.verdict:
        case "agreed" | "left" | "denied" as outcome if pact is not None:
            desk.on_report(
                HubReport(pact=pact, at=now, outcome=outcome, reason=said.reason, until=said.until)
            )
            return _plain(200, question.challenge)
    return _plain(404, "nobody has asked for this")


async def take_push(request: Request) -> Response:
    """A hub tells what is new."""
    desk, token = desk_of(request), request.path_params["token"]
    pact = await desk.store.run(lambda store: store.pact_at(token))
    if pact is None:
        return _answer("unknown")
    if desk.pushing[token] >= AT_ONCE:
        return await _ignored(desk, pact, "too many", _answer("no room"))
    desk.pushing[token] += 1
    try:
        return await _taken(request, pact)
    finally:
        desk.pushing[token] -= 1
        if not desk.pushing[token]:
            del desk.pushing[token]


async def _taken(request: Request, pact: Pact) -> Response:
    """Read a push to its end, and keep it if it is signed."""
    desk, settings = desk_of(request), desk_of(request).config().settings
    try:
        body = await read_body(request, most=settings.poll.max_bytes)
    except WrongFormError as error:
        return await _ignored(desk, pact, "too large", _plain(error.status, str(error)))
    push = Signed(
        body=body,
        content_type=request.headers.get("content-type", ""),
        signature=", ".join(request.headers.getlist("x-hub-signature")),
    )
    allow_sha1, now = settings.push.allow_sha1, desk.now()
    taken, ignored = await desk.store.run(
        lambda store: take(store, pact.token, push, allow_sha1=allow_sha1, now=now)
    )
    if ignored:
        desk.on_report(ignored)
    if taken == "taken":
        desk.ring("push")
    return _answer(taken)


async def _ignored(desk: Desk, pact: Pact, why: Outcome, answer: Response) -> Response:
    desk.on_report(await desk.store.run(lambda store: ignore(store, pact, why)))
    return answer


def _answer(taken: Taken) -> Response:
    answer = _plain(*TAKEN[taken])
    if taken == "no room":
        answer.headers["Retry-After"] = AGAIN_SECONDS
    return answer


def _plain(status: int, words: str) -> Response:
    return PlainTextResponse(words, status_code=status)

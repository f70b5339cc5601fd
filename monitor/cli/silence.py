"""`monitor silence add|list|expire`: what nobody wants to hear of for a while."""

import os
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.console import count, err, iso, out, print_json, table, when, words
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    duration,
    examples,
    find_settings,
    reading,
)
from monitor.clock import clock
from monitor.errors import WrongUseError

if TYPE_CHECKING:
    from datetime import tzinfo

    from monitor.alerts.route import Matcher
    from monitor.alerts.silence import Silence

silences = typer.Typer(
    name="silence",
    help="Keep hits untold for a while: add, list and expire silences.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@silences.command(
    epilog=examples(
        "monitor silence add -m topic=Cuba --for 8h --comment 'the fair' # a topic",
        "monitor silence add -m topic=Cuba -m 'feed=BBC World' --for 2d # in this feed",
        "monitor silence add -m story=1234 --for 7d # a story",
        "monitor silence add -m 'severity=~\"low|info\"' --for 12h",
    )
)
def add(
    matchers: Annotated[
        list[str],
        typer.Option(
            "--matcher",
            "-m",
            metavar="MATCHER",
            help='A label matcher: topic=Cuba, lang!="en"; all must hold.',
        ),
    ],
    lasts: Annotated[str, typer.Option("--for", metavar="DURATION", help="How long: 8h, 2d, 1h30m.")],
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="Why, for later readers.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Tell nobody of hits that all these matchers match, from now on for a while.

    They are kept with the reason `silenced by S-…`, and so is what waits at this
    moment. When the silence ends nothing of it is told.
    """
    from monitor.clock import zone_of

    parsed, length, now = [_matcher(text) for text in matchers], duration(lasts), clock()
    if not length:
        raise WrongUseError("--for: a duration above zero is expected")
    settings = find_settings(config, database)
    with reading(settings.database) as store:
        number = store.add_silence(
            parsed, starts_at=now, ends_at=now + length, comment=comment, who=os.environ.get("USER", "")
        )
        (made,) = (one for one in store.silences(since=now) if one.number == number)
        kept = sum(made.mutes(hit.labels, since=hit.found_at, now=now) for hit in store.waiting_hits())
    if as_json:
        print_json(_facts(made, now) | {"keeps": kept})
        return
    until = when(made.ends_at, zone=zone_of(settings.time_zone), now=now)
    out().print(words(made.name, "bold") + words(f": silent until {until}: {_braced(made)}"))
    if kept:
        out().print(words(f"{count(kept, 'hit')} that waited to be told will be kept"))


@silences.command("list", epilog=examples("monitor silence list", "monitor silence list --all --json"))
def list_(
    every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each silence.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """List the silences that hold, the oldest first."""
    from monitor.clock import zone_of

    settings, now = find_settings(config, database), clock()
    with reading(settings.database) as store:
        found = store.silences(since=None if every else now)
    if as_json:
        for one in found:
            print_json(_facts(one, now))
    elif not found:
        err().print(words("no silences"))
    else:
        _print_table(found, zone_of(settings.time_zone), now)


@silences.command(epilog=examples("monitor silence expire S-3", "monitor silence expire 3 4"))
def expire(
    names: Annotated[list[str], typer.Argument(metavar="SILENCE...", help="Silences, as `list` names them.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """End silences now. What they kept stays kept; what is found from now on is told."""
    numbers = [_number(name) for name in dict.fromkeys(names)]
    settings, now = find_settings(config, database), clock()
    with reading(settings.database) as store:
        known = {one.number for one in store.silences()}
        if strangers := [f"S-{number}" for number in numbers if number not in known]:
            raise WrongUseError(f"there is no silence {', '.join(strangers)}; nothing was ended")
        ended = store.expire_silences(numbers, now=now)
    if as_json:
        over = [number for number in numbers if number not in ended]
        print_json({"ended": [f"S-{number}" for number in ended], "over": [f"S-{number}" for number in over]})
        return
    for number in numbers:
        out().print(words(f"S-{number} {'ended' if number in ended else 'was over already'}"))


def _matcher(text: str) -> "Matcher":
    from monitor.config.matchers import MatcherError, parse_matcher

    try:
        return parse_matcher(text)
    except MatcherError as error:
        hint = f" ({error.hint})" if error.hint else ""
        raise WrongUseError(f"--matcher {text!r}, column {error.start + 1}: {error}{hint}") from None


def _number(name: str) -> int:
    digits = name.strip().upper().removeprefix("S-")
    if not (digits.isascii() and digits.isdigit()):
        raise WrongUseError(f"{name!r}: a silence like S-3 is expected")
    return int(digits[:18])


def _state(silence: "Silence", now: datetime) -> str:
    return "over" if silence.ends_at <= now else "holds"


def _facts(silence: "Silence", now: datetime) -> dict[str, Any]:
    return {
        "id": silence.name,
        "state": _state(silence, now),
        "matchers": [str(matcher) for matcher in silence.matchers],
        "starts_at": iso(silence.starts_at),
        "ends_at": iso(silence.ends_at),
        "comment": silence.comment,
        "who": silence.who,
    }


def _print_table(found: "list[Silence]", zone: "tzinfo", now: datetime) -> None:
    shown = table(expand=True)
    shown.add_column("silence", no_wrap=True)
    shown.add_column("ends", no_wrap=True)
    shown.add_column("of what", ratio=2, overflow="fold")
    shown.add_column("why", ratio=1, overflow="fold")
    for one in found:
        style = "" if _state(one, now) == "holds" else "dim"
        why = " · ".join(filter(None, (one.comment, one.who)))
        ends = words(when(one.ends_at, zone=zone, now=now), style)
        shown.add_row(words(one.name, style or "bold"), ends, words(_braced(one), style), words(why, "dim"))
    out().print(shown)


def _braced(silence: "Silence") -> str:
    return "{" + ", ".join(map(str, silence.matchers)) + "}"

"""`monitor topic suggest`: how a topic could do better, by the stored entries and the judged hits."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, counting, err, out, print_json, words
from monitor.cli.options import ConfigOption, DatabaseOption, JsonOption, examples
from monitor.cli.showing import headline, indented
from monitor.cli.topic import Look, SinceOption, looking_back, record_for, topic_named
from monitor.cli.topic_group import topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from monitor.workshop.exclusions import Exclusion
    from monitor.workshop.suggest import Gain, Suggestions

_NEAR = "near misses: entries one edit away"
_WORDS = "words that stand with its hits far more than elsewhere, as an OR"
_EXCLUSIONS = "likely exclusions, from hits marked wrong"


@topics.command(
    "suggest",
    epilog=examples(
        "monitor topic suggest Cuba",
        "monitor topic suggest 'Taiwan Strait' --since 90d --limit 5",
        "monitor topic suggest Cuba --json | jq -r '.near[].query'",
    ),
)
def suggest_edits(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A topic of the watchlists.")],
    since: SinceOption = "30d",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Show so many of each kind.")] = 8,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Suggest edits of a topic, each with how many entries it would add.

    Near misses: a part of an AND left out, a wider NEAR, a slip of spelling, an
    inflected form. Words that stand with the topic's hits far more than elsewhere
    (by Dunning's log-likelihood). And of hits marked wrong, words that tell them
    from the relevant ones. Nothing is changed: `monitor topic edit` does that.
    That there is nothing to suggest is no error.
    """
    with looking_back(since, config, database) as look:
        found = _suggestions(look, name, config)
        record = record_for(look, found.topic.name)
    if as_json:
        from monitor.cli.topic_facts import record_facts, suggestion_facts

        print_json({"since": look.since, **suggestion_facts(found), "precision": record_facts(record)})
    else:
        console = out()
        console.print(words(found.topic.name, "bold") + words(f"  {found.topic.query}", "dim"))
        looked_at = f"{count(found.hits, 'hit')} looked at; precision: {record}"
        console.print(words(looked_at, "dim"))
        _show_gains(_NEAR, found.near, limit, console)
        _show_gains(_WORDS, found.words, limit, console)
        _show_exclusions(found.exclusions, limit, console)


def _suggestions(look: Look, name: str, config: Path | None) -> "Suggestions":
    from monitor.workshop.suggest import suggestions

    with counting("entries", err()) as looked:
        return suggestions(look.store, topic_named(name, config), since=look.since, looked=looked)


def _show_gains(title: str, gains: "Sequence[Gain]", limit: int, console: "Console") -> None:
    _show_title(title, bool(gains), console)
    for gain in gains[:limit]:
        about = "" if gain.is_all else " or more"
        console.print(words(f"  +{gain.added:,}{about}  ", "green") + words(gain.edit.what))
        if gain.example is not None:
            shown = headline(gain.example.document, gain.example.spans, console, style="dim")
            indented(words("e.g. ", "dim") + shown, console)


def _show_exclusions(found: "Sequence[Exclusion]", limit: int, console: "Console") -> None:
    _show_title(_EXCLUSIONS, bool(found), console)
    for one in found[:limit]:
        removes = words(f"  −{one.wrong} wrong", "green")
        costs = words(f" −{one.relevant} relevant", "red" if one.relevant else "dim")
        all_hits = words(f" (−{count(one.hits, 'hit')} in all)", "dim")
        console.print(removes + costs + all_hits + words(f"  NOT {one.edit.what}"))


def _show_title(title: str, any_found: bool, console: "Console") -> None:
    console.print()
    console.print(words(title, "bold") + words("" if any_found else ": none", "dim"))

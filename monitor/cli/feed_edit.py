"""`monitor feed add|remove`: feeds of feeds.yaml, found by a page's address."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, err, iso, out, print_json, say, words
from monitor.cli.feed_group import feeds
from monitor.cli.kept import desk, tell
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    LabelsOption,
    duration,
    examples,
    labels_of,
    load,
)
from monitor.clock import clock
from monitor.config.secrets import mask_feed_url
from monitor.errors import ForbiddenAddressError, RetrieveError, WrongUseError

if TYPE_CHECKING:
    from monitor.config.config import Config
    from monitor.config.editing_values import NewFeed
    from monitor.finder import Find, Found

NOTHING_FOUND = 1


@feeds.command(
    epilog=examples(
        "monitor feed add https://www.taipeitimes.com # shows the page's feeds, asks",
        "monitor feed add example.org --pick 2 --label region=asia --interval 5m",
        "monitor feed add https://example.org/rss.xml --name 'The Example'",
        "monitor feed add https://example.org --dry-run --json | jq .found",
    )
)
def add(  # noqa: PLR0913, PLR0917 - the options of the command line
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that has one.")],
    name: Annotated[str, typer.Option("--name", "-n", help="Its name, in place of its title.")] = "",
    labels: LabelsOption = None,
    interval: Annotated[str, typer.Option("--interval", metavar="AGE", help="How often to poll: 5m.")] = "",
    pick: Annotated[int, typer.Option("--pick", metavar="N", min=0, help="Take the Nth that is found.")] = 0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take the first that is found.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is found, write nothing.")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="It may stand in a private network.")
    ] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Follow a feed: its own address, or a page's, whose feeds are looked for.

    Without a scheme https is tried, and http where nobody answers that. Shows
    what was found, asks which to take, and writes it at the end of feeds.yaml;
    every other line stays as it is. Exit code 1: none was found.
    """
    from monitor.config.editing_values import NewFeed
    from monitor.config.importing_feeds import feed_name

    given, every = labels_of(labels), duration(interval) if interval else None
    loaded = load(config, tolerant=True)
    found = _find(loaded, url, allow_private=allow_private)
    if not found.finds:
        raise typer.Exit(_tell_nothing(found, as_json=as_json))
    if dry_run:
        _show(found, as_json=as_json)
        return
    chosen = _chosen(found, pick=pick, yes=yes, as_json=as_json)
    new = NewFeed(
        url=chosen.url,
        name=name or feed_name(chosen.title),
        labels=given,
        interval=every,
        allow_private=allow_private and not loaded.settings.allow_private,
    )
    _follow(new, config, database, as_json=as_json)


def _follow(new: "NewFeed", config: Path | None, database: Path | None, *, as_json: bool) -> None:
    from monitor.feedkeeper import add_feeds

    with desk(config, database, as_json=as_json) as at:
        kept = add_feeds([new], keeping=at.keeping)
        facts: dict[str, object] = {"feed": new.name, "url": mask_feed_url(new.url)}
        tell(kept, f"following {new.name or mask_feed_url(new.url)}", at, as_json=as_json, **facts)


@feeds.command(
    epilog=examples("monitor feed remove 'BBC World'", "monitor feed remove https://a.example/rss")
)
def remove(
    feed: Annotated[str, typer.Argument(metavar="FEED", help="Its URL or its name.")],
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a feed out of feeds.yaml, with the comments right above it. Its entries and hits stay."""
    from monitor.feedkeeper import remove_feed

    with desk(config, database, as_json=as_json) as at:
        kept, gone = remove_feed(feed, keeping=at.keeping)
        url = mask_feed_url(gone.url)
        tell(kept, f"{gone.name or url} is followed no more", at, as_json=as_json, feed=gone.name, url=url)


def _find(config: "Config", url: str, *, allow_private: bool) -> "Found":
    """Look for the feeds at an address."""
    import asyncio

    from monitor.finder import addresses_of, look_for_feeds

    address, private = mask_feed_url(addresses_of(url)[0]), allow_private or config.settings.allow_private
    looking = look_for_feeds(url, settings=config.settings, allow_private=private)
    waiting = err().status(words(f"looking for feeds at {address}")) if err().is_terminal else nullcontext()
    try:
        with waiting:
            found = asyncio.run(looking)
    except RetrieveError as error:
        says_so = "\n--allow-private says so" if isinstance(error, ForbiddenAddressError) else ""
        raise WrongUseError(f"{address}: {error}{says_so}") from error
    if found.unsafe:
        said = f"{address}: nobody answers over https ({found.unsafe}): this is what http says"
        say(err(), words(said, "yellow"))
    return found


def _chosen(found: "Found", *, pick: int, yes: bool, as_json: bool) -> "Find":
    """The feed to take: the only address that was given, the one that was picked, or the answer."""
    finds = found.finds
    if pick > len(finds):
        raise WrongUseError(f"--pick {pick}: {count(len(finds), 'feed')} found")
    if found.is_itself or yes or pick:
        return finds[max(pick, 1) - 1]
    _show(found, as_json=as_json)
    if as_json or not sys.stdin.isatty():
        raise WrongUseError("which of these? --pick N takes one, --yes the first; nothing was written")
    answer: int = typer.prompt("Follow which? (0: none)", default=1, type=int, err=True)
    if not 0 <= answer <= len(finds):
        raise WrongUseError(f"{answer}: {count(len(finds), 'feed')} found")
    if not answer:
        raise typer.Exit(NOTHING_FOUND)
    return finds[answer - 1]


def _show(found: "Found", *, as_json: bool) -> None:
    if as_json:
        print_json({"found": [_facts(find) for find in found.finds]})
        return
    from monitor.cli.feed_view import show_found

    show_found(found, now=clock())


def _tell_nothing(found: "Found", *, as_json: bool) -> int:
    if as_json:
        misses = [{"url": mask_feed_url(miss.url), "why": miss.why} for miss in found.misses]
        print_json({"found": [], "looked_at": misses})
        return NOTHING_FOUND
    first, *others = found.misses
    say(out(), words(f"no feed at {mask_feed_url(first.url)}: {first.why}"))
    for miss in others:
        say(err(), words(f"  {mask_feed_url(miss.url)}: {miss.why}", "dim"))
    return NOTHING_FOUND


def _facts(find: "Find") -> dict[str, object]:
    return {
        "url": mask_feed_url(find.url),
        "title": find.title,
        "how": find.how,
        "version": find.version,
        "entries": find.entries,
        "newest": iso(find.newest) if find.newest else None,
    }

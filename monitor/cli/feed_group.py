"""The group `monitor feed`: feed.py (how they are), feed_edit.py, feed_poll.py and feed_opml.py."""

import typer

feeds = typer.Typer(
    name="feed",
    help="Find, add, remove, list, poll and check feeds; import and export them as OPML.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

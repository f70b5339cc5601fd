"""The group `monitor topic`; its commands: topic.py (what topics catch) and topic_edit.py (the files)."""

import typer

topics = typer.Typer(
    name="topic",
    help="Try, compare, improve and edit topics.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

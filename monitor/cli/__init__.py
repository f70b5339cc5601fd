"""The command line: one file per group of commands, joined in program.py.

Knows Typer and Rich. Imports of anything heavier stand inside the commands: `--help` must be instant.
"""

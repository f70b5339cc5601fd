"""Texts for configuration tests."""

import textwrap


def page(text: str) -> str:
    """An expected page of messages, written indented in a test."""
    return textwrap.dedent(text).strip("\n")

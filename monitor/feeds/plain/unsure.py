"""Why a document is feedparser's."""


class UnsureError(Exception):
    """It is not sure that feedparser would read it so. The reason is for us: no user hears of it."""

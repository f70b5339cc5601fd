"""Whether what a feed shows as new is old: told before, or dated long ago by its feed or its URL. Pure."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from monitor.stories.window import WINDOW

OLD = timedelta(days=30)
"""Published longer ago: a feed that adds yesterday's text late does not add last month's."""
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""No page is older than the web: an earlier date is a mistake."""
_DATE_IN_PATH = re.compile(r"(?<!\d)(20\d\d|199\d)([-/]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


def recycled(
    *, now: datetime, first_seen: datetime | None, published: datetime | None, link: str, dated: bool = True
) -> str:
    """Why it is old, "" if it is not. `dated` false: old dates are no wonder here, the feed was silent."""
    if first_seen is not None and now - first_seen > WINDOW:
        return f"recycled: first seen {first_seen:%Y-%m-%d}"
    if not dated:
        return ""
    if published is not None and _EARLIEST < published < now - OLD:
        return f"recycled: published {published:%Y-%m-%d}"
    in_link = date_in(link)
    if in_link is not None and in_link < now - OLD:
        return f"recycled: its link is of {in_link:%Y-%m-%d}"
    return ""


def date_in(link: str) -> datetime | None:
    """The day that the path of a link names, if it does: /2019/03/12/, /2019-03-12-, /20190312."""
    try:
        found = _DATE_IN_PATH.search(urlsplit(link).path)
        return datetime(int(found[1]), int(found[3]), int(found[4]), tzinfo=UTC) if found else None
    except ValueError:
        return None

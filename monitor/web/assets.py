"""The desk's own styles and script, with addresses that change when they do."""

import gzip
from functools import cache
from hashlib import sha256
from importlib.resources import files

KINDS = {"desk.css": "text/css", "desk.js": "text/javascript", "icon.svg": "image/svg+xml"}


@cache
def asset(name: str) -> bytes:
    """A file as it was shipped."""
    return files("monitor.web").joinpath("static", name).read_bytes()


@cache
def small(name: str) -> bytes:
    """The file compressed. Pages are not: they hold what nobody may guess by their length."""
    return gzip.compress(asset(name), mtime=0)


@cache
def address_of(name: str) -> str:
    """Where a file is served."""
    return f"/static/{name}?v={sha256(asset(name)).hexdigest()[:12]}"

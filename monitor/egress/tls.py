"""Whom we trust over TLS: the system's authorities, read when the first connection asks for them, once.

Reading them takes 40 ms. aiohttp does it twice while it is imported, which was a tenth of a start.
"""

import os
import ssl
from asyncio.sslproto import SSLProtocol
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_NOWHERE = os.devnull
_BUFFER = 32 * 1024


@cache
def system_context() -> ssl.SSLContext:
    """The context for whoever brings none of their own."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(("http/1.1",))
    return context


def small_buffers() -> None:
    """Have asyncio read from TLS connections in smaller pieces: each holds a piece for as long as it is kept.

    With 256 KB each, a few hundred connections held more than all else, and making them took a tenth of a
    handshake.
    """
    SSLProtocol.max_size = _BUFFER


@contextmanager
def authorities_unread() -> Iterator[None]:
    """Contexts that are made inside trust nobody: for a library that makes some which are never used."""
    paths = ssl.get_default_verify_paths()
    names = (paths.openssl_cafile_env, paths.openssl_capath_env)
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, _NOWHERE))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

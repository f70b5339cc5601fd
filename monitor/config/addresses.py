"""Where the desk listens (`host:port`) and how it is reached (`https://…`), as they are written. Pure."""

from urllib.parse import SplitResult, urlsplit

HIGHEST_PORT = 65535


def parse_address(text: str) -> str:
    """An address to listen on: `127.0.0.1:8600`, `[::1]:8600`, `:8600` for all. Raises ValueError."""
    host, port = host_and_port(text)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def host_and_port(text: str) -> tuple[str, int]:
    """The two parts of an address to listen on; port 0 is any free one. Raises ValueError."""
    host, colon, port = text.strip().rpartition(":")
    is_port = port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= HIGHEST_PORT
    if not colon or not is_port:
        raise ValueError(f"an address and a port are expected here (127.0.0.1:8600), this is `{text}`")
    bare = host.removeprefix("[").removesuffix("]")
    if (":" in bare) != host.startswith("[") or any(char in bare for char in " /@"):
        raise ValueError(f"an address and a port are expected here ([::1]:8600), this is `{text}`")
    return bare or "0.0.0.0", int(port)  # noqa: S104 - only where somebody wrote no host


def parse_site(text: str) -> str:
    """The address of a site of one's own: `https://news.example.org`. Raises ValueError."""
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"an address (https://news.example.org) is expected here, this is `{text}`")
    if "@" in parts.netloc or parts.query or parts.fragment or parts.path.strip("/"):
        raise ValueError(f"only the scheme, the host and a port are expected here, this is `{text}`")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text.strip())
        _ = parts.port
    except ValueError:
        return None
    return parts

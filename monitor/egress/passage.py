"""How a request leaves and who it says it is: a proxy, a client certificate. Connects to nothing."""

from dataclasses import field
from pathlib import Path

from monitor.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificate:
    """A certificate that a client shows: PEM files, absolute; `key` None where one file holds both."""

    certificate: Path
    key: Path | None = None
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """By which way a request leaves. `proxy` is its URL, with its login; "" for none.

    A client certificate is shown to the origin of the request alone, the proxy is used for all of its way.
    """

    proxy: str = field(default="", repr=False)
    certificate: ClientCertificate | None = None


DIRECT = Passage()

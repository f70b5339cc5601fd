"""How a request leaves and who it says it is: a proxy, a client certificate. Connects to nothing."""

import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path


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


def context_with(certificate: ClientCertificate, base: ssl.SSLContext | None) -> ssl.SSLContext:
    """The TLS context that shows a certificate; it trusts as `base` or the system. Raises ValueError."""
    paths = [path for path in (certificate.certificate, certificate.key) if path]
    try:
        changed = tuple(path.stat().st_mtime_ns for path in paths)
    except OSError as error:
        raise ValueError(f"{error.filename}: {(error.strerror or '').lower()}") from error
    return _context(certificate, base, changed)


@lru_cache(maxsize=64)
def _context(
    certificate: ClientCertificate, base: ssl.SSLContext | None, _changed: tuple[int, ...]
) -> ssl.SSLContext:
    """Made once for each state of the files: certificates are renewed while we run."""
    context = ssl.create_default_context()
    if base is not None:
        context.load_verify_locations(cadata=b"".join(base.get_ca_certs(binary_form=True)))
    try:
        # With no password given OpenSSL would ask the terminal.
        context.load_cert_chain(
            certificate.certificate, certificate.key, password=lambda: certificate.password
        )
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise ValueError(f"{certificate.certificate}: {str(reason).replace('_', ' ').lower()}") from error
    return context

"""Whom we trust over TLS, and the certificate that we show: files, which libcurl reads."""

import ssl
from functools import lru_cache

from monitor.egress.passage import ClientCertificate
from monitor.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    """Where the certificates of those stand whom we trust: in a file, or in a folder as OpenSSL keeps them.

    A file is read by the first connection over TLS and kept; a folder is looked into by each.
    """

    file: str = ""
    folder: str = ""


def system_authorities() -> Authorities:
    """The system's, or those that SSL_CERT_FILE or SSL_CERT_DIR name."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return Authorities(file=paths.cafile)
    return Authorities(folder=paths.capath or "")


def check_certificate(certificate: ClientCertificate) -> None:
    """Raise ValueError, in words, for a client certificate that can not be shown."""
    paths = [path for path in (certificate.certificate, certificate.key) if path]
    try:
        changed = tuple(path.stat().st_mtime_ns for path in paths)
    except OSError as error:
        raise ValueError(f"{error.filename}: {(error.strerror or '').lower()}") from error
    _check(certificate, changed)


@lru_cache(maxsize=64)
def _check(certificate: ClientCertificate, _changed: tuple[int, ...]) -> None:
    """Read once for each state of the files: certificates are renewed while we run."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        # With no password given OpenSSL would ask the terminal.
        context.load_cert_chain(
            certificate.certificate, certificate.key, password=lambda: certificate.password
        )
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise ValueError(f"{certificate.certificate}: {str(reason).replace('_', ' ').lower()}") from error

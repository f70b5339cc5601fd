"""What went wrong on the network, in plain words."""

import errno
import socket
import ssl

_DNS = {
    socket.EAI_NONAME: "no such host",
    getattr(socket, "EAI_NODATA", socket.EAI_NONAME): "no address for",
    socket.EAI_AGAIN: "the name server does not answer for",
    socket.EAI_FAIL: "the name server failed for",
}

_CONNECTION = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "reset by the server",
    errno.EPIPE: "reset by the server",
    errno.ECONNABORTED: "the connection was given up",
    errno.ETIMEDOUT: "the server does not answer",
    errno.EHOSTUNREACH: "no way to the host",
    errno.ENETUNREACH: "no way to the network",
    errno.EMFILE: "too many files are open here",
}


def words_of(error: Exception, host: str) -> str:
    """What an error of the network means; `host` is whom we tried to reach."""
    match error:
        case socket.gaierror():
            return f"DNS: {_DNS.get(error.errno or 0, f'{error.strerror}:')} {host}"
        case ssl.SSLCertVerificationError():
            return f"TLS: {error.verify_message}"
        case ssl.SSLError():
            return f"TLS: {error.reason or error}"
        case OSError(errno=number) if number in _CONNECTION:
            return _CONNECTION[number]
        case OSError(strerror=str(words)):
            return words
    return str(error) or type(error).__name__


def size_in_words(count: int) -> str:
    """A limit in bytes, for people."""
    mib = count / (1024 * 1024)
    return f"{mib:g} MiB" if mib >= 1 else f"{count} bytes"

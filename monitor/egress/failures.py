"""What libcurl says went wrong → plain words, and what they mean for the next try. Knows pycurl."""

import os
import re
from http import HTTPStatus

import pycurl

from monitor.egress.journey import Journey
from monitor.egress.reply import Reply
from monitor.egress.words import words_of
from monitor.errors import RetrieveError

_UNREACHABLE = {pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_COULDNT_RESOLVE_PROXY, pycurl.E_COULDNT_CONNECT}
_NO_ANSWER = "the server ended the connection without an answer"
_BROKE_OFF = "the answer broke off"
_WORDS = {
    pycurl.E_COULDNT_RESOLVE_HOST: "DNS: no such host",
    pycurl.E_COULDNT_RESOLVE_PROXY: "DNS: no such host",
    pycurl.E_GOT_NOTHING: _NO_ANSWER,
    pycurl.E_PARTIAL_FILE: _BROKE_OFF,
    pycurl.E_SEND_ERROR: _NO_ANSWER,
    pycurl.E_RECV_ERROR: _NO_ANSWER,
}
_NOT_HTTP = {pycurl.E_UNSUPPORTED_PROTOCOL, pycurl.E_FTP_WEIRD_SERVER_REPLY}
_TLS = {
    pycurl.E_SSL_CONNECT_ERROR,
    pycurl.E_SSL_PEER_CERTIFICATE,
    pycurl.E_SSL_CERTPROBLEM,
    pycurl.E_SSL_CIPHER,
    pycurl.E_SSL_CACERT_BADFILE,
}
_WITH_A_NUMBER = {*_UNREACHABLE, pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR}
"""Where the system's own number of the error says more."""
_OTHER_HOST = re.compile(r"no alternative certificate subject name matches|does not match target")
_TLS_REASON = re.compile(r".*(?:::|: )(?P<reason>[^:]+?)(?: \(\d+\))?", re.DOTALL)
"""OpenSSL's reason is the last part: `error:0A00010B:SSL routines::wrong version number`."""


def failure_of(error: pycurl.error, handle: pycurl.Curl, journey: Journey, reply: Reply) -> RetrieveError:
    """The error that a transfer ended with, in our words."""
    code, said = int(error.args[0]), handle.errstr()
    if reply.refused and code == pycurl.E_COULDNT_CONNECT:
        return journey.forbidden(reply.refused)
    host, _ = journey.connected_to
    if code == pycurl.E_URL_MALFORMAT:
        return journey.error(f"not a URL: {host!r} can not be a host", retryable=False)
    if (tunnel := handle.getinfo(pycurl.HTTP_CONNECTCODE)) >= 400:
        return journey.error(f"the proxy refuses: {tunnel} {_phrase(tunnel)}".rstrip())
    words = _words(code, said, handle.getinfo(pycurl.OS_ERRNO), reply)
    if code in _UNREACHABLE and journey.passage.proxy:
        words = f"the proxy {host}: {words}"
    return journey.error(words, reached=code not in _UNREACHABLE)


def _words(code: int, said: str, number: int, reply: Reply) -> str:
    if code in _TLS:
        return f"TLS: {_tls_words(said)}"
    if code in _NOT_HTTP:
        return f"not an HTTP answer: {said}"
    if reply.status and code in (pycurl.E_RECV_ERROR, pycurl.E_PARTIAL_FILE):
        return _BROKE_OFF
    if reply.socket_error and code == pycurl.E_COULDNT_CONNECT:
        return words_of(reply.socket_error, "")
    if number and code in _WITH_A_NUMBER:
        return words_of(OSError(number, os.strerror(number)), "")
    return _WORDS.get(code, said)


def _tls_words(said: str) -> str:
    if _OTHER_HOST.search(said):
        return "the certificate is another host's"
    found = _TLS_REASON.fullmatch(said)
    return found["reason"] if found else said


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""

"""Receivers on loopback that answer, or fail, as they are told."""

import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

Behaviour = Callable[[BaseHTTPRequestHandler], None]


def answers(status: int, body: bytes = b"ok", headers: Mapping[str, str] | None = None) -> Behaviour:
    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return behave


def never_answers(request: BaseHTTPRequestHandler) -> None:
    """Keeps the connection open until the other end leaves."""
    request.connection.recv(1)


def closes(_request: BaseHTTPRequestHandler) -> None:
    """Reads the request and says nothing."""


def resets(request: BaseHTTPRequestHandler) -> None:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def drips(request: BaseHTTPRequestHandler) -> None:
    """Answers with a byte now and then, for ever."""
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b".")
        time.sleep(0.05)  # the pace is the fault


def never_ends(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"." * 65_536)


def breaks_off(status: int) -> Behaviour:
    return answers(status, b"half", {"Content-Length": "1000"})


@dataclass
class HttpSink:
    """What arrived, and how to answer the next."""

    behave: Behaviour = field(default_factory=lambda: answers(200))
    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    port: int = 0

    def url(self, scheme: str = "json", rest: str = "") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/{rest}"

    @property
    def last(self) -> Any:
        return json.loads(self.bodies[-1])


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class names it so)
        pass


@contextmanager
def http_sink() -> Iterator[HttpSink]:
    sink = HttpSink()

    class Handler(_Quiet):
        def do_POST(self) -> None:
            sink.paths.append(self.path)
            sink.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            sink.behave(self)

        do_PUT = do_GET = do_POST  # noqa: N815  (the base class names them so)

    with _serving(Handler) as sink.port:
        yield sink


@dataclass
class MailSink:
    """Mails that arrived, and what is answered to each command (a code and words)."""

    replies: dict[str, str] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)
    port: int = 0


@contextmanager
def mail_sink(**replies: str) -> Iterator[MailSink]:
    """An SMTP server; `rcpt="550 no such user"` answers so, `body=""` hangs up after the mail."""
    sink = MailSink(replies=replies)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 sink")
            while line := self.rfile.readline():
                verb = line[:4].strip().lower().decode()
                if verb == "data" and not sink.replies.get("data"):
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    sink.mails.append(b"".join(line.removeprefix(b".") for line in lines))
                    verb = "body"
                reply = sink.replies.get(verb, "250 ok" if verb != "quit" else "221 bye")
                if not reply:
                    return
                self.say(reply)

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with _serving(Handler) as sink.port:
        yield sink


@contextmanager
def _serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients that hang up are what these servers are for."""

    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port

"""A chat endpoint on loopback that answers as it is told, and keeps what came over the wire."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]


def completion(content: str | None) -> bytes:
    """The body of a chat completion."""
    message = {"role": "assistant", "content": content}
    return json.dumps({"choices": [{"index": 0, "message": message}]}).encode()


def says(content: str | None) -> Reply:
    """A completion with this text."""
    return sends(completion(content))


def sends(body: bytes, status: int = 200, **headers: str) -> Reply:
    """These bytes."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def sleeps(seconds: float) -> Reply:
    """Nothing, for a while."""
    return lambda handler: time.sleep(seconds)


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    """Half of what was promised."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')


class Endpoint:
    """The server: `url`, the `requests` it got (path, headers, raw body), and how it replies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.reply: Reply = says("")
        self.requests: list[tuple[str, dict[str, str], bytes]] = []

    def document(self) -> Any:
        """The last request's body."""
        return json.loads(self.requests[-1][2])


@contextmanager
def serving() -> Iterator[Endpoint]:
    """An endpoint on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            endpoint.requests.append((self.path, dict(self.headers), body))
            with suppress(BrokenPipeError, ConnectionResetError):  # the other side had enough
                endpoint.reply(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""An application on HTTP: a thread per request; visitors and Prometheus come to different sockets."""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from failonce.lab.webapp.metrics import Metrics
from failonce.lab.webapp.site import Site


class Server(ThreadingHTTPServer):
    """Serves a listening socket that it was handed, for a while beside the release before or after it."""

    # Requests that have begun are finished before server_close returns.
    daemon_threads = False
    block_on_close = True

    def __init__(self, listener: socket.socket, handler: Callable[..., BaseHTTPRequestHandler]) -> None:
        super().__init__(listener.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        # While two releases share the socket, the one that comes second to a connection must not wait for the next.
        listener.setblocking(False)
        self.socket = listener

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over visitors who went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    # Headers and body leave together.
    wbufsize = -1

    def send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet: there are dozens of requests per second."""


class Visitor(_Handler):
    """Answers a visitor and counts how long that took."""

    def __init__(self, site: Site, metrics: Metrics, *connection: Any) -> None:
        self._site = site
        self._metrics = metrics
        self._came_at = time.perf_counter()
        super().__init__(*connection)

    def answer(self) -> None:
        with self._metrics.in_flight.track_inprogress():
            answer = self._site.answer(self.command, self.path)
            self.send(answer.status, "application/json", json.dumps(answer.body, default=str).encode())
        taken_s = time.perf_counter() - self._came_at
        self._metrics.requests.labels(answer.route, str(answer.status)).observe(taken_s)

    # The names by which http.server finds it.
    do_GET = do_POST = do_PUT = answer  # noqa: N815


class Scraper(_Handler):
    """Answers Prometheus."""

    def __init__(self, metrics: Metrics, *connection: Any) -> None:
        self._metrics = metrics
        super().__init__(*connection)

    def do_GET(self) -> None:
        self.send(200, "text/plain; version=0.0.4; charset=utf-8", self._metrics.text())

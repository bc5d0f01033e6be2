"""The nutrition service that SpiceShare calls: somebody else's, answering as slowly as it is told to.

Run with `python -m failonce.lab.dependency`: it prints its port, and takes lines such as `delay 0.4` (seconds).
"""

from __future__ import annotations

import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from failonce.lab.child import Child


class Dependency:
    """The nutrition service as its owner sees it."""

    def __init__(self, *, log_file: Path) -> None:
        self._child = Child(__name__, log_file=log_file)
        self._delay_s = 0.0
        self.url = f"http://127.0.0.1:{self._child.greeting}"

    @property
    def delay_s(self) -> float:
        """How long it takes to answer."""
        return self._delay_s

    @delay_s.setter
    def delay_s(self, seconds: float) -> None:
        self._child.tell(f"delay {seconds}")
        self._delay_s = seconds

    def close(self) -> None:
        self._child.end()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024
    delay_s = 0.0


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    # Keep-alive, headers and body in one packet: without the buffer the second would wait for a delayed ACK.
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_GET(self) -> None:
        time.sleep(self.server.delay_s)
        body = b'{"kcal": 540, "protein_g": 21, "salt_g": 1.2}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet: there are dozens of requests per second."""


def main() -> None:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        for line in sys.stdin:
            _, seconds = line.split()
            server.delay_s = float(seconds)


if __name__ == "__main__":
    main()

"""The client of a service that is somebody else's; keeps its connections open between requests."""

from __future__ import annotations

import http.client
import json
import queue
from urllib.parse import urlsplit

from failonce.lab.webapp.page import Row

_TIMEOUT_S = 3.0


class ThirdParty:
    """A service on HTTP, asked from any number of threads."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._idle: queue.LifoQueue[http.client.HTTPConnection] = queue.LifoQueue()

    def get(self, path: str) -> Row | None:
        """Return what the service knows, None when it does not answer: a page is worth showing without."""
        connection = self._connection()
        try:
            connection.request("GET", path)
            known: Row = json.load(connection.getresponse())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return None
        self._idle.put(connection)
        return known

    def _connection(self) -> http.client.HTTPConnection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return http.client.HTTPConnection(self._host, timeout=_TIMEOUT_S)

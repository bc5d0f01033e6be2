"""The running release, behind listening sockets that stay while releases come and go."""

from __future__ import annotations

import socket
from pathlib import Path

from failonce.lab.child import Child
from failonce.lab.spiceshare.releases import RELEASES
from failonce.model.errors import NotFound

FIRST_RELEASE = "v41"


class Deployment:
    """SpiceShare as its owner sees it."""

    def __init__(self, *, dsn: str, nutrition_url: str, log_file: Path) -> None:
        # In the environment and not among the arguments, which every user of the machine can read.
        self._environment = {"SPICESHARE_DSN": dsn}
        self._nutrition_url = nutrition_url
        self._log_file = log_file
        self._visits, self._scrapes = (socket.create_server(("127.0.0.1", 0), backlog=1024) for _ in range(2))
        self.url = f"http://127.0.0.1:{self._visits.getsockname()[1]}"
        # A port of its own: a scrape does not stand in the visitors' queue.
        self.metrics_url = f"http://127.0.0.1:{self._scrapes.getsockname()[1]}/metrics"
        self._process = self._start(FIRST_RELEASE)
        self.release = FIRST_RELEASE

    @property
    def pid(self) -> int:
        return self._process.pid

    def deploy(self, release: str) -> None:
        """Replace the running release: the new one answers before the old one stops, so no request is lost."""
        if release not in RELEASES:
            raise NotFound(f"SpiceShare has no release {release!r}", hint=f"it has {', '.join(RELEASES)}")
        before, self._process = self._process, self._start(release)
        self.release = release
        before.end(gently=True)

    def close(self) -> None:
        self._process.end()
        self._visits.close()
        self._scrapes.close()

    def _start(self, release: str) -> Child:
        visits, scrapes = self._visits.fileno(), self._scrapes.fileno()
        return Child(
            "failonce.lab.spiceshare",
            release,
            f"--visits-fd={visits}",
            f"--scrapes-fd={scrapes}",
            f"--nutrition={self._nutrition_url}",
            log_file=self._log_file,
            environment=self._environment,
            pass_fds=(visits, scrapes),
        )

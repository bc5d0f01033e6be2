"""The running release, behind listening sockets that stay while releases come and go."""

from __future__ import annotations

import socket
from pathlib import Path

from failonce.lab.child import Child
from failonce.lab.webapp.sample import Sample
from failonce.model.errors import NotFound


class Deployment:
    """An application as its owner sees it."""

    def __init__(self, sample: Sample, *, dsn: str, third_party_url: str, log_file: Path) -> None:
        self.sample = sample
        # In the environment and not among the arguments, which every user of the machine can read.
        self._environment = {"SAMPLE_DSN": dsn}
        self._third_party_url = third_party_url
        self._log_file = log_file
        self._visits, self._scrapes = (socket.create_server(("127.0.0.1", 0), backlog=1024) for _ in range(2))
        self.url = f"http://127.0.0.1:{self._visits.getsockname()[1]}"
        # A port of its own: a scrape does not stand in the visitors' queue.
        self.metrics_url = f"http://127.0.0.1:{self._scrapes.getsockname()[1]}/metrics"
        self._process = self._start(sample.first_release)
        self.release = sample.first_release

    @property
    def pid(self) -> int:
        return self._process.pid

    def deploy(self, release: str) -> None:
        """Replace the running release: the new one answers before the old one stops, so no request is lost."""
        if release not in self.sample.releases:
            known = ", ".join(self.sample.releases)
            raise NotFound(f"{self.sample.title} has no release {release!r}", hint=f"it has {known}")
        before, self._process = self._process, self._start(release)
        self.release = release
        before.end(gently=True)

    def restart(self) -> None:
        """Start the running release anew: its connections are new, its code is the same."""
        self.deploy(self.release)

    def close(self) -> None:
        self._process.end()
        self._visits.close()
        self._scrapes.close()

    def _start(self, release: str) -> Child:
        visits, scrapes = self._visits.fileno(), self._scrapes.fileno()
        return Child(
            "failonce.lab.webapp",
            self.sample.name,
            release,
            f"--visits-fd={visits}",
            f"--scrapes-fd={scrapes}",
            f"--third-party={self._third_party_url}",
            log_file=self._log_file,
            environment=self._environment,
            pass_fds=(visits, scrapes),
        )

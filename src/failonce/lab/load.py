"""An open-loop load for an application: requests arrive when they arrive, whether or not those before were answered.

Run with `python -m failonce.lab.load URL`, from a process of its own, so that nobody's interpreter lock disturbs it.
Arrivals are a Poisson process from a fixed seed, steady or with a rhythm; latency counts from the instant a request was
due, so that a stalled server cannot hide its queue. It only ever talks to this machine, and for an hour at most.
"""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import math
import os
import random
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from failonce.lab.child import Child
from failonce.lab.rhythm import HIGHEST, RHYTHMS
from failonce.lab.samples import NAMES, sample
from failonce.model.errors import UsageError

LONGEST_S = 3600.0
# Each waiting request is a thread; whoever comes while so many wait is counted as never answered.
_MOST_IN_FLIGHT = 2500
_ANSWER_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What users met since the summary before."""

    n: int
    #: No answer, or one with status 5xx.
    errors: int
    p50_ms: float | None
    p95_ms: float | None


class Load:
    """The load as its owner sees it."""

    def __init__(
        self, url: str, *, rate: float, log_file: Path, application: str = "spiceshare", rhythm: str = "steady"
    ) -> None:
        who = (f"--application={application}", f"--rhythm={rhythm}")
        self._child = Child(__name__, url, f"--rate={rate}", *who, log_file=log_file)

    def set_rate(self, requests_per_s: float) -> None:
        self._child.tell(f"rate {requests_per_s}")

    def summary(self) -> Summary:
        """Return what users met since the summary before."""
        return Summary(**json.loads(self._child.ask("summary")))

    def close(self) -> None:
        self._child.end()


class Tally:
    """Counts answers, from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waits_ms: list[float] = []
        self._errors = 0

    def add(self, wait_s: float, *, failed: bool) -> None:
        with self._lock:
            self._waits_ms.append(wait_s * 1000)
            self._errors += failed

    def take(self) -> Summary:
        """Return what was counted, and start again from nothing."""
        with self._lock:
            waits_ms, errors = self._waits_ms, self._errors
            self._waits_ms, self._errors = [], 0
        return Summary(len(waits_ms), errors, _quantile(waits_ms, 0.5), _quantile(waits_ms, 0.95))


def _quantile(values: list[float], share: float) -> float | None:
    """Return the smallest value that at least this share of the values does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else None


class Arrivals:
    """Calls `visit(due_at)` in a new thread at the instants of a Poisson process whose rate can be changed."""

    def __init__(
        self, rate: float, chance: random.Random, visit: Callable[[float], None], *, rhythm: str = "steady"
    ) -> None:
        self._rate = rate
        self._rhythm = RHYTHMS[rhythm]
        self._began_at = time.monotonic()
        self._chance = chance
        self._visit = visit
        self._changed = threading.Event()

    def set_rate(self, requests_per_s: float) -> None:
        self._rate = requests_per_s
        self._changed.set()

    def run(self, until: float) -> None:
        """Keep visitors coming until the given instant of the monotonic clock."""
        for due_at in self._instants(until):
            threading.Thread(target=self._visit, args=(due_at,), daemon=True).start()

    def _instants(self, until: float) -> Iterator[float]:
        due_at = time.monotonic()
        while due_at < until:
            due_at += self._gap(due_at)
            if self._changed.wait(min(due_at, until) - time.monotonic()):
                # The process has no memory: at a new rate the next gap is drawn from now on.
                self._changed.clear()
                due_at = time.monotonic()
            elif due_at < until:
                yield due_at

    def _gap(self, after: float) -> float:
        """Return the time to the next arrival: candidates come at the highest rate, the rhythm keeps some of them."""
        if not self._rate:
            return LONGEST_S
        gap = 0.0
        while gap < LONGEST_S:
            gap += self._chance.expovariate(HIGHEST * self._rate)
            if self._chance.random() * HIGHEST < self._rhythm(after + gap - self._began_at):
                break
        return gap


class Visitors:
    """Chooses what the next visitor asks for, asks, and tallies the answer."""

    def __init__(self, address: tuple[str, int], seed: int, choose: Callable[[random.Random], tuple[str, str]]) -> None:
        self.tally = Tally()
        self._address = address
        self._choose = choose
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._in_flight = threading.Semaphore(_MOST_IN_FLIGHT)

    def visit(self, due_at: float) -> None:
        with self._lock:
            method, target = self._choose(self._chance)
        if not self._in_flight.acquire(blocking=False):
            self.tally.add(_ANSWER_WITHIN_S, failed=True)
            return
        try:
            failed = fetch(self._address, method, target) >= 500
        except (OSError, ValueError):
            failed = True
        finally:
            self._in_flight.release()
        self.tally.add(time.monotonic() - due_at, failed=failed)


def fetch(address: tuple[str, int], method: str, target: str) -> int:
    """Ask on a connection of one's own and return the status of the answer."""
    request = f"{method} {target} HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(address, timeout=_ANSWER_WITHIN_S) as connection:
        connection.sendall(request)
        answer = connection.recv(65536)
        head = answer[:12]
        while answer:
            answer = connection.recv(65536)
    return int(head.removeprefix(b"HTTP/1.1 ").removeprefix(b"HTTP/1.0 "))


def loopback(url: str) -> tuple[str, int]:
    """Return the URL's address, which must be this machine's own."""
    parts = urlsplit(url)
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    try:
        if ipaddress.ip_address(host).is_loopback and parts.port:
            return host, parts.port
    except ValueError:
        pass
    raise UsageError(
        f"{url} is not a port of this machine; the load is made to hurt and goes nowhere else",
        hint="give it a URL such as http://127.0.0.1:8000",
    )


def main() -> None:
    arguments = _parser().parse_args()
    try:
        address = loopback(arguments.url)
    except UsageError as error:
        sys.exit(f"{error}\n{error.hint}")
    visitors = Visitors(address, arguments.seed, sample(arguments.application).choose)
    chance = random.Random(arguments.seed)
    arrivals = Arrivals(arguments.rate, chance, visitors.visit, rhythm=arguments.rhythm)

    def keep_coming() -> None:
        arrivals.run(until=time.monotonic() + min(arguments.seconds, LONGEST_S))
        _finish(visitors.tally)

    threading.Thread(target=keep_coming, daemon=True).start()
    _say("ready")
    for line in sys.stdin:
        match line.split():
            case ["rate", requests_per_s]:
                arrivals.set_rate(float(requests_per_s))
            case ["summary"]:
                _say(_json(visitors.tally.take()))
    _finish(visitors.tally)


def _finish(tally: Tally) -> None:
    _say(_json(tally.take()))
    # Visitors who still wait for an answer are left standing.
    os._exit(0)


def _json(summary: Summary) -> str:
    return json.dumps(asdict(summary))


def _say(line: str) -> None:
    # Whoever started us may be gone.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m failonce.lab.load",
        description="An open-loop load. Takes the lines `rate N` and `summary`; ends with its input.",
    )
    parser.add_argument("url", help="where the application answers")
    parser.add_argument("--application", choices=NAMES, default="spiceshare", help="whose visitors come")
    parser.add_argument("--rhythm", choices=RHYTHMS, default="steady", help="how demand moves over time")
    parser.add_argument("--rate", type=float, default=50.0, help="requests per second")
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--seconds", type=float, default=LONGEST_S, help="end after this long; an hour at most")
    return parser


if __name__ == "__main__":
    main()

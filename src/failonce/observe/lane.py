"""A reading on a thread of its own, so that one that hangs never delays the tick."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from datetime import datetime

from failonce.observe.source import Parts

_PATIENCE_S = 2.0


class Lane:
    """Runs one reading at a time; what is not ready in time comes with a later tick."""

    def __init__(self, name: str, read: Callable[[datetime], Parts], *, overdue: Parts) -> None:
        """`overdue` is said while a reading has been under way for more than two seconds."""
        self._name = name
        self._read = read
        self._overdue = overdue
        self._reading: Future[Parts] | None = None
        self._began_s = 0.0

    def start(self, at: datetime) -> None:
        """Begin a reading, unless the previous one is still under way."""
        if self._reading is None:
            self._reading = Future()
            self._began_s = time.monotonic()
            run = threading.Thread(
                target=self._run, args=(self._reading, at), name=f"failonce-{self._name}", daemon=True
            )
            run.start()

    def collect(self, until_s: float) -> Parts:
        """Return the reading's parts, or nothing when it is not ready at `until_s` (monotonic)."""
        assert self._reading is not None
        wait([self._reading], timeout=max(0.0, until_s - time.monotonic()))
        if not self._reading.done():
            return self._overdue if time.monotonic() - self._began_s > _PATIENCE_S else {}
        done, self._reading = self._reading, None
        return done.result()

    def _run(self, reading: Future[Parts], at: datetime) -> None:
        try:
            reading.set_result(self._read(at))
        except BaseException as fault:  # noqa: BLE001 - a fault: collect() raises it on the caller's thread
            reading.set_exception(fault)

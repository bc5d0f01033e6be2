"""An incident in the book while it runs, so that its page is live; and whether the same failure was there before.

Beside the watch and never in its way: one thread writes, one incident after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import UTC, datetime

from failonce.app.events import Event, Phase, Recurred
from failonce.app.report import Report, keep_running
from failonce.model.errors import FailonceError
from failonce.model.recurrence import Likeness
from failonce.model.viewer import Viewer
from failonce.store.book import Book


class Live:
    """Keeps the book at the heels of a watch."""

    def __init__(self, book: Book, listener: Callable[[Event], None]) -> None:
        """Keep incidents in `book`, and tell of earlier ones of the same failure."""
        self._book, self._listener = book, listener
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="failonce-live")
        self._pending: list[Future[None]] = []
        self._told: set[str] = set()

    def keep(self, report: Report) -> None:
        """Keep what is known of an incident by now; return at once."""
        self._pending = [future for future in self._pending if not future.done()]
        # A repair may outlive the watch; when the writer has gone home, the final report told what there was.
        with suppress(RuntimeError):
            self._pending.append(self._writer.submit(self._keep, report))

    def settle(self) -> None:
        """Wait until all of it is kept."""
        wait(self._pending)

    def close(self) -> None:
        """Keep what is pending, and end the thread."""
        self._writer.shutdown()

    def _keep(self, report: Report) -> None:
        try:
            self._compare(keep_running(report, self._book).id)
        except FailonceError as error:
            # The watch goes on: what it sees is in the recording, and the book is tried again at the next event.
            self._listener(Phase(f"The incident could not be kept yet: {error}"))

    def _compare(self, incident_id: str) -> None:
        """Tell, once, of the likest earlier incident of the same failure."""
        if incident_id in self._told:
            return
        found = self._book.recurrences.of(Viewer.machine(), incident_id, limit=1)
        if found and found[0].likeness is Likeness.SAME_FAILURE:
            self._told.add(incident_id)
            self._listener(Recurred(datetime.now(UTC), found[0]))

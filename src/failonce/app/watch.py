"""Watch a target: observe, record, investigate; on an incident propose the remedy, and write everything down.

The loop never waits for anything but the next tick: twin, fix and store are off its way or in between.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from failonce.app.events import Applied, Completed, Diagnosed, Event, GapSeen, Opened, Proposed, Recovered, Ticked
from failonce.app.investigation import Investigation
from failonce.app.live import Live
from failonce.app.repair import Repair
from failonce.app.report import Report, write_report
from failonce.app.windows import IncidentWindows
from failonce.model.diagnosis import Diagnosis
from failonce.model.incident import Incident
from failonce.model.snapshot import Snapshot
from failonce.model.target import Target
from failonce.observe.observer import Observer
from failonce.observe.recording import Recording, Retention
from failonce.store.book import Book


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How to watch."""

    #: Where the recording is kept.
    recording: Path
    #: Where the documents go, each incident's in a folder of its own; None writes none.
    reports: Path | None = None
    #: Write the documents into `reports` itself: of several incidents the last one's stay.
    flat: bool = False
    #: How long the recording keeps every tick.
    raw: timedelta = Retention().raw
    #: Apply a proven fix without asking.
    apply: bool = False


def watch(
    target: Target, options: WatchOptions, stop: threading.Event, *, store: str, listener: Callable[[Event], None]
) -> None:
    """Watch a target until `stop` is set, with the book at `store`. Raises DatabaseUnreachable."""
    with Book.open(store) as book:
        Watch(target, book, options, listener).run(stop)


class Watch:
    """One target under watch."""

    def __init__(self, target: Target, book: Book, options: WatchOptions, listener: Callable[[Event], None]) -> None:
        """Prepare; nothing is opened before `run`."""
        self._target, self._book, self._options = target, book, options
        self._listener = listener
        self._investigation = Investigation()
        self._repair: Repair | None = None
        self._events: list[Event] = []
        self._gaps: set[tuple[str, str]] = set()
        self._windows = IncidentWindows(options.recording)
        self._live = Live(book, listener)
        self.incident: Incident | None = None

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set. Raises DatabaseUnreachable when there is nothing to begin with."""
        announced = lambda at: self._book.releases.since(self._target.name, at)  # noqa: E731
        observer = Observer(self._target, announced=announced)
        try:
            with self._recording() as recording:
                for snapshot in observer.snapshots(stop):
                    self._take_in(recording.append(snapshot), observer)
        finally:
            observer.close()
        if self._investigation.is_open:
            self._write()
        self._live.close()
        self._windows.keep_all()

    def _recording(self) -> Recording:
        retention = Retention(raw=self._options.raw)
        return Recording.create(self._options.recording, target=self._target.name, retention=retention)

    def _take_in(self, snapshot: Snapshot, observer: Observer) -> None:
        self._tell(Ticked(snapshot))
        for gap in snapshot.gaps:
            if (gap.source, gap.reason) not in self._gaps:
                self._gaps.add((gap.source, gap.reason))
                self._tell(GapSeen(gap))
        for event in self._investigation.step(snapshot):
            self._tell(event)
            self._follow(event, observer)
        self._windows.keep_due(snapshot.at)

    def _follow(self, event: Event, observer: Observer) -> None:
        match event:
            case Opened():
                self._repair, self._events = None, [event]
                observer.hasten(True)
                self._live.keep(self._report(self._investigation.abstention()))
            case Diagnosed(diagnosis=diagnosis) if not diagnosis.abstained and not self._is_under_repair(diagnosis):
                apply = self._options.apply
                self._repair = Repair(self._target, diagnosis, apply=apply, listener=self._tell)
            case Recovered():
                observer.hasten(False)
                self._write()

    def _is_under_repair(self, diagnosis: Diagnosis) -> bool:
        """Tell whether the first cause is the one a remedy is being sought for: another has only joined it."""
        return self._repair is not None and self._repair.cures(diagnosis)

    def _tell(self, event: Event) -> None:
        if isinstance(event, Opened | Diagnosed | Proposed | Applied | Recovered):
            self._events.append(event)
        if isinstance(event, Diagnosed | Completed | Proposed | Applied) and self._investigation.diagnosis:
            self._live.keep(self._report(self._investigation.diagnosis))
        self._listener(event)

    def _write(self) -> None:
        """Write the incident down: in the book, and as documents."""
        if self._repair is not None:
            self._repair.join(timeout_s=30)
        diagnosis = self._investigation.diagnosis
        if diagnosis is None:
            return
        self._live.settle()
        report = self._report(diagnosis)
        self.incident = write_report(report, self._book, self._folder(report.id))
        self._windows.add(self.incident)

    def _report(self, diagnosis: Diagnosis) -> Report:
        """Return what is known by now."""
        return Report(
            target=self._target.name,
            recording=self._options.recording,
            events=tuple(self._events),
            diagnosis=diagnosis,
            signals=self._investigation.signals,
            remedy=self._repair.remedy if self._repair else None,
            blueprint=self._repair.blueprint if self._repair else None,
        )

    def _folder(self, incident_id: str) -> Path | None:
        reports = self._options.reports
        return reports if reports is None or self._options.flat else reports / incident_id

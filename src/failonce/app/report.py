"""Write an incident down: assemble it from what was told, keep it in the book, write its documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from failonce import jsontext, plugins
from failonce.app.events import Applied, Diagnosed, Event, Opened, Proposed, Recovered
from failonce.diagnose.impact import impact
from failonce.lab.twin import file
from failonce.model.blueprint import Blueprint
from failonce.model.diagnosis import Diagnosis
from failonce.model.incident import EntryKind, Incident, TimelineEntry
from failonce.model.remedy import Remedy
from failonce.model.signal import Signal
from failonce.model.snapshot import Snapshot
from failonce.model.viewer import Stamp, Viewer
from failonce.model.window import Window
from failonce.observe.recording import read
from failonce.postmortem.actions import action_items
from failonce.postmortem.draft import draft
from failonce.postmortem.exhibit import exhibit
from failonce.postmortem.page import page
from failonce.store.book import Book

#: What a document shows before the onset and after the recovery.
_BEFORE, _AFTER = timedelta(minutes=10), timedelta(minutes=30)
#: The twin as it was in the incident, beside its documents.
TWIN_FILE = "failure.twin"
_UNSETTLED = (EntryKind.ONSET, EntryKind.SIGNAL)
#: The share of failed requests from which people say "down".
_DOWN = 0.05


@dataclass(frozen=True, slots=True)
class Report:
    """What a watch knows of an incident."""

    target: str
    recording: Path
    events: tuple[Event, ...]
    diagnosis: Diagnosis
    signals: tuple[Signal, ...]
    remedy: Remedy | None
    #: What the planner knew when it happened.
    blueprint: Blueprint | None = None

    @property
    def id(self) -> str:
        """The incident's name: its target, and when it was detected."""
        return f"{self.target}-{self.diagnosis.detected_at:%Y%m%dT%H%M%SZ}"


def write_report(report: Report, book: Book, folder: Path | None) -> Incident:
    """Assemble the incident, save it with its action items and postmortem, and write its documents to `folder`."""
    snapshots = tuple(_snapshots(report))
    incident = assemble(report, snapshots)
    actions = action_items(incident)
    markdown = draft(incident, actions)
    stamp = Stamp(Viewer.machine(), datetime.now(UTC))
    book.incidents.save(incident, stamp)
    book.actions.save(actions, stamp)
    book.postmortems.redraft(incident.id, markdown, stamp)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        jsontext.write(folder / "diagnosis.json", incident.diagnosis)
        jsontext.write(folder / "incident.json", incident)
        if report.blueprint is not None:
            file.save(folder / TWIN_FILE, report.blueprint)
        (folder / "postmortem.md").write_text(markdown, encoding="utf-8")
        (folder / "postmortem.html").write_text(page(incident, markdown, snapshots, actions), encoding="utf-8")
    return incident


def keep_running(report: Report, book: Book) -> Incident:
    """Keep an incident that is not over, for others to follow; return it.

    When it began, and with which signal, may still change: what the timeline says of that is told at the end.
    """
    incident = assemble(report, ())
    settled = tuple(entry for entry in incident.timeline if entry.kind not in _UNSETTLED)
    running = replace(incident, timeline=settled)
    book.incidents.save(running, Stamp(Viewer.machine(), datetime.now(UTC)))
    return running


def assemble(report: Report, snapshots: Sequence[Snapshot]) -> Incident:
    """Return the incident that the events and the recording tell."""
    diagnosis = report.diagnosis
    recovered = next((e.since for e in report.events if isinstance(e, Recovered)), None)
    window = Window(tuple(s for s in snapshots if recovered is None or s.at <= recovered), diagnosis.onset_at)
    remedy, met = report.remedy, impact(window) if window.snapshots else None
    incident = Incident(
        id=report.id,
        target=report.target,
        title="",
        signals=report.signals,
        diagnosis=diagnosis,
        remedy=remedy,
        impact=met,
        timeline=tuple(sorted(_timeline(report, window), key=lambda e: (e.happened_at, e.recorded_at))),
        mitigated_at=remedy.finished_at if remedy else None,
        recovered_at=recovered,
    )
    return replace(incident, title=title(incident), exhibit=exhibit(incident, snapshots))


def title(incident: Incident) -> str:
    """Return a headline: what, where, on whom."""
    diagnosis, verb = incident.diagnosis, _verb(incident)
    if diagnosis.cause is None:
        return f"A cause not yet known {verb}"
    lead: str = plugins.load("failonce.diagnose.causes")[diagnosis.cause].LEAD
    where = f" on {diagnosis.culprit.relations[0]}" if diagnosis.culprit and diagnosis.culprit.relations else ""
    return f"{lead}{where} {verb}"


def _verb(incident: Incident) -> str:
    met = incident.impact
    if met is not None and met.failed >= _DOWN * met.requests:
        return f"took {incident.target} down"
    if met is not None and met.failed and not incident.was_slow:
        return f"made requests to {incident.target} fail"
    return f"slowed {incident.target} down"


def _snapshots(report: Report) -> Iterator[Snapshot]:
    onset = report.diagnosis.onset_at
    yield from read(report.recording, from_at=onset - _BEFORE, to_at=onset + _AFTER)


def _timeline(report: Report, window: Window) -> Iterator[TimelineEntry]:
    """Yield what happened, on two clocks: the onset happened before anybody could write it down."""
    for event in report.events:
        yield from _entries(event, report)
    yield from _releases(window.snapshots)


def _releases(snapshots: Sequence[Snapshot]) -> Iterator[TimelineEntry]:
    """Yield each change of release; the first one known is no change."""
    events = [event for snapshot in snapshots for event in snapshot.releases]
    for old, new in pairwise(events):
        if new.release != old.release:
            text = f"Release {new.release} took the place of {old.release}."
            yield TimelineEntry(new.at, new.at, EntryKind.NOTE, text)


def _entries(event: Event, report: Report) -> Iterator[TimelineEntry]:
    match event:
        case Opened(at=at):
            onset = report.diagnosis.onset_at
            first = report.signals[0].statement if report.signals else "Somebody said that there is trouble"
            yield TimelineEntry(onset, at, EntryKind.ONSET, f"{first}.")
            for signal in report.signals[1:]:
                yield TimelineEntry(signal.onset_at, at, EntryKind.SIGNAL, f"{signal.statement}.")
            yield TimelineEntry(at, at, EntryKind.DETECTED, "failonce raised the alarm from its own measurements.")
        case Diagnosed(at=at, diagnosis=diagnosis):
            for lead in diagnosis.ruled_out:
                yield TimelineEntry(at, at, EntryKind.RULED_OUT, lead.statement)
            yield TimelineEntry(at, at, EntryKind.DIAGNOSED, _named(diagnosis))
        case Proposed(at=at, remedy=remedy):
            yield TimelineEntry(at, at, EntryKind.REMEDY, remedy.statement)
        case Applied(at=at, remedy=remedy) if remedy.failed:
            yield TimelineEntry(at, at, EntryKind.REMEDY, f"The fix failed: {remedy.failed}")
        case Applied(at=at, remedy=remedy):
            yield TimelineEntry(remedy.finished_at or at, at, EntryKind.MITIGATED, f"Done: {remedy.sql}.")
        case Recovered(at=at, since=since):
            yield TimelineEntry(since, at, EntryKind.RECOVERED, "Every signal was back in its baseline.")


def _named(diagnosis: Diagnosis) -> str:
    cause = next((link.statement for link in diagnosis.chain if link.id == diagnosis.cause), None)
    return cause or "No cause could be named from what was seen."

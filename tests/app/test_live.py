"""An incident is in the book while it runs: open, then named, then told in full; and what was there before is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from failonce.app.events import Diagnosed, Opened, Phase, Recovered, Recurred
from failonce.app.investigation import Investigation
from failonce.app.live import Live
from failonce.app.report import Report, write_report
from failonce.model.dossier import IncidentState
from failonce.model.errors import CannotLook
from failonce.model.incident import EntryKind
from failonce.observe.recording import read
from failonce.store.book import Book
from fix_book import ADA, ALL, dossier, missing_index, note, stamp

RECORDING = Path(__file__).parents[2] / "examples" / "missing-index" / "recording"


@pytest.fixture
def book(tmp_path):
    with Book.open(tmp_path / "failonce.db") as book:
        yield book


def watched(book, told):
    """The recorded outage, followed as a watch does: yield the report after each event that is kept."""
    live, investigation, events = Live(book, told.append), Investigation(), []
    for snapshot in read(RECORDING):
        for event in investigation.step(snapshot):
            events.append(event)
            diagnosis = investigation.diagnosis or investigation.abstention()
            report = Report("spiceshare", RECORDING, tuple(events), diagnosis, investigation.signals, None)
            if isinstance(event, Opened | Diagnosed):
                live.keep(report)
                live.settle()
            yield event, report
    live.close()


def test_it_is_open_at_once_and_named_with_the_verdict(book):
    seen = []
    for event, report in watched(book, []):
        if isinstance(event, Opened | Diagnosed):
            kept = book.incidents.dossier(ALL, report.id)
            seen.append((type(event), kept.state, kept.failure.cause))
    assert seen[0] == (Opened, IncidentState.TRIGGERED, None)
    assert (Diagnosed, IncidentState.TRIGGERED, "missing-index") in seen


def test_the_final_report_tells_nothing_twice_and_what_a_person_did_meanwhile_stands(book, tmp_path):
    for event, report in watched(book, []):
        if isinstance(event, Opened):
            kept = book.incidents.dossier(ALL, report.id)
            book.incidents.change(kept.id, stamp(ADA), revision=kept.revision, state=IncidentState.ACKNOWLEDGED)
        if isinstance(event, Recovered):
            write_report(report, book, None)
            break
    kept = book.incidents.dossier(ALL, report.id)
    assert (kept.state, kept.moments.acknowledged_at) == (IncidentState.RESOLVED, stamp().at)
    told = [t.entry for t in book.timeline.of(ALL, report.id)]
    assert [e.kind for e in told].count(EntryKind.ONSET) == 1
    assert [e.kind for e in told].count(EntryKind.DETECTED) == 1
    assert len({(e.kind, e.text) for e in told}) == len(told)
    assert book.postmortems.review(ALL, report.id).version == 1
    assert book.verify().broken == ()


def test_the_same_failure_before_is_told_once_with_what_ended_it(book):
    culprit = "ac9b95ac34dbc4dd"
    book.incidents.declare(dossier("before", failure=missing_index(fingerprint=culprit)), stamp())
    book.timeline.add("before", replace(note(60, "The index was built again."), kind=EntryKind.MITIGATED), stamp())
    book.incidents.declare(dossier("unlike", minutes=1, failure=missing_index(relations=())), stamp())
    told = []
    assert any(isinstance(event, Recovered) for event, _ in watched(book, told))
    (recurred,) = [event.recurrence for event in told if isinstance(event, Recurred)]
    assert (recurred.earlier.id, recurred.fixed_by) == ("before", "The index was built again.")


def test_a_store_that_cannot_be_written_does_not_end_the_watch(book, monkeypatch):
    def full(*_):
        raise CannotLook("The disk is full.", hint="Free space.")

    monkeypatch.setattr(book.incidents, "save", full)
    told = []
    assert any(isinstance(event, Recovered) for event, _ in watched(book, told))
    assert {event.text for event in told if isinstance(event, Phase)} == {
        "The incident could not be kept yet: The disk is full."
    }

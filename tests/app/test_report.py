"""An incident in the book while it runs, and once it is over: one incident, told once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from failonce import jsontext
from failonce.app.events import Diagnosed, Opened, Recovered
from failonce.app.report import Report, keep_running, title, write_report
from failonce.model.incident import EntryKind, Incident
from failonce.model.viewer import Viewer
from failonce.store.book import Book

EXAMPLE = Path(__file__).parents[2] / "examples" / "missing-index"
ALL = Viewer.machine()


@pytest.fixture
def over():
    """The report of a recorded outage that is over."""
    incident = jsontext.loads((EXAMPLE / "incident.json").read_bytes(), Incident)
    diagnosis = incident.diagnosis
    events = (
        Opened(diagnosis.detected_at, incident.signals),
        Diagnosed(diagnosis.diagnosed_at, diagnosis),
        Recovered(incident.recovered_at + timedelta(seconds=5), incident.recovered_at),
    )
    return Report(incident.target, EXAMPLE / "recording", events, diagnosis, incident.signals, None)


def test_a_running_incident_can_be_followed_and_is_told_once(over, tmp_path):
    undiagnosed = replace(over.diagnosis, chain=(), cause=None, abstained=True, culprit=None, diagnosed_at=None)
    # The onset is found to lie a second later than it looked at first.
    earlier = replace(undiagnosed, onset_at=undiagnosed.onset_at - timedelta(seconds=1))
    with Book.open(tmp_path / "failonce.db") as book:
        keep_running(replace(over, events=over.events[:1], diagnosis=earlier), book)
        running = book.incidents.dossier(ALL, over.id)
        assert running.state == "triggered"
        assert running.failure.cause is None

        keep_running(replace(over, events=over.events[:2]), book)
        assert book.incidents.dossier(ALL, over.id).failure.cause == "missing-index"
        assert book.incidents.measured(ALL, over.id).exhibit is None

        write_report(over, book, None)
        done = book.incidents.dossier(ALL, over.id)
        assert done.state == "resolved"
        assert book.incidents.measured(ALL, over.id).exhibit is not None
        told = [entry.entry for entry in book.timeline.of(ALL, over.id)]
        assert [entry.kind for entry in told].count(EntryKind.ONSET) == 1
        assert [entry.kind for entry in told].count(EntryKind.DETECTED) == 1
        assert [entry.kind for entry in told].count(EntryKind.DIAGNOSED) == 1
        assert len({(e.happened_at, e.kind, e.text) for e in told}) == len(told)


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ("missing-index", "A missing index on reviews took spiceshare down"),
        ("vacuum-storm", "Maintenance or a backup under way on public.recipes slowed spiceshare down"),
        ("sequence-exhausted", "An exhausted sequence on reviews_id_seq made requests to spiceshare fail"),
    ],
)
def test_the_title_says_what_users_met(example, told):
    assert title(jsontext.loads((EXAMPLE.parent / example / "incident.json").read_bytes(), Incident)) == told

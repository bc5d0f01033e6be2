"""The charts as data: what is kept in the book is drawn as what was recorded."""

from dataclasses import replace
from pathlib import Path

import pytest

from failonce import jsontext
from failonce.model.exhibit import Exhibit
from failonce.model.incident import Incident
from failonce.observe.recording import read
from failonce.postmortem.exhibit import exhibit
from failonce.postmortem.measurements import drawn, measurements

EXAMPLES = Path(__file__).parents[2] / "examples"
RECORDED = ["missing-index", "session-leak", "migration-lock"]


def recorded(name):
    incident = jsontext.loads((EXAMPLES / name / "incident.json").read_bytes(), Incident)
    return incident, tuple(read(EXAMPLES / name / "recording"))


@pytest.mark.parametrize("name", RECORDED)
def test_what_was_kept_is_drawn_as_what_was_recorded(name):
    incident, snapshots = recorded(name)
    kept = jsontext.loads(jsontext.dumps(exhibit(incident, snapshots)), Exhibit)
    shown = drawn(incident, kept)
    assert shown.figures
    assert shown == measurements(incident, snapshots)


def test_an_incident_carries_its_charts_where_no_recording_is():
    incident, snapshots = recorded("missing-index")
    carried = replace(incident, exhibit=exhibit(incident, snapshots))
    assert measurements(carried, ()) == measurements(incident, snapshots)


def test_nothing_recorded_is_no_exhibit():
    incident, _ = recorded("missing-index")
    assert exhibit(incident, ()) is None
    assert drawn(incident, None).figures == ()


def test_an_hour_of_readings_is_thinned_and_keeps_its_peak():
    incident, snapshots = recorded("missing-index")
    times = 40
    step = snapshots[-1].at - snapshots[0].at
    long = tuple(replace(s, at=s.at + step * n) for n in range(times) for s in snapshots)
    still_running = replace(incident, recovered_at=None)
    shown = exhibit(still_running, long)
    p95 = shown.charts[0].traces[0]
    assert len(p95.points) <= 700 < len(long)
    assert max(value for _, _, value in p95.points if value is not None) == pytest.approx(p95.highest, rel=1e-3)

"""The engine on a written outage: right with full sight, right or silent with poor sight."""

from dataclasses import replace

import pytest

from failonce.app.investigation import Investigation
from failonce.model.snapshot import Connections
from fix_incident import snapshots

PARTS = ["application", "host", "statements", "tables", "catalog", "probe", "connections", "database"]


def investigated(seen):
    investigation = Investigation()
    for snapshot in seen:
        investigation.step(snapshot)
    return investigation


def test_names_chain_culprit_and_wrong_leads():
    diagnosis = investigated(snapshots()).diagnosis
    assert diagnosis.cause == "missing-index"
    assert [link.kind for link in diagnosis.chain][:2] == ["trigger", "cause"]
    assert diagnosis.chain[0].id == "index-dropped"
    assert diagnosis.culprit.relations == ("reviews",)
    assert {"release", "traffic", "network", "host", "application"} <= {lead.id for lead in diagnosis.ruled_out}


def test_each_link_and_each_wrong_lead_has_its_measurement():
    diagnosis = investigated(snapshots()).diagnosis
    for part in (*diagnosis.chain, *diagnosis.ruled_out):
        assert part.evidence, part.id
        for evidence in part.evidence:
            assert evidence.pointer.from_at <= evidence.pointer.to_at


def test_sees_the_recovery_and_its_beginning():
    investigation = investigated(snapshots())
    assert investigation.recovered_at is not None
    assert investigation.recovered_at > investigation.diagnosis.diagnosed_at


@pytest.mark.parametrize("part", PARTS)
def test_is_right_or_silent_without(part):
    seen = [replace(s, **{part: None}) for s in snapshots()]
    diagnosis = investigated(seen).diagnosis
    assert diagnosis is None or diagnosis.cause in (None, "missing-index")


@pytest.mark.parametrize("part", PARTS)
def test_an_unseen_source_rules_nothing_out(part):
    """What was not measured is a lead left open, never a lead ruled out."""
    seen = [replace(s, **{part: None}) for s in snapshots()]
    diagnosis = investigated(seen).diagnosis
    pointers = {e.pointer.source for lead in (diagnosis.ruled_out if diagnosis else ()) for e in lead.evidence}
    assert part not in pointers


def test_sessions_that_a_role_may_not_see_rule_nothing_out():
    """Without pg_monitor the sessions of others look absent; absence is then no measurement."""
    seen = [replace(s, connections=Connections(12, 0, 100, hidden=11), sessions=()) for s in snapshots()]
    diagnosis = investigated(seen).diagnosis
    assert diagnosis.abstained
    assert "sessions" not in {e.pointer.source for lead in diagnosis.ruled_out for e in lead.evidence}


def test_names_nothing_on_a_healthy_stretch():
    healthy = [s for s in snapshots() if s.at < snapshots()[25].at]
    assert investigated(healthy).diagnosis is None


def test_leads_to_the_same_verdict_again():
    assert investigated(snapshots()).diagnosis == investigated(snapshots()).diagnosis

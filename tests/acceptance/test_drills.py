"""Each drill on the real stack: named right, wrong leads ruled out, and no query blamed for what is not its fault."""

import time

import pytest

from failonce.app.diagnose import diagnose_once
from failonce.app.drill import find, run_drill
from failonce.lab.world import sample_world
from failonce.model.target import Target

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(
    "drill", ["release-full-scan", "traffic-spike", "slow-application", "migration-lock", "session-leak"]
)
def test_the_verdict_is_the_truth(drill, tmp_path):
    outcome = run_drill(drill, tmp_path / "out", apply=False, brief=True, listener=lambda _: None)
    assert outcome.faults == ()


def test_one_look_at_a_database_never_seen_before_names_the_culprit():
    """With the monitoring role alone, on a database that was in trouble before anybody looked."""
    with sample_world() as world:
        find("missing-index").strike(world)
        wait_for_errors(world)
        diagnosis = diagnose_once(Target("stranger", world.watch_dsn), listener=lambda _: None)
    assert diagnosis.cause in ("missing-index", "unindexed-query")
    assert diagnosis.culprit is not None
    assert diagnosis.culprit.relations[0] == "reviews"
    assert {"application", "host"} <= {gap.source for gap in diagnosis.gaps}


def wait_for_errors(world):
    ends = time.monotonic() + 60
    while world.load_summary().errors < 10:
        assert time.monotonic() < ends, "the drill made no outage"
        time.sleep(0.5)

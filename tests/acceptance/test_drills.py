"""Each drill on the real stack: named right, wrong leads ruled out, and no query blamed for what is not its fault."""

import time

import pytest

from failonce.app.diagnose import diagnose_once
from failonce.app.drill import find, run_drill
from failonce.app.grade import grade
from failonce.app.staging import Staging
from failonce.lab.world import sample_world
from failonce.model.target import Target

pytestmark = pytest.mark.acceptance

#: The outages of the five documents failonce comes from.
SEEDS = ["missing-index", "release-full-scan", "pool-held-by-slow-query", "lock-storm", "session-leak"]


@pytest.mark.parametrize("drill", ["traffic-spike", "slow-application", "migration-lock"])
def test_the_verdict_is_the_truth(drill, tmp_path):
    outcome = run_drill(drill, tmp_path / "out", apply=False, brief=True, listener=lambda _: None)
    assert outcome.faults == ()


@pytest.mark.parametrize("drill", SEEDS)
def test_one_look_at_a_database_never_seen_before_names_the_culprit(drill):
    """With the monitoring role alone, on a database that was in trouble before anybody looked: each seed's outage."""
    truth = find(drill).TRUTH
    with sample_world(Staging(drill).setup(find(drill))) as world:
        find(drill).strike(world)
        wait_for_outage(world)
        diagnosis = diagnose_once(Target("stranger", world.watch_dsn), listener=lambda _: None)
    graded = grade(diagnosis, truth)
    # Without a baseline nobody can know that an index was there: it is missing all the same.
    assert diagnosis.cause in (truth.cause, "unindexed-query"), graded.faults
    assert not graded.false_accusation
    assert truth.culprit_relation in diagnosis.culprit.relations
    assert {"application", "host"} <= {gap.source for gap in diagnosis.gaps}


def wait_for_outage(world):
    """Until users feel it: requests fail, or wait for longer than anybody does."""
    ends = time.monotonic() + 60
    while (met := world.load_summary()).errors < 10 and (met.p95_ms or 0) < 500:
        assert time.monotonic() < ends, "the drill made no outage"
        time.sleep(1)

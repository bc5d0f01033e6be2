"""Each drill on the real stack: named right, wrong leads ruled out, and no query blamed for what is not its fault."""

import pytest

from failonce.app.drill import run_drill

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("drill", ["release-full-scan", "traffic-spike", "slow-application"])
def test_the_verdict_is_the_truth(drill, tmp_path):
    outcome = run_drill(drill, tmp_path / "out", apply=False, brief=True, listener=lambda _: None)
    assert outcome.faults == ()

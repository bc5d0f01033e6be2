"""The drills: each makes an outage that nobody can miss, and takes it back."""

import time

import pytest

from failonce import plugins
from failonce.lab.spiceshare.releases import RELEASES

DRILLS = plugins.load("failonce.lab.drills")


def await_users(world, condition, within_s):
    """Look every two seconds at what visitors met in them."""
    give_up_at = time.monotonic() + within_s
    world.load_summary()
    while True:
        time.sleep(2)
        met = world.load_summary()
        if met.n and condition(met):
            return met
        assert time.monotonic() < give_up_at, met


@pytest.mark.parametrize("name", DRILLS)
def test_what_must_be_named_hangs_together(name):
    truth = DRILLS[name].TRUTH
    assert truth.cause in truth.chain
    assert truth.chain[-1] == "slow-responses"
    assert not set(truth.chain) & set(truth.ruled_out)
    assert truth.release is None or truth.release in RELEASES


def test_two_of_four_are_decoys():
    assert [name for name, drill in DRILLS.items() if drill.TRUTH.is_decoy] == ["slow-application", "traffic-spike"]


@pytest.mark.acceptance
@pytest.mark.parametrize("name", DRILLS)
def test_it_strikes_and_is_relieved(world, name):
    """By 300 ms, not by a factor: beside other tests the healthy p95 is several times what it is alone."""
    drill = DRILLS[name]
    healthy = await_users(world, lambda met: met.errors == 0 and met.p95_ms < 150, within_s=30)
    drill.strike(world)
    try:
        await_users(world, lambda met: met.p95_ms > healthy.p95_ms + 300, within_s=30)
        if drill.TRUTH.culprit_relation:
            await_users(world, lambda met: met.errors > 0 and met.p95_ms > 1500, within_s=30)
    finally:
        drill.relieve(world)
    await_users(world, lambda met: met.errors == 0 and met.p95_ms < healthy.p95_ms + 150, within_s=30)

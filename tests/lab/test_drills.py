"""The drills' truths hang together.

Those of the seeds are struck and relieved in tests/acceptance/test_drills.py; the others were struck for their
recording, which is replayed in tests/diagnose/test_examples.py.
"""

import pytest

from failonce import plugins
from failonce.app.staging import Staging, applications
from failonce.lab.samples import sample

DRILLS = plugins.load("failonce.lab.drills")


STAGINGS = [Staging(name, application=made_for) for name, drill in DRILLS.items() for made_for in applications(drill)]
each_staging = pytest.mark.parametrize("staging", STAGINGS, ids=lambda s: f"{s.drill} on {s.application}")


def truth_of(staging):
    return staging.truth(DRILLS[staging.drill])


@each_staging
def test_what_must_be_named_hangs_together(staging):
    truth = truth_of(staging)
    assert truth.causes <= set(truth.chain)
    assert not set(truth.chain) & set(truth.ruled_out)
    symptoms = {*plugins.load("failonce.detect"), "broken-connections"}
    assert truth.is_innocent or truth.chain[-1] in symptoms


@each_staging
def test_a_release_is_one_of_its_application(staging):
    truth, releases = truth_of(staging), sample(staging.application).releases
    assert truth.release is None or truth.release in releases


def test_who_blames_nobody_names_no_culprit():
    innocents = [drill.TRUTH for drill in DRILLS.values() if drill.TRUTH.is_innocent]
    assert innocents
    assert all(truth.is_decoy and not truth.chain for truth in innocents)

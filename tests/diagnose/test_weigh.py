"""How evidence becomes a verdict."""

from datetime import UTC, datetime

import pytest

from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Evidence, Pointer, Status

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def check(holds, word="measured"):
    return Check(holds, Evidence(f"{word}.", 1.0, 2.0, "", Pointer("sessions", NOW, NOW)))


@pytest.mark.parametrize(
    ("needs", "proofs", "status"),
    [
        ([True, True], [True], Status.CONFIRMED),
        ([True], [], Status.LIKELY),
        ([True], [False], Status.LIKELY),
        ([True], [None], Status.LIKELY),
        ([True, False], [True], Status.RULED_OUT),
        ([None, False], [], Status.RULED_OUT),
        ([True, None], [True], Status.CANNOT_TELL),
        ([], [True], Status.CANNOT_TELL),
    ],
)
def test_verdict(needs, proofs, status):
    assert weigh("x", "X.", needs=[check(n) for n in needs], proofs=[check(p) for p in proofs]).status is status


def test_a_failed_proof_weighs_against_an_unknown_one_does_not():
    def confidence(*proofs):
        return weigh("x", "X.", needs=[check(True)], proofs=[check(p) for p in proofs]).confidence

    assert confidence(True, True) > confidence(True, None) > confidence(True, False) >= 0.6 > confidence(False, False)


def test_what_rules_a_cause_out_is_marked_as_against_it():
    verdict = weigh("x", "X.", needs=[check(True, "for"), check(False, "against")])
    assert [(e.statement, e.supports) for e in verdict.evidence] == [("against.", False)]


def test_the_unmeasured_is_no_evidence():
    verdict = weigh("x", "X.", needs=[check(True, "seen")], proofs=[check(None, "unseen")])
    assert [e.statement for e in verdict.evidence] == ["seen."]

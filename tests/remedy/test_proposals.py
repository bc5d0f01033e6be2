"""Each remedy is proposed for what it cures and for nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from failonce import jsontext, plugins
from failonce.model.diagnosis import Culprit, Diagnosis, Link, LinkKind
from fix_incident import missing_index_incident

FIXES = plugins.load("failonce.remedy")
CULPRIT = Culprit("alter table recipes add column servings integer", "f" * 16, ("recipes",), None, (4711,))


def diagnosis(cause, *, trigger=None):
    known = missing_index_incident().diagnosis
    chain = (Link(LinkKind.TRIGGER, trigger, "It came.", ()),) if trigger else ()
    return replace(known, cause=cause, chain=chain, culprit=CULPRIT)


@pytest.mark.parametrize(
    ("fix", "cause", "trigger"),
    [
        ("end-session", "blocking-session", None),
        ("bound-idle-transactions", "session-leak", None),
        ("roll-back-release", "session-leak", "release"),
        ("roll-back-release", "unindexed-query", "release"),
    ],
)
def test_is_proposed_for_what_it_cures(fix, cause, trigger):
    remedy = FIXES[fix].propose(diagnosis(cause, trigger=trigger), None)
    assert remedy is not None
    assert remedy.kind == fix
    assert remedy.unproven


@pytest.mark.parametrize("fix", FIXES)
@pytest.mark.parametrize("cause", ["traffic", "application", "network", "host"])
def test_nothing_is_proposed_where_it_would_not_help(fix, cause):
    assert FIXES[fix].propose(diagnosis(cause), None) is None


def test_the_session_to_end_is_the_root():
    assert FIXES["end-session"].propose(diagnosis("blocking-session"), None).sql == "SELECT pg_terminate_backend(4711)"


def test_a_lost_index_can_be_proposed_without_a_planner_and_says_that_it_is_unproven():
    recorded = Path(__file__).parents[2] / "examples" / "missing-index" / "diagnosis.json"
    remedy = FIXES["create-index"].propose(jsontext.loads(recorded.read_bytes(), Diagnosis), None)
    assert "CONCURRENTLY" in remedy.sql
    assert remedy.unproven
    assert remedy.proof is None

"""Which verdicts are named: consequences are not, and two faults at once are two."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from failonce.app.investigation import Investigation
from failonce.diagnose.naming import best, named_causes
from failonce.model.diagnosis import Culprit, Status, Verdict
from fix_incident import snapshots


class Nothing:
    """A case in which nothing is left once a culprit is explained."""

    suspect = None

    def without(self, fingerprint):
        return self


def verdict(cause, confidence=1.0, *, by=None, status=Status.CONFIRMED):
    culprit = Culprit("select ?", by, ("reviews",), None, ()) if by else None
    return Verdict(cause, status, confidence, cause, (), culprit)


def named(*verdicts, **explains):
    causes = {v.id: SimpleNamespace(EXPLAINS=explains.get(v.id, ())) for v in verdicts}
    return [v.id for v in named_causes(Nothing(), causes, verdicts)]


def test_the_surest_comes_first_and_the_unsure_not_at_all():
    assert best([verdict("a", 0.7), verdict("b", 0.9), verdict("c", 0.5, status=Status.LIKELY)]).id == "b"
    assert best([verdict("c", 0.5, status=Status.LIKELY)]) is None


def test_a_consequence_is_not_named_however_sure_it_is():
    assert named(verdict("specific", 0.7, by="q"), verdict("general", 1.0, by="q"), specific=("general",)) == [
        "specific"
    ]


def test_what_a_cause_explains_of_one_statement_it_does_not_explain_of_another():
    assert named(verdict("a", 0.9, by="q"), verdict("b", 0.8, by="r"), a=("b",)) == ["a", "b"]


def test_two_names_for_one_culprit_are_one_cause():
    assert named(verdict("a", 0.9, by="q"), verdict("b", 0.8, by="q")) == ["a"]


def test_a_cause_without_a_culprit_stands_beside_one_with():
    assert named(verdict("query", 0.9, by="q"), verdict("traffic", 0.6)) == ["query", "traffic"]


@pytest.mark.parametrize("share", [0.1, 0.4])
def test_the_load_a_culprit_leaves_unexplained_is_examined_again(share):
    rest = SimpleNamespace(suspect=SimpleNamespace(has_changed=True, share_of_all=share, fingerprint="r"))
    case = SimpleNamespace(without=lambda fingerprint: rest)
    found = {id(case): verdict("missing", by="q"), id(rest): verdict("new", by="r")}
    causes = {
        "missing": SimpleNamespace(examine=lambda of: found[id(of)]),
        "new": SimpleNamespace(examine=lambda of: found[id(of)]),
    }
    names = [v.id for v in named_causes(case, causes, [found[id(case)]])]
    assert names == (["missing", "new"] if share > 0.15 else ["missing"])


def test_a_second_cause_joins_the_first_while_the_incident_is_young(monkeypatch):
    """The verdict given first stands; what joins it is told once."""
    from failonce.app import investigation as room

    whole, joins_at = room.diagnose, snapshots()[25].at + timedelta(seconds=14)

    def diagnose(window, signals, *, detected_at):
        found = whole(window, signals, detected_at=detected_at)
        late = window.ends_at >= joins_at and not found.abstained
        return room.replace(found, also=(verdict("traffic"),)) if late else found

    monkeypatch.setattr(room, "diagnose", diagnose)
    investigation, told = Investigation(), []
    for snapshot in snapshots():
        told += [e.diagnosis.causes for e in investigation.step(snapshot) if hasattr(e, "diagnosis")]
    assert told == [{"missing-index"}, {"missing-index", "traffic"}]

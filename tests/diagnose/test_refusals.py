"""Refused statements: counted by code and object; the statement is a victim and is not blamed."""

from dataclasses import replace

from failonce.diagnose.case import Case
from failonce.diagnose.refusals import are_refused, blamed, explain_failures, is_one_object, refusals
from failonce.model.snapshot import ServerError, ServerErrors
from failonce.model.window import Window
from fix_incident import ONSET_S, QUERIES, snapshots

DENIED = ServerError("42501", 3, "reviews", QUERIES[0].fingerprint, "/recipes/:id", "v42")
OTHER = ServerError("23505", 2, None)


def case(*, before=(), during=(DENIED,), log=True):
    seen = snapshots()
    onset_at = seen[ONSET_S].at
    told = tuple(
        replace(s, errors=ServerErrors(1.0, tuple(during if s.at >= onset_at else before)) if log else None)
        for s in seen[: ONSET_S + 5]
    )
    return Case(Window(told, onset_at, {q.fingerprint: q.text for q in QUERIES}, (), ()), ())


def test_counts_what_was_refused_and_on_what():
    found = refusals(case(), ["42501"])
    assert (found.per_s, found.before_per_s, found.subject) == (3.0, 0.0, "reviews")


def test_other_codes_are_other_errors():
    assert not are_refused(case(during=(OTHER,)), ["42501"], "denied").holds
    assert is_one_object(case(during=(DENIED, OTHER)), ["42501"]).holds


def test_errors_as_frequent_as_before_are_the_usual_ones():
    assert not are_refused(case(before=(DENIED,)), ["42501"], "denied").holds


def test_an_unread_log_rules_nothing_out():
    unread = case(log=False)
    assert are_refused(unread, ["42501"], "denied").holds is None
    assert explain_failures(unread, ["42501"]).holds is None


def test_the_object_is_blamed_and_not_the_statement():
    culprit = blamed(case(), ["42501"])
    assert (culprit.query, culprit.fingerprint) == (None, None)
    assert culprit.relations == ("reviews",)
    assert culprit.release == "v42"

"""The figures: formula, n, every point; what is not known is no 0, and what contradicts itself is said."""

from dataclasses import replace

import pytest

from failonce.model.action import ActionItem, ActionKind, ActionState, Proof
from failonce.model.dossier import Moments, Origin, Severity
from failonce.model.insight import Coverage, Tally
from failonce.store import census
from failonce.store.book import Book
from fix_book import ADA, ALL, EVE, dossier, later, missing_index, note, stamp

PROOF = Proof("no-seq-scan", later(0), "red", "green")


def lasting(id, minutes, **instants):
    """An incident that begins `minutes` after noon; its instants are seconds after its onset."""
    at = {name: later(60 * minutes + seconds) for name, seconds in instants.items()}
    return dossier(id, minutes=minutes, moments=Moments(onset_at=later(60 * minutes), **at))


def figure(book, id, **span):
    return next(f for f in book.insights.read(ALL, **span).figures if f.id == id)


def test_each_figure_has_its_formula(book):
    assert {f.id: f.formula for f in book.insights.read(ALL).figures} == {
        "detect": "detected_at − onset_at",
        "acknowledge": "acknowledged_at − detected_at",
        "mitigate": "mitigated_at − onset_at",
        "recover": "recovered_at − onset_at",
    }


def test_every_incident_with_both_instants_is_a_point_and_no_other(book):
    for each in (
        lasting("i1", 0, recovered_at=600),
        lasting("i2", 10),
        lasting("i3", 20, recovered_at=60),
        lasting("i4", 30, recovered_at=-60),
        lasting("i5", 40, recovered_at=0),
    ):
        book.incidents.declare(each, stamp())
    recover = figure(book, "recover")
    assert [(p.incident_id, p.seconds) for p in recover.points] == [("i1", 600), ("i3", 60), ("i5", 0)]
    assert (recover.n, recover.unknown, recover.contradictory) == (3, 1, 1)


def test_the_distribution_is_of_values_that_occurred(book):
    for number in range(10):
        book.incidents.declare(lasting(f"i{number}", number, detected_at=2**number), stamp())
    detect = figure(book, "detect")
    assert (detect.p10, detect.p50, detect.p90) == (1, 16, 256)
    assert (figure(book, "mitigate").p50, figure(book, "mitigate").unknown) == (None, 10)


def test_a_time_is_cut_out_and_what_was_before_still_makes_a_recurrence(book):
    for number in range(3):
        book.incidents.declare(dossier(f"i{number}", minutes=number, failure=missing_index()), stamp())
    found = book.insights.read(ALL, since=later(60), until=later(120))
    assert (found.incidents, found.recurrences, found.causes) == (1, 1, (Tally("missing-index", 1),))


def test_causes_triggers_severities_are_counted_and_what_is_unknown_is_told_apart(book):
    book.incidents.declare(dossier("a", failure=missing_index(), severity=Severity.SEV1), stamp())
    book.incidents.declare(dossier("b", failure=missing_index(trigger=None)), stamp())
    book.incidents.declare(dossier("c"), stamp())
    found = book.insights.read(ALL)
    assert (found.causes, found.without_cause) == ((Tally("missing-index", 2),), 1)
    assert (found.triggers, found.severities) == ((Tally("index-dropped", 1),), (Tally("SEV1", 1),))


@pytest.fixture
def failures(book):
    """Four failures with a known cause: two of one query, two of their own; and one without a cause."""
    failure = missing_index()
    for number, kind in enumerate([failure, failure, replace(failure, fingerprint="f2"), replace(failure, cause="x")]):
        book.incidents.declare(dossier(f"i{number}", minutes=number, failure=kind), stamp())
    book.incidents.declare(dossier("i4", minutes=4), stamp())
    return book


def item(incident_id, **changes):
    return replace(
        ActionItem("a1", incident_id, "Review queries", ActionKind.PREVENT, ActionState.IMPLEMENTED), **changes
    )


def test_coverage_counts_what_a_proven_item_would_stop_today(failures):
    assert failures.insights.read(ALL).coverage == Coverage(4, 0, 0)
    failures.actions.save([item("i1"), item("i2"), item("i3", kind=ActionKind.DETECT)], stamp())
    assert failures.insights.read(ALL).coverage == Coverage(4, 0, 0)
    failures.actions.prove("i1", "a1", PROOF, stamp())
    failures.actions.prove("i3", "a1", PROOF, stamp())
    failures.actions.change("i2", "a1", stamp(ADA), revision=1, state=ActionState.VERIFIED, vouched_by="Ada")
    # i0 is of the same query as i1; that an alarm is proven for i3 stops nothing.
    assert failures.insights.read(ALL).coverage == Coverage(4, 3, 1)
    kept = failures.actions.item(ALL, "i1", "a1")
    failures.actions.change(
        "i1", "a1", stamp(ADA), revision=kept.revision, state=ActionState.EXPIRED, reason="the guard is gone"
    )
    assert failures.insights.read(ALL).coverage.stopped < 3


def test_what_changes_is_counted_anew_and_nothing_else_is_read(book, monkeypatch):
    for number in range(4):
        book.incidents.declare(lasting(f"i{number}", number, recovered_at=60), stamp())
    assert figure(book, "recover").p50 == 60
    read, rows = [], census._rows
    monkeypatch.setattr(census, "_rows", lambda connection, ids: read.append(ids) or rows(connection, ids))
    book.timeline.add("i1", note(0, "Nothing that is counted"), stamp())
    assert figure(book, "recover").n == 4
    book.incidents.change("i2", stamp(), revision=1, severity=Severity.SEV1, private_to=None)
    assert book.insights.read(ALL).severities == (Tally("SEV1", 1),)
    book.incidents.declare(lasting("i9", 9, recovered_at=30), stamp())
    assert figure(book, "recover").n == 5
    assert read == [["i2"], ["i9"]]


def test_another_process_that_writes_is_heard_and_what_becomes_private_is_gone(book, book_url):
    book.incidents.declare(lasting("i1", 1, recovered_at=60), stamp())
    assert figure(book, "recover").n == 1
    with Book.open(book_url) as other:
        other.incidents.declare(lasting("i2", 2, recovered_at=60), stamp())
    assert book.insights.read(EVE).incidents == 2
    with Book.open(book_url) as other:
        other.incidents.change("i2", stamp(), revision=1, private_to="payments")
    assert (book.insights.read(EVE).incidents, book.insights.read(ADA).incidents) == (1, 2)


def test_the_months_count_what_may_be_seen_the_last_one_to_the_end(book):
    for id, minutes, severity, circle in (
        ("i1", 0, Severity.SEV1, None),
        ("i2", 5, Severity.SEV4, None),
        ("i3", 6, Severity.SEV2, "payments"),
        ("i4", 99, None, None),
    ):
        book.incidents.declare(dossier(id, minutes=minutes, severity=severity, private_to=circle), stamp())
    starts, severe = (later(0), later(300), later(600)), (Severity.SEV1, Severity.SEV2)
    assert book.insights.months(ALL, starts, severe) == ((1, 1), (2, 1), (1, 0))
    assert book.insights.months(EVE, starts, severe) == ((1, 1), (1, 0), (1, 0))


def test_an_imported_incident_without_a_day_is_in_no_period_but_in_all_time(book):
    for each in (dossier("met", minutes=1), dossier("told", minutes=2, origin=Origin.IMPORTED, moments=Moments())):
        book.incidents.declare(each, stamp())
    assert book.insights.read(ALL).incidents == 2
    assert book.insights.read(ALL, since=later(0)).incidents == 1
    assert book.insights.months(ALL, (later(0),), ()) == ((1, 0),)

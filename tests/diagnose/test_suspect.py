"""Culprit and victim: both take more of the database, one of them does other work."""

from datetime import UTC, datetime, timedelta

from failonce.diagnose.part import Part
from failonce.diagnose.suspect import Sides, suspects
from failonce.model.snapshot import Session, Snapshot, Statement, Statements

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ONSET = START + timedelta(seconds=10)
QUERIES = {"culprit": "select * from reviews where recipe_id = ?", "victim": "select * from recipes where id = ?"}


def statement(fingerprint, *, blocks, calls=10, first_seen_at=None):
    return Statement(fingerprint, "1", calls, 10.0, calls, blocks * calls, 0, 0, 0, 0.0, 0, 0, first_seen_at)


def moment(n, *, running, work):
    sessions = tuple(
        Session(pid, "client backend", "app", "web", "active", fingerprint=f, query_age_s=0.2)
        for pid, f in enumerate(running)
    )
    return Snapshot(START + timedelta(seconds=n), sessions=sessions, statements=Statements(1.0, tuple(work)))


def parts(now, before):
    return (
        Part([moment(n, running=[], work=before) for n in range(10)]),
        Part([moment(n, running=["culprit", "victim", "victim", "victim"], work=now) for n in range(10, 15)]),
    )


def test_the_statement_whose_work_changed_comes_before_the_busier_victim():
    before, during = parts(
        [statement("culprit", blocks=13_000), statement("victim", blocks=4)],
        [statement("culprit", blocks=10), statement("victim", blocks=4)],
    )
    first, second = suspects(Sides(before, during, ONSET), QUERIES, explained=frozenset())
    assert (first.fingerprint, first.has_changed, round(first.share, 2)) == ("culprit", True, 0.25)
    assert (second.fingerprint, second.has_changed) == ("victim", False)
    assert first.relations == ("reviews",)


def test_what_is_explained_is_no_suspect_and_the_rest_is_all_there_is():
    before, during = parts(
        [statement("culprit", blocks=13_000), statement("victim", blocks=4)],
        [statement("culprit", blocks=10), statement("victim", blocks=4)],
    )
    (rest,) = suspects(Sides(before, during, ONSET), QUERIES, explained=frozenset({"culprit"}))
    assert (rest.fingerprint, rest.share, round(rest.share_of_all, 2)) == ("victim", 1.0, 0.75)


def test_a_statement_first_seen_with_the_outage_is_new():
    new = statement("culprit", blocks=13_000, first_seen_at=ONSET + timedelta(seconds=1))
    before, during = parts([new, statement("victim", blocks=4)], [statement("victim", blocks=4)])
    first, _ = suspects(Sides(before, during, ONSET), QUERIES, explained=frozenset())
    assert (first.fingerprint, first.is_new) == ("culprit", True)


def test_a_waiter_for_a_lock_is_not_at_work():
    waiting = Session(1, "client backend", "app", "web", "active", "Lock", "transactionid", fingerprint="victim")
    during = Part([Snapshot(ONSET, sessions=(waiting,))])
    assert suspects(Sides(Part([]), during, ONSET), QUERIES, explained=frozenset()) == ()
    assert during.waits == {"Lock": 1.0}


def test_a_reading_that_reaches_back_before_the_onset_is_left_out_when_another_is_there():
    late = [
        Snapshot(ONSET, statements=Statements(10.0, (statement("culprit", blocks=10, calls=100),))),
        Snapshot(
            ONSET + timedelta(seconds=2), statements=Statements(2.0, (statement("culprit", blocks=13_000, calls=4),))
        ),
    ]
    assert Part(late).statements["culprit"].blocks_per_call == 13_000
    assert Part(late[:1]).statements["culprit"].calls == 100

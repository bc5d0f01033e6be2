"""Who holds back vacuum: one old transaction, and dead rows that gather behind it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from failonce.diagnose.case import Case
from failonce.diagnose.horizon import dead_rows_stay, holder, holds_the_horizon
from failonce.model.snapshot import Session, Snapshot, TableActivity, Tables
from failonce.model.window import Window

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
REPORT = Session(
    7,
    "client backend",
    "boss",
    "report",
    "idle in transaction",
    transaction_age_s=31.0,
    horizon_age=90,
    fingerprint="r",
)
SHORT = replace(REPORT, pid=8, application="shop", state="active", transaction_age_s=0.01, horizon_age=1)


def case(*sessions, dead=90_000, live=800, tables=True):
    rows = (TableActivity("messages", 0, 0, 0, 0, 0, 0, dead, 1, 0, live_rows=live),)
    seen = tuple(
        Snapshot(START + timedelta(seconds=n), sessions=sessions, tables=Tables(1.0, rows) if tables else None)
        for n in range(5)
    )
    return Case(Window(seen, START, {"q": "select id from messages where state = ?"}), ())


@pytest.mark.parametrize(("sessions", "pid"), [((REPORT, SHORT), 7), ((SHORT,), 8), ((), None)])
def test_the_oldest_transaction_that_may_see_dead_rows_holds_them(sessions, pid):
    found = holder(case(*sessions))
    assert (found.pid if found else None) == pid


def test_short_transactions_and_those_without_a_snapshot_hold_nothing():
    assert holds_the_horizon(case(REPORT)).holds is True
    assert holds_the_horizon(case(SHORT)).holds is False
    assert holds_the_horizon(case(replace(REPORT, horizon_age=None))).holds is False


@pytest.mark.parametrize(
    ("facts", "holds"),
    [({}, True), ({"dead": 900}, False), ({"live": 50_000}, False), ({"tables": False}, None)],
)
def test_dead_rows_stay_where_there_are_far_more_of_them_than_alive(facts, holds):
    held = case(REPORT, **facts)
    assert dead_rows_stay(held, held.witness("q")).holds is holds


def test_a_bloated_table_without_an_old_transaction_is_another_cause():
    free = case(SHORT)
    assert dead_rows_stay(free, free.witness("q")).holds is False

"""Buffers that are too small, against a cache that is merely cold after a restart."""

from datetime import UTC, datetime, timedelta

import pytest

from failonce.diagnose.case import Case
from failonce.diagnose.causes import buffers_too_small
from failonce.model.catalog import Catalog, Setting
from failonce.model.diagnosis import Status
from failonce.model.snapshot import Server, Session, Snapshot, Statement, Statements
from failonce.model.window import Window

START = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
WAITING = Session(1, "client backend", "shop", "shop", "active", wait_type="IO", wait_event="DataFileRead")


def statement(name, ms, read, touched):
    return Statement(name, name, 100, 100 * ms, 100, touched, read, 0, 1000, 1.0, 1000, 1000)


def snapshot(second, ms, read, touched, started_at):
    return Snapshot(
        START + timedelta(seconds=second),
        sessions=(WAITING,) if read > 100 else (),
        statements=Statements(1.0, tuple(statement(name, ms, read, touched) for name in "ab")),
        server=Server(1.0, started_at, 0, 0, 0, 0),
    )


def case(setting="1MB", ms=20.0, read=90_000, touched=100_000):
    """Return five seconds before a restart with 256 MB, and five after it, of two statements."""
    before = [snapshot(n, 2.0, 10, touched, START) for n in range(5)]
    after = [snapshot(n, ms, read, touched, START + timedelta(seconds=5)) for n in range(5, 10)]
    catalogs = [
        (s.at, Catalog(180006, (), (), (Setting("shared_buffers", value),)))
        for s, value in ((before[0], "256MB"), (after[1], setting))
    ]
    return Case(Window((*before, *after), after[0].at, {}, tuple(catalogs), ()), ())


def test_far_too_small_buffers_are_named_with_how_often_they_were_replaced():
    verdict = buffers_too_small.examine(case())
    assert verdict.status is Status.CONFIRMED
    assert verdict.culprit is None
    assert "256MB and is 1MB" in verdict.statement
    replaced = next(e for e in verdict.evidence if e.unit == "times")
    assert replaced.value == pytest.approx(2 * 5 * 90_000 * 8192 / 2**20, rel=0.001)


@pytest.mark.parametrize(
    "facts",
    [
        # A cold cache after an ordinary restart.
        {"setting": "256MB"},
        # The same with somewhat smaller buffers, read from a slow disk until they are filled.
        {"setting": "64MB", "ms": 200.0, "read": 900, "touched": 1000},
        # They hold all that is read.
        {"read": 10},
        # What is read from outside comes as quickly.
        {"ms": 2.0},
        # Larger than before.
        {"setting": "1GB"},
    ],
)
def test_they_are_ruled_out_where_it_is_something_else(facts):
    verdict = buffers_too_small.examine(case(**facts))
    assert verdict.status is Status.RULED_OUT


def test_what_cannot_be_read_is_not_judged():
    blind = case(setting="much")
    assert buffers_too_small.examine(blind).status is Status.CANNOT_TELL

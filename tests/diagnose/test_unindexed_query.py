"""A scan that nobody watched before: an index is what it lacks only where it looks for little."""

from datetime import UTC, datetime, timedelta

import pytest

from failonce.diagnose.case import Case
from failonce.diagnose.causes import unindexed_query
from failonce.model.catalog import Catalog, Relation
from failonce.model.diagnosis import Status
from failonce.model.snapshot import Session, Snapshot, Statement, Statements
from failonce.model.window import Window

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
CATALOG = Catalog(180000, (Relation("events", 1_000_000, 20_000 * 8192),), (), ())


def looked_at(text, *, rows):
    """A database in trouble that was never seen before, at work on one statement of 20,000 blocks a call."""
    done = Statement("f", "1", 2, 4000.0, 2 * rows, 40_000, 0, 0, 0, 0.0, 0, 0)
    sessions = tuple(Session(n, "client backend", "app", "shop", "active", fingerprint="f") for n in range(5))
    seen = [
        Snapshot(START + timedelta(seconds=n), sessions=sessions, statements=Statements(1.0, (done,)), catalog=CATALOG)
        for n in range(5)
    ]
    return Case(Window(tuple(seen), START, {"f": text}, ((START, CATALOG),)), ())


def test_a_scan_that_finds_little_lacks_an_index():
    verdict = unindexed_query.examine(looked_at("select * from events where a = ?", rows=3))
    assert verdict.status in (Status.LIKELY, Status.CONFIRMED)
    assert verdict.culprit.relations == ("events",)


@pytest.mark.parametrize("text", ["insert into archive select * from events", "update events set a = ?"])
def test_a_bulk_write_is_not_accused(text):
    assert unindexed_query.examine(looked_at(text, rows=1_000_000)).status is Status.RULED_OUT

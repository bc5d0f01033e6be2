"""An index that is large for what is in it, told from one that is large."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from failonce.diagnose.case import Case
from failonce.diagnose.causes import heavier_query, index_bloat
from failonce.model.catalog import Catalog, Index
from failonce.model.diagnosis import Status
from failonce.model.snapshot import Session, Snapshot, Statement, Statements, TableActivity, Tables
from failonce.model.window import Window

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ONSET = START + timedelta(seconds=20)
QUERY = "select count(*) from vouchers where campaign = ?"
BLOCK = 8192
DEFINITION = "CREATE INDEX by_code ON public.vouchers USING btree (campaign, code)"
#: 140 entries to a page, as it was built; and 15, once others came between and went.
LEAN = Index("by_code", "vouchers", DEFINITION, True, True, entries=420_000, bytes=3_000 * BLOCK)
BLOATED = replace(LEAN, bytes=28_000 * BLOCK)
TABLE = TableActivity(
    "vouchers", 0, 0, 100, 0, 0, 0, dead_rows=0, vacuums=0, analyzes=0, live_rows=420_000, modified_rows=0
)


def _moment(second, blocks, table, sessions=()):
    work = Statement("f", "1", 10, 10.0, 10, 10 * blocks, 0, 0, 10, 10.0, 10, 10 * blocks, None, 10)
    at = START + timedelta(seconds=second)
    return Snapshot(at, sessions=sessions, statements=Statements(1.0, (work,)), tables=Tables(1.0, (table,)))


def _snapshots(table, blocks):
    busy = (Session(1, "client backend", "app", "web", "active", fingerprint="f", query_age_s=0.5),)
    healthy = [_moment(n, 900, TABLE) for n in range(20)]
    return (*healthy, *(_moment(20 + n, blocks, table, busy) for n in range(5)))


def verdict(*, was=(LEAN,), now=(BLOATED,), table=TABLE, blocks=20_000, cause=index_bloat):
    """What is said of a count that read 900 blocks and reads more, while its index went from one size to another."""
    catalogs = [(START, Catalog(180000, (), was, ())), (ONSET + timedelta(seconds=2), Catalog(180000, (), now, ()))]
    return cause.examine(Case(Window(_snapshots(table, blocks), ONSET, {"f": QUERY}, tuple(catalogs)), ()))


def test_an_index_of_nine_times_the_size_for_the_same_entries_is_bloated():
    found = verdict()
    assert found.status is Status.CONFIRMED
    assert found.statement.startswith("by_code keeps many times the pages that its entries need")
    assert "by_code has 28,000 blocks for 420,000 entries; as it was before the onset, 3,000 held as many." in [
        e.statement for e in found.evidence
    ]


@pytest.mark.parametrize(
    "index",
    [
        pytest.param(replace(LEAN, entries=3_900_000, bytes=28_000 * BLOCK), id="large, for there is much in it"),
        pytest.param(replace(LEAN, bytes=8_000 * BLOCK), id="half full"),
        pytest.param(replace(LEAN, entries=30_000, bytes=900 * BLOCK), id="bloated, but too small to matter"),
    ],
)
def test_an_index_that_is_merely_large_is_not(index):
    assert verdict(now=(index,)).status is Status.RULED_OUT


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(replace(TABLE, dead_rows=15_000), id="its rows are dead"),
        pytest.param(replace(TABLE, seq_scans=60, index_scans=40), id="it is read whole"),
        pytest.param(replace(TABLE, live_rows=900_000), id="it grew"),
    ],
)
def test_a_bloated_index_is_innocent_where_something_else_explains_the_work(table):
    assert verdict(table=table).status is Status.RULED_OUT


@pytest.mark.parametrize(
    ("was", "now"),
    [
        pytest.param((replace(LEAN, bytes=None, entries=None),), (BLOATED,), id="its size was not known"),
        pytest.param((), (BLOATED,), id="it was not there"),
        pytest.param((LEAN,), (replace(BLOATED, entries=0),), id="nobody counted what is in it"),
    ],
)
def test_without_a_size_to_hold_it_against_nothing_is_said(was, now):
    assert verdict(was=was, now=now).status is Status.CANNOT_TELL


@pytest.mark.parametrize(
    ("was", "now", "status"),
    [
        ((LEAN,), (BLOATED,), Status.RULED_OUT),
        ((LEAN,), (LEAN,), Status.LIKELY),
        ((replace(LEAN, bytes=None, entries=None),), (replace(LEAN, bytes=None, entries=None),), Status.LIKELY),
    ],
)
def test_a_query_is_not_heavier_for_no_reason_where_its_index_is_bloated(was, now, status):
    assert verdict(was=was, now=now, cause=heavier_query).status is status


def test_an_index_that_was_read_when_it_was_bloated_already_is_held_against_what_it_was_earlier():
    lately = Catalog(180000, (), (BLOATED,), ())
    known = (START, Catalog(180000, (), (LEAN,), ())), (ONSET - timedelta(seconds=1), lately)
    given = Case(Window(_snapshots(TABLE, 20_000), ONSET, {"f": QUERY}, known), ())
    assert index_bloat.examine(given).status is Status.CONFIRMED


def test_work_that_one_walk_does_not_explain_is_likely_and_no_more():
    assert verdict(blocks=90_000).status is Status.LIKELY


def test_another_index_of_the_table_does_not_hide_it():
    key = Index("vouchers_pkey", "vouchers", "", True, True, 420_000, 1_200 * BLOCK)
    found = verdict(was=(key, LEAN), now=(key, BLOATED))
    assert found.status is Status.CONFIRMED

"""How often statements are called: the list fetched row by row, the lost cache, and neither where traffic grew."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest

from failonce.diagnose import calls
from failonce.diagnose.case import Case
from failonce.diagnose.causes import cache_lost, n_plus_one
from failonce.model.diagnosis import Status
from failonce.model.snapshot import Application, Session, Snapshot, Statement, Statements
from failonce.model.window import Window

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ONSET = START + timedelta(seconds=20)
QUERIES = {"stock": "select quantity from stock where product_id = ?", "best": "select 1", "page": "select 2"}


def statement(fingerprint, called, *, blocks):
    return Statement(fingerprint, "1", called, called * blocks / 100, called, called * blocks, 0, 0, 0, 0.0, 0, 0)


def moment(second, work, requests, who="shop", busy=1):
    running = tuple(
        Session(
            n,
            "client backend",
            "app",
            "shop" if row.fingerprint == "page" else who,
            "active",
            fingerprint=row.fingerprint,
        )
        for n, row in enumerate(work)
        for _ in range(1 if row.fingerprint == "page" else busy)
    )
    served = Application(1.0, requests, 0, (0.1, inf), (requests, 0))
    return Snapshot(
        START + timedelta(seconds=second), sessions=running, statements=Statements(1.0, tuple(work)), application=served
    )


def case(before, now, *, requests=80, who="shop", busy=4):
    page = statement("page", 80, blocks=4)
    healthy = [moment(n, [page, *before], 80) for n in range(20)]
    sick = [moment(20 + n, [page, *now], requests, who, busy) for n in range(5)]
    return Case(Window((*healthy, *sick), ONSET, QUERIES), ())


ROW_BY_ROW = case([], [statement("stock", 8000, blocks=3)])
UNCACHED = case([statement("best", 1, blocks=6000)], [statement("best", 12, blocks=6000)])


def test_a_look_up_for_each_row_is_told_by_its_calls_per_request():
    verdict = n_plus_one.examine(ROW_BY_ROW)
    assert (verdict.status, verdict.culprit.relations) == (Status.LIKELY, ("stock",))
    assert cache_lost.examine(ROW_BY_ROW).status is Status.RULED_OUT


def test_the_same_work_more_often_for_the_same_requests_is_a_lost_cache():
    verdict = cache_lost.examine(UNCACHED)
    assert (verdict.status, verdict.culprit.fingerprint) == (Status.LIKELY, "best")
    assert n_plus_one.examine(UNCACHED).status is Status.RULED_OUT


@pytest.mark.parametrize("cause", [n_plus_one, cache_lost])
@pytest.mark.parametrize(
    "given",
    [
        case([statement("best", 1, blocks=6000)], [statement("best", 12, blocks=6000)], requests=960),
        case([], [statement("stock", 8000, blocks=3)], who="nightly batch"),
        case([statement("best", 10, blocks=6000)], [statement("best", 12, blocks=6000)]),
        # A restart empties the cache, and it fills again: what hurts is something else.
        case([statement("best", 1, blocks=6000)], [statement("best", 12, blocks=6000)], busy=1),
    ],
    ids=["more traffic", "somebody else", "hardly oftener", "no load to speak of"],
)
def test_neither_is_named_for_what_is_none(cause, given):
    assert cause.examine(given).status is Status.RULED_OUT


def test_without_statistics_it_cannot_be_told():
    blind = Case(Window((Snapshot(START), Snapshot(ONSET)), ONSET), ())
    assert calls.is_called_more(blind, blind.surge).holds is None
    assert n_plus_one.examine(blind).status is Status.CANNOT_TELL

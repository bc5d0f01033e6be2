"""What statements do together: loops, opposite lock orders, slow work under a lock."""

import pytest

from failonce import plugins, sqltext
from failonce.guard.case import Case, Limits
from failonce.guard.review import judge
from failonce.guard.statement import Place, Statement
from failonce.guard.suite import Execution, Suite
from failonce.structure import Structure

RULES = plugins.load("failonce.guard.suite_rules")
LIST, ONE = "select id, cook_id from recipes limit 20", "select name from cooks where id = $1"
BOTH, OTHER = "update cooks set name = $1 where id = $2", "update recipes set title = $1 where id = $2"
SLOW = "select count(*) from reviews"


def suite(*sent, slow=()):
    """Executions as (SQL, line, transaction), or (SQL, line, transaction, test)."""
    executions, cases = [], {}
    for sql, line, transaction, *test in sent:
        place = Place("pages.py", line, *(test or ["test_page"]))
        one = Statement(sql, sqltext.fingerprint(sql), (place,))
        plan = {"Node Type": "Result", "Total Cost": 50_000 if sql in slow else 8, "Plan Rows": 1}
        cases[one.fingerprint] = Case(one, Structure(), Limits(), plan)
        executions.append(Execution(one.fingerprint, place, transaction))
    return Suite(cases, tuple(executions), Limits())


def found(rule, seen):
    return [(execution.place.line, each.message) for execution, each in RULES[rule].check(seen)]


def test_a_statement_per_row_is_a_loop():
    ((line, message),) = found("n-plus-one", suite((LIST, 3, None), *[(ONE, 7, None)] * 12))
    assert (line, message) == (7, "Sent 12 times in a row from this line.")


@pytest.mark.parametrize(
    "sent",
    [
        [(LIST, 3, None), *[(ONE, 7, None)] * 9],
        [(LIST, 3, None), *[(ONE, line, None) for line in range(12)]],
        [(LIST, 3, None), *[(BOTH, 7, None)] * 12],
        [(LIST, 3, None), (ONE, 7, None)] * 12,
        [(LIST, 3, None), *[(ONE, 7, None, f"test_{n}") for n in range(12)]],
        [(ONE, 7, None)] * 12,
    ],
    ids=["few", "other lines", "writes", "a page asked for often", "other tests", "a test's own loop"],
)
def test_what_is_no_loop(sent):
    assert found("n-plus-one", suite(*sent)) == []


TWO = "select max(created_at) from reviews where recipe_id = $1"


@pytest.mark.parametrize("transaction", [None, 4])
def test_a_loop_of_several_statements_is_one(transaction):
    turn = [(ONE, 7, transaction), (TWO, 8, transaction)]
    told = found("n-plus-one", suite((LIST, 3, transaction), *turn * 10))
    assert told == [
        (7, "Sent 10 times from this line, in turn with pages.py:8."),
        (8, "Sent 10 times from this line, in turn with pages.py:7."),
    ]
    assert len(found("n-plus-one", suite((LIST, 3, 4), *[(ONE, 7, 4), (BOTH, 8, 4)] * 10))) == 1


@pytest.mark.parametrize(
    "sent",
    [
        [(LIST, 3, 1), *[(ONE, 7, 1), (TWO, 8, 1)] * 9],
        [(ONE, 7, 1), (TWO, 8, 1)] * 12,
        [(LIST, 3, None), (ONE, 7, None), (TWO, 8, None)] * 12,
        [s for n in range(12) for s in [(LIST, 3, n), (ONE, 7, n), (TWO, 8, n)]],
        [(SLOW, 1, 9), *[s for n in range(12) for s in [(ONE, 7, n), (TWO, 8, n)]]],
        [(LIST, 3, 1), *[(ONE, 7 + n, 1) if n % 2 else (TWO, 7 + n, 1) for n in range(30)]],
    ],
    ids=["few", "nothing leads to it", "a page asked for often", "in a transaction each", "a log-in before", "lines"],
)
def test_what_is_no_loop_of_several(sent):
    assert found("n-plus-one", suite(*sent)) == []


def test_opposite_orders_are_told_with_the_other_place():
    ((line, message),) = found("lock-order", suite((BOTH, 1, 1), (OTHER, 2, 1), (OTHER, 11, 2), (BOTH, 12, 2)))
    assert line == 12
    assert "Locks recipes, then cooks; pages.py:2 in test_page locks cooks, then recipes" in message


@pytest.mark.parametrize(
    "sent",
    [
        [(BOTH, 1, 1), (OTHER, 2, 1), (BOTH, 11, 2), (OTHER, 12, 2)],
        [(BOTH, 1, 1), (OTHER, 2, 1), (OTHER, 11, None), (BOTH, 12, None)],
        [(BOTH, 1, 1), (OTHER, 2, 1), (BOTH, 3, 1)],
        [(LIST, 1, 1), (BOTH, 2, 1), (BOTH, 11, 2), (LIST, 12, 2)],
    ],
    ids=["same order", "no transaction", "one transaction", "reads lock nothing"],
)
def test_what_cannot_deadlock(sent):
    assert found("lock-order", suite(*sent)) == []


def test_select_for_update_and_lock_table_lock():
    lock, update = "lock table cooks in exclusive mode", "select * from recipes where id = $1 for update"
    assert len(found("lock-order", suite((lock, 1, 1), (update, 2, 1), (update, 3, 2), (lock, 4, 2)))) == 1


def test_slow_work_under_a_lock_is_told_and_before_it_is_not():
    held = suite((BOTH, 1, 1), (SLOW, 2, 1), slow=[SLOW])
    assert found("lock-held", held) == [
        (2, "Runs at a cost of 50,000 while rows of cooks are locked since pages.py:1.")
    ]
    assert found("lock-held", suite((SLOW, 1, 1), (BOTH, 2, 1), slow=[SLOW])) == []
    assert found("lock-held", suite((BOTH, 1, 1), (SLOW, 2, 2), slow=[SLOW])) == []


def test_a_finding_has_place_statement_and_severity():
    seen = suite((LIST, 3, None), *[(ONE, 7, None)] * 12)
    ((finding,),) = (report.findings for report in judge(seen, {"n-plus-one": "error"}))
    assert (finding.severity, finding.line, finding.tests) == ("error", 7, ("test_page",))
    assert finding.statement == "select name from cooks where id = ?"
    assert judge(seen, {"n-plus-one": "off"}) == ()

"""Two transactions lock the same tables in opposite order: each may wait for the other.

What it sees
    Transactions of the suite that lock rows of two tables (UPDATE, DELETE, SELECT ... FOR UPDATE) or the tables
    themselves (LOCK TABLE), one in one order and one in the other. Where a test wraps everything in a transaction
    of its own, the outermost savepoints within it are taken for the transactions.

Why it matters
    Alone each of them is right, so no test fails. Under load two of them meet, PostgreSQL ends one after a second
    (deadlock_timeout), and until then everything that wants these rows waits.

What to do
    Lock in one order everywhere, for instance by table name, and rows by key; or lock everything first with one
    SELECT ... FOR UPDATE.

Example
    test_transfer locks accounts, then orders; test_cancel locks orders, then accounts
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from failonce.guard.case import Found
from failonce.guard.suite import Execution, Suite, locked

ID = "lock-order"
SEVERITY = "error"


def check(suite: Suite) -> Iterator[tuple[Execution, Found]]:
    """Yield each pair of tables that is locked in both orders, where the second order is first seen."""
    seen: dict[tuple[str, str], Execution] = {}
    told = set()
    for transaction in suite.transactions():
        order: dict[str, Execution] = {}
        for sent in transaction:
            for table in locked(suite.case(sent).statement.sql):
                order.setdefault(table, sent)
        for one, two in combinations(order, 2):
            seen.setdefault((one, two), order[two])
            other = seen.get((two, one))
            if other is not None and frozenset((one, two)) not in told:
                told.add(frozenset((one, two)))
                yield order[two], _found(one, two, other)


def _found(one: str, two: str, other: Execution) -> Found:
    by = f" in {other.place.test}" if other.place.test else ""
    where = f"{other.place.path}:{other.place.line}{by}"
    message = f"Locks {one}, then {two}; {where} locks {two}, then {one}: the two can deadlock."
    return Found(message, f"Lock {min(one, two)} before {max(one, two)} everywhere.")

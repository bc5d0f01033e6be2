"""A row stays locked while the same transaction runs a slow statement.

What it sees
    A transaction of the suite that locks a row (UPDATE, DELETE, SELECT ... FOR UPDATE) and afterwards runs a statement
    dearer than `slow_cost` on the twin.

Why it matters
    Everybody who wants that row waits for the slow statement as well, each with a connection in hand. The wait shows
    at the victims, and the statement at fault looks merely slow.

What to do
    Run the slow statement before the lock is taken, or after the commit.

Example
    update recipes set views = views + 1 where id = $1; then select count(*) from reviews
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount
from failonce.guard.case import Found
from failonce.guard.suite import Execution, Suite, locked

ID = "lock-held"
SEVERITY = "warning"


def check(suite: Suite) -> Iterator[tuple[Execution, Found]]:
    """Yield each slow statement that runs under a lock, once."""
    told = set()
    for transaction in suite.transactions():
        held: Execution | None = None
        for sent in transaction:
            plan = suite.case(sent).plan
            is_slow = plan is not None and plan["Total Cost"] >= suite.limits.slow_cost
            if held and is_slow and plan and sent.fingerprint not in told:
                told.add(sent.fingerprint)
                yield sent, _found(suite, held, plan["Total Cost"])
            if held is None and locked(suite.case(sent).statement.sql):
                held = sent


def _found(suite: Suite, held: Execution, cost: float) -> Found:
    tables = ", ".join(locked(suite.case(held).statement.sql))
    where = f"{held.place.path}:{held.place.line}"
    message = f"Runs at a cost of {amount(cost)} while rows of {tables} are locked since {where}."
    return Found(message, "Run it before the lock is taken, or after the commit.")

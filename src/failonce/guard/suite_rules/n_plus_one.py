"""The same statement is sent once for each row of another one's result.

What it sees
    A SELECT that one test sends ten times or more in a row (`repeats`) from the same line of code, right after another
    statement.

Why it matters
    Each is fast, so nothing shows in a list of slow statements; but a page of a hundred rows makes a hundred round
    trips and holds its connection for all of them.

What to do
    Ask for all rows at once: a join, `where id = any($1)`, or the mapper's own way (selectinload, joinedload,
    select_related, prefetch_related).

Example
    select name from cooks where id = $1, sent 20 times from pages.py:31 by test_search
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sqlglot import exp

from failonce.guard.case import Found
from failonce.guard.suite import Execution, Suite

ID = "n-plus-one"
SEVERITY = "warning"


def check(suite: Suite) -> Iterator[tuple[Execution, Found]]:
    """Yield each run of one SELECT from one line, once per statement."""
    told = set()
    previous: Execution | None = None
    for (test, fingerprint), sent in groupby(suite.executions, key=lambda e: (e.place.test, e.fingerprint)):
        first, *others = sent
        count = 1 + len(others)
        follows = previous is not None and previous.place.test == test
        previous = first
        if count < suite.limits.repeats or not follows or fingerprint in told or fingerprint not in suite.cases:
            continue
        if isinstance(suite.case(first).tree, exp.Query) and {e.place.line for e in others} == {first.place.line}:
            told.add(fingerprint)
            instead = "Ask for all rows at once: a join, where KEY = any($1), selectinload or prefetch_related."
            yield first, Found(f"Sent {count} times in a row from this line.", instead)

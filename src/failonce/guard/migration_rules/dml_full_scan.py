"""An UPDATE or DELETE of a migration goes through a whole large table, in one transaction.

What it sees
    UPDATE and DELETE whose plan on the twin walks all of a large table, or is dearer than `slow_cost`; without a plan,
    those without a WHERE.

Why it matters
    Every row it changes stays locked until it commits, minutes later. The table doubles in size, replicas fall behind,
    and if it is cancelled all of it was for nothing.

What to do
    Change some thousand rows at a time, by ranges of the key, each in a transaction of its own, outside the migration.

Example
    update reviews set rating = rating * 2;
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount
from failonce.guard.case import Case, Found
from failonce.guard.migration import Step
from failonce.guard.scans import Scan, scans
from failonce.guard.statement import statement

ID = "dml-full-scan"
SEVERITY = "error"


def check(step: Step) -> Iterator[Found]:
    """Yield a statement that changes or searches all rows."""
    if not step.text.startswith(("update", "delete")):
        return
    whole = _whole(step)
    if whole is not None:
        told = f"It goes through all of {whole.relation}, {amount(whole.table_rows)} rows, in one transaction."
        yield Found(told, "Change some thousand rows at a time, outside the migration.", whole.label)
    elif step.plan is not None and step.plan["Total Cost"] >= step.known.limits.slow_cost and step.is_on_large:
        told = f"It costs {amount(step.plan['Total Cost'])}, in one transaction."
        yield Found(told, "Change some thousand rows at a time, outside the migration.")
    elif step.plan is None and step.is_on_large and " where " not in step.text:
        yield Found(f"It changes every row of {step.table_name}, in one transaction.", "Change them in batches.")


def _whole(step: Step) -> Scan | None:
    case = Case(statement(step.sql, step.place), step.known.structure, step.known.limits, step.plan)
    found = (scan for scan in scans(case) if scan.is_whole and scan.read_rows >= step.known.limits.large_rows)
    return next((scan for scan in found if scan.relation not in step.new_tables), None)

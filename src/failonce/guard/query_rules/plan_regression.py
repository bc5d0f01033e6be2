"""The statement's plan is many times dearer than the one that was kept.

What it sees
    A plan whose cost grew by more than three times (`dearer`) what its tables grew since it was kept with
    `failonce review --keep`, and that is dearer than a tenth of `slow_cost` now. A statement that is new is compared
    with the one it takes the place of. The reason is said: an index is gone, a setting was changed, the statement has
    a new predicate, or the statistics changed.

Why it matters
    The code that sends it may not have changed at all, so nobody looks there. It worked for years, and a review that
    looks at new statements only passes it.

What to do
    Undo what the finding names: build the index again, set the setting back, give the predicate its index. If the new
    plan is meant, keep it: `failonce review --keep`.

Example
    Costs 257 times what was kept: index gone: reviews_recipe_id_created_at
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce import plantree
from failonce.amount import amount
from failonce.guard.baseline import growth, reason
from failonce.guard.case import Case, Found

ID = "plan-regression"
SEVERITY = "error"


def check(case: Case) -> Iterator[Found]:
    """Yield the regression, with its reason."""
    kept, plan = case.kept, case.plan
    if kept is None or plan is None:
        return
    cost, times = plan["Total Cost"], plan["Total Cost"] / max(kept.cost, 1.0)
    grew = growth(kept, case.structure)
    if cost < 0.1 * case.limits.slow_cost or times <= case.limits.dearer * grew:
        return
    why = reason(kept, case.statement.shown, case.structure, case.changed_settings)
    grown = f", while its tables grew {amount(grew)} times" if grew >= 1.1 else ""
    was = "; ".join(kept.reads) or "a plan without tables"
    yield Found(
        f"Costs {amount(cost)}, {amount(round(times))} times what was kept{grown}: {why}.",
        f"{_remedy(case, why)} It was planned as {was}.",
        plantree.main_reader(plan, {table.name: table.bytes for table in case.structure.tables}),
    )


def _remedy(case: Case, why: str) -> str:
    if case.advice:
        return case.advice.text
    if why.startswith("index gone"):
        return "Build the index again, or keep it."
    if why.startswith("setting"):
        return "Set it back."
    return "Give the new condition an index, or keep the new plan: failonce review --keep."

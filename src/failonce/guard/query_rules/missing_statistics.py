"""The planner does not know that values of columns come together, and takes a plan for the wrong number of rows.

What it sees
    Two to four columns of one large table that a statement compares with values, or groups by, and for which a
    statistics object (CREATE STATISTICS) was tried: only with `--sample-dsn DSN`, a staging copy or a replica in which
    it is counted how often their values come together. The counts are made in that database; no value leaves it, not
    even hashed. The object is written on the twin as ANALYZE would write it. It is told only if the estimate moves by
    ten times or more towards what was counted, another plan is taken, and today's plan, reckoned with the right number,
    costs `slow_cost` and at least twice as much as the new one.

Why it matters
    The planner multiplies: one row in 25 has this city, one in 30 this postal code, so one in 750 has both. It is one
    in 30, and the nested loop meant for a few rows runs for thousands; or a sort is planned for groups that do not
    exist.

What to do
    Create the object and run ANALYZE on the table. Neither blocks reads or writes, and writes cost nothing more.

Example
    select d.id from addresses a join deliveries d on d.address_id = a.id where a.city = $1 and a.postal_code = $2
    CREATE STATISTICS addresses_city_postal_code_stat (dependencies) ON city, postal_code FROM addresses
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce import plantree
from failonce.amount import amount
from failonce.guard.baseline import qualified
from failonce.guard.case import Case, Found
from failonce.model.correlation import DEPENDENCIES

ID = "missing-statistics"
SEVERITY = "warning"


def check(case: Case) -> Iterator[Found]:
    """Yield the statistics object that was proven."""
    advice = case.statistics
    if advice is None or advice.cost_before < case.limits.slow_cost:
        return
    asked = advice.correlation
    what = "rows" if asked.kind == DEPENDENCIES else "groups"
    columns = f"{', '.join(asked.columns[:-1])} and {asked.columns[-1]}"
    message = f"Is planned for {amount(round(advice.rows_before))} {what} of {asked.relation} where about "
    message += f"{amount(round(advice.rows_after))} come: {columns} go together."
    instead = f"{'; '.join(advice.statements)}; with the right number today's plan costs at least "
    instead += f"{advice.cost_before:,.0f}, the one then taken {advice.cost_after:,.0f}, planned on the twin. "
    instead += f"Counted in {advice.sampled:,} rows. Writes cost nothing more."
    yield Found(message, instead, _reader(case, asked.relation.replace('"', "")))


def _reader(case: Case, relation: str) -> str:
    """Return the node that reads the table, without its condition: a constant may stand in it."""
    read = (node for node in plantree.nodes(case.plan or {}) if "Relation Name" in node)
    return next((plantree.label(node) for node in read if qualified(node) == relation), "")

"""Indexes were added to the table that the culprit writes.

What it sees
    The indexes of two catalog readings, before the onset and since, on the relations the suspect writes.

Why it matters
    A migration that only adds indexes is waved through: nothing can break. Every write pays for them from that second.

What to do
    Let migrations say which statement each index is for, and measure a write before and after.

Example
    cart_events has 17 indexes, 1 before
"""

from failonce.amount import amount
from failonce.diagnose.additions import added_indexes, indexes_were_added
from failonce.diagnose.case import Case
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict

ID = "indexes-added"
LEAD = "A set of new indexes"


def examine(case: Case) -> Verdict:
    """Return whether the suspect's table got indexes about the onset."""
    added, check = added_indexes(case, case.suspect), indexes_were_added(case, case.suspect)
    on = f" on {added[0].relation}" if added else ""
    return weigh(ID, f"{amount(len(added))} indexes{on} were added{_when(case)}.", needs=[check], proofs=[check])


def _when(case: Case) -> str:
    """Return by when it must have happened: the first reading of the catalog with one of them."""
    names = {index.name for index in added_indexes(case, case.suspect)}
    seen = [at for at, catalog in case.window.catalogs if names & {index.name for index in catalog.indexes}]
    return f" by {seen[0]:%H:%M:%S} UTC" if seen else ""

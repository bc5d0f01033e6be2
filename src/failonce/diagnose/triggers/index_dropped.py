"""An index of the culprit's relation disappeared from the catalog.

What it sees
    The indexes of two catalog readings, before the onset and since, on the relations the suspects read.

Why it matters
    Dropping an index takes a millisecond and asks nobody. Whoever did it may not know to this day.

What to do
    Build it again; put the definition where migrations are tested; see in the server's log who dropped it.

Example
    reviews_recipe_id_created_at_idx on reviews was there at 14:00:10 and gone at 14:00:20
"""

from failonce.diagnose.case import Case
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict

ID = "index-dropped"
LEAD = "A dropped index"


def examine(case: Case) -> Verdict:
    """Return whether an index was dropped about the onset."""
    gone = case.dropped_indexes
    name = gone[0].name if gone else ""
    return weigh(ID, f"The index {name} was dropped {_when(case)}.", needs=[_is_gone(case)], proofs=[_is_gone(case)])


def _is_gone(case: Case) -> Check:
    if case.catalog is None or not case.was_watched:
        return Check(None)
    if not case.dropped_indexes:
        known = len(case.catalog.indexes)
        said = f"No index disappeared: {known} in the catalog, then and now."
        return Check(False, case.evidence(said, "catalog", now=known, before=known, unit="indexes"))
    index = case.dropped_indexes[0]
    said = f"The catalog listed {index.name} on {index.relation} before the onset and lists it no longer."
    return Check(True, case.evidence(said, "catalog", now="absent", before=index.definition, key=index.name))


def _when(case: Case) -> str:
    """Return by when it must have happened: the first reading of the catalog without it."""
    name = case.dropped_indexes[0].name if case.dropped_indexes else ""
    gone = [
        at for at, c in case.window.catalogs if at >= case.window.onset_at and all(i.name != name for i in c.indexes)
    ]
    return f"by {gone[0]:%H:%M:%S} UTC" if gone else "about the onset"

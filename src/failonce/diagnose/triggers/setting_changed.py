"""A server setting that steers plans, memory, locks or connections was changed.

What it sees
    The settings of two catalog readings, before the onset and since.

Why it matters
    One line of configuration changes the plan of every statement at once.

What to do
    Set it back, reload, and put the configuration under review like code.

Example
    random_page_cost was 1.1 and is 4
"""

from failonce.diagnose.case import Case
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict

ID = "setting-changed"
LEAD = "A changed server setting"


def examine(case: Case) -> Verdict:
    """Return whether a setting changed about the onset."""
    said = ", ".join(f"{name} was {old} and is {new}" for name, old, new in _changes(case))
    return weigh(ID, f"A server setting changed: {said}.", needs=[_is_changed(case)])


def _changes(case: Case) -> list[tuple[str, str, str]]:
    if case.catalog is None or case.earlier_catalog is None:
        return []
    was = {s.name: s.value for s in case.earlier_catalog.settings}
    return [(s.name, was[s.name], s.value) for s in case.catalog.settings if was.get(s.name, s.value) != s.value]


def _is_changed(case: Case) -> Check:
    if case.catalog is None or not case.was_watched:
        return Check(None)
    changes = _changes(case)
    if not changes:
        known = len(case.catalog.settings)
        said = f"No setting changed: {known} are as they were."
        return Check(False, case.evidence(said, "catalog", now=known, before=known, unit="settings"))
    name, old, new = changes[0]
    return Check(True, case.evidence(f"{name} was {old} and is {new}.", "catalog", now=new, before=old, key=name))

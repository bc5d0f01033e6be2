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
from failonce.diagnose.plans import setting_changes, told
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict

ID = "setting-changed"
LEAD = "A changed server setting"


def examine(case: Case) -> Verdict:
    """Return whether a setting changed about the onset."""
    said = ", ".join(told(setting, before) for setting, before in setting_changes(case))
    return weigh(ID, f"A setting changed: {said}.", needs=[_is_changed(case)])


def _is_changed(case: Case) -> Check:
    if case.catalog is None or not case.was_watched:
        return Check(None)
    changes = setting_changes(case)
    if not changes:
        known = len(case.catalog.settings)
        said = f"No setting changed: {known} are as they were."
        return Check(False, case.evidence(said, "catalog", now=known, before=known, unit="settings"))
    setting, before = changes[0]
    said = f"{told(setting, before)}."
    return Check(True, case.evidence(said, "catalog", now=setting.value, before=before, key=setting.name))

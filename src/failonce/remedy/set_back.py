"""Set back the settings that changed the plans, or took the memory they need.

What it sees
    A diagnosis that names a changed setting, and all that changed with it: for whom they hold, what held before.

Why it matters
    It is the smallest change there is, and undone as easily. New connections obey it: the pool must reconnect.

What to do
    Run it as a superuser, then let the application reconnect (restart it, or end its idle sessions). For a setting of
    the server itself a reload is enough, unless it is read at the start alone, as shared_buffers is.

Example
    ALTER ROLE shop RESET enable_nestloop
"""

from __future__ import annotations

import re

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence

ID = "set-back"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 1
CURES = frozenset({"plan-flip", "temp-files", "buffers-too-small"})
#: What each cause's measurements count a call, where they are not the blocks it touches.
_COUNTED = {"temp-files": "temporary blocks", "buffers-too-small": "blocks from outside"}
#: Settings that a server reads at its start alone, and those that it then derives from them.
_AT_START = frozenset({"shared_buffers"})
_DERIVED = {"wal_buffers": "shared_buffers"}
#: A change as the trigger tells it: `work_mem was 4MB and is 64kB for role shop`.
_CHANGE = re.compile(r"(\w+) was (\S+) and is (\S+?)(?: for ((?:role|database) [^,;]+?))?(?=[,;] |\.$|$)")


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that puts the setting back for whom it was changed; the others come after it."""
    first = evidence(diagnosis, "catalog") if diagnosis.cause in CURES else None
    if first is None:
        return None
    told = " ".join(link.statement for link in diagnosis.chain if link.id == "setting-changed")
    changes = _CHANGE.findall(told) or _CHANGE.findall(first.statement)
    name, before, now, scope = next((c for c in changes if c[0] == first.pointer.key), changes[0])
    said = f"Set {name} back to {before}{f' for {scope}' if scope else ''}. {_then(name, scope)}"
    others = tuple(f"Likewise: {_back(*c)}" for c in changes if c[0] != name and _DERIVED.get(c[0]) != name)
    undo = f"ALTER {_whose(scope)} SET {name} = '{now}'"
    why = f"It is proven by the {_COUNTED.get(diagnosis.cause or '', 'blocks')} per call that follow it."
    return Remedy(ID, said, _back(name, before, now, scope), undo, unproven=why, afterwards=others)


def _then(name: str, scope: str) -> str:
    """Return what makes the server obey."""
    if scope:
        return "New connections obey it: let the application reconnect."
    if name in _AT_START:
        return "Then restart the server: it is read at the start alone, and every connection breaks once more."
    return "Then: SELECT pg_reload_conf()."


def _back(name: str, before: str, _: str, scope: str) -> str:
    return f"ALTER {_whose(scope)} RESET {name}" if scope else f"ALTER SYSTEM SET {name} = '{before}'"


def _whose(scope: str) -> str:
    """Return for whom a setting holds, as SQL says it; empty is the server.

    >>> _whose("role shop in database sales")
    'ROLE shop IN DATABASE sales'
    """
    for words, keywords in (("role ", "ROLE "), (" in database ", " IN DATABASE "), ("database ", "DATABASE ")):
        scope = scope.replace(words, keywords, 1)
    return scope or "SYSTEM"

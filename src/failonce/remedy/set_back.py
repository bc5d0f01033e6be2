"""Set back the settings that changed the plans, or took the memory they need.

What it sees
    A diagnosis that names a changed setting, and all that changed with it: for whom they hold, what held before. On the
    twin the culprit is planned with the present values and with the former ones; that proves it where the plan becomes
    another one and at most half as dear.

Why it matters
    It is the smallest change there is, and undone as easily. New connections obey it: the pool must reconnect.

What to do
    Run it as a superuser, then let the application reconnect (restart it, or end its idle sessions). For a setting of
    the server itself a reload is enough, unless it is read at the start alone, as shared_buffers is. Where no plan
    proves it, the reason is told: a sort that spills may be planned alike with much memory and with little.

Example
    ALTER ROLE shop RESET enable_nestloop: cost 35,639 -> 88
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from failonce.model.diagnosis import Diagnosis
from failonce.model.errors import CannotPlan
from failonce.model.ports import Planner
from failonce.model.remedy import PlanProof, Remedy
from failonce.remedy.advice.statement import WORTH
from failonce.remedy.found import evidence

ID = "set-back"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 1
CURES = frozenset({"plan-flip", "temp-files", "buffers-too-small"})
#: Those of them that a plan may prove: there the setting took a plan away, or what a plan needs.
_PLANNED = frozenset({"plan-flip", "temp-files"})
#: What each cause's measurements count a call, where they are not the blocks it touches.
_COUNTED = {"temp-files": "temporary blocks", "buffers-too-small": "blocks from outside"}
#: Settings that a server reads at its start alone, and those that it then derives from them.
_AT_START = frozenset({"shared_buffers"})
_DERIVED = {"wal_buffers": "shared_buffers"}
#: A change as the trigger tells it: `work_mem was 4MB and is 64kB for role shop`.
_CHANGE = re.compile(r"(\w+) was (\S+) and is (\S+?)(?: for ((?:role|database) [^,;]+?))?(?=[,;] |\.$|$)")
#: What EXPLAIN says in numbers: without it, two plans that do the same read alike.
_NUMBERS = re.compile(r" +\(cost=[^)]*\)")


class Change(NamedTuple):
    """One setting, its former value and its present one, and for whom it holds; empty is the server."""

    name: str
    before: str
    now: str
    scope: str


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that puts the setting back for whom it was changed; the others come after it."""
    found = changes(diagnosis)
    if not found:
        return None
    name, before, now, scope = found[0]
    said = f"Set {name} back to {before}{f' for {scope}' if scope else ''}. {_then(name, scope)}"
    proof, why_not = _planned(diagnosis, found, planner)
    return Remedy(
        ID,
        f"{said} {_told(proof)}" if proof else said,
        _back(found[0]),
        f"ALTER {_whose(scope)} SET {name} = '{now}'",
        proof=proof,
        afterwards=tuple(f"Likewise: {_back(c)}" for c in found[1:] if _DERIVED.get(c.name) != name),
        unproven=why_not,
    )


def changes(diagnosis: Diagnosis) -> list[Change]:
    """Return the settings that changed, first the one that the cause names; none where it is about no setting."""
    first = evidence(diagnosis, "catalog") if diagnosis.cause in CURES else None
    if first is None:
        return []
    told = " ".join(link.statement for link in diagnosis.chain if link.id == "setting-changed")
    found = [Change(*change) for change in _CHANGE.findall(told) or _CHANGE.findall(first.statement)]
    return sorted(found, key=lambda change: change.name != first.pointer.key)


def asks(diagnosis: Diagnosis) -> bool:
    """Tell whether a plan may prove that the setting is to be set back."""
    return diagnosis.cause in _PLANNED and bool(changes(diagnosis))


def _planned(
    diagnosis: Diagnosis, found: Sequence[Change], planner: Planner | None
) -> tuple[PlanProof | None, str | None]:
    """Return the culprit's plans under the present and the former values, or why they prove nothing."""
    will_tell = f"the {_COUNTED.get(diagnosis.cause or '', 'blocks')} per call that follow tell"
    query = diagnosis.culprit.query if diagnosis.culprit else None
    if planner is None or query is None or diagnosis.cause not in _PLANNED:
        return None, f"It was not planned with the former value; {will_tell}."
    try:
        before = planner.plan(query, [_session(change.name, change.now) for change in found])
        after = planner.plan(query, [_session(change.name, change.before) for change in found])
    except CannotPlan as refused:
        return None, f"It could not be planned: {refused}; {will_tell}."
    costs = f"cost {before.cost:,.0f} now and {after.cost:,.0f} then"
    if _NUMBERS.sub("", before.plan) == _NUMBERS.sub("", after.plan):
        return None, f"With the former value it is planned as it is now ({before.node}, {costs}); {will_tell}."
    if after.cost > WORTH * before.cost:
        return None, f"With the former value it is planned in another way, and hardly cheaper ({costs}); {will_tell}."
    return PlanProof(before, after, planner.where), None


def _session(name: str, value: str) -> str:
    """Return SQL that sets a setting in a session, and nothing where a session may not set it."""
    told = value.replace("'", "''")
    return f"SELECT set_config(name, '{told}', false) FROM pg_settings WHERE name = '{name}' AND context = 'user'"


def _told(proof: PlanProof) -> str:
    before, after = proof.before, proof.after
    nodes = "" if before.node == after.node else f", with {after.node} instead of {before.node}"
    times = before.cost / max(after.cost, 0.01)
    return f"Planned so, its cost falls from {before.cost:,.0f} to {after.cost:,.0f}, {times:,.0f} times less{nodes}."


def _then(name: str, scope: str) -> str:
    """Return what makes the server obey."""
    if scope:
        return "New connections obey it: let the application reconnect."
    if name in _AT_START:
        return "Then restart the server: it is read at the start alone, and every connection breaks once more."
    return "Then: SELECT pg_reload_conf()."


def _back(change: Change) -> str:
    if change.scope:
        return f"ALTER {_whose(change.scope)} RESET {change.name}"
    return f"ALTER SYSTEM SET {change.name} = '{change.before}'"


def _whose(scope: str) -> str:
    """Return for whom a setting holds, as SQL says it; empty is the server.

    >>> _whose("role shop in database sales")
    'ROLE shop IN DATABASE sales'
    """
    for words, keywords in (("role ", "ROLE "), (" in database ", " IN DATABASE "), ("database ", "DATABASE ")):
        scope = scope.replace(words, keywords, 1)
    return scope or "SYSTEM"

"""Indexes that came about the onset, and what they cost whoever writes.

Read from two catalogs, as what went is (plans.py).
"""

from __future__ import annotations

import re

from failonce.amount import amount
from failonce.diagnose.case import Case, bare
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check
from failonce.model.catalog import Index

#: A statement that writes; what it reads from does not matter here.
_WRITES = re.compile(r"\b(?:insert\s+into|update|delete\s+from|merge\s+into)\s+(?:only\s+)?([\w.\"]+)", re.IGNORECASE)

#: Indexes named in a sentence.
_TOLD = 3


def written_relations(suspect: Suspect) -> frozenset[str]:
    """Return the tables that a statement writes, without their schemas."""
    return frozenset(bare(name) for name in _WRITES.findall(suspect.text or ""))


def added_indexes(case: Case, suspect: Suspect | None) -> tuple[Index, ...]:
    """Return the indexes on what the suspect writes that are in the catalog now and were not before the onset."""
    if case.catalog is None or case.earlier_catalog is None or suspect is None:
        return ()
    were = {index.name for index in case.earlier_catalog.indexes}
    written = written_relations(suspect)
    return tuple(i for i in case.catalog.indexes if i.name not in were and bare(i.relation) in written)


def unused(indexes: tuple[Index, ...]) -> tuple[Index, ...]:
    """Return those that no scan ever used and that no constraint needs."""
    return tuple(i for i in indexes if i.used is False and not i.definition.startswith("CREATE UNIQUE"))


def indexes_were_added(case: Case, suspect: Suspect | None) -> Check:
    """Ask whether the table that the suspect writes has got indexes about the onset."""
    if case.catalog is None or not case.was_watched:
        return Check(None)
    added = added_indexes(case, suspect)
    if suspect is None or not added:
        known = len(case.catalog.indexes)
        said = "No index was added to what the statement writes."
        return Check(False, case.evidence(said, "catalog", now=known, unit="indexes"))
    table, has = added[0].relation, [i for i in case.catalog.indexes if i.relation == added[0].relation]
    names = ", ".join(bare(i.name) for i in added[:_TOLD])
    names += f" and {len(added) - _TOLD} more" if len(added) > _TOLD else ""
    said = f"{table} has {amount(len(has))} indexes, {amount(len(has) - len(added))} before; new are {names}."
    proof = case.evidence(said, "catalog", now=len(has), before=len(has) - len(added), unit="indexes", key=table)
    return Check(True, proof)

"""Whether an index keeps far more pages than its entries need, by what it had for each of them before.

A B-tree gives a page back when its last entry goes, and no sooner. That an index is large says nothing: a large table
has large ones. How wide its entries are cannot be asked without the right to read the table. So it is held against
itself: against the least room that it took for an entry at any time before the onset.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount
from failonce.diagnose.case import Case, bare
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check
from failonce.model.catalog import Index
from failonce.model.snapshot import TableActivity

#: Times the room its entries need. A fresh index fills its pages to 90 %, one that is written to at random to 70 %:
#: never by that much.
_BLOATED = 3.0
_BLOCK = 8192
#: Blocks below which walking all of an index is nobody's outage (8 MB).
_LARGE = 1000
#: The part of a table's scans that may come to be whole scans without the statement's plan being another one.
_ANOTHER_PLAN = 0.2
#: The part of a call's added blocks that dead rows may be worth without being what it reads.
_LITTLE = 0.2


def index_is_bloated(case: Case, suspect: Suspect) -> Check:
    """Ask whether an index of what the statement reads takes many times the room that its entries need."""
    found = bloated_index(case, suspect)
    if found is None:
        return Check(None)
    index, needs = found
    blocks, needed = (index.bytes or 0) / _BLOCK, needs / _BLOCK
    said = f"{index.name} has {amount(blocks)} blocks for {amount(index.entries)} entries; as it was before the onset,"
    said += f" {amount(needed)} held as many."
    proof = case.evidence(said, "catalog", now=blocks, before=needed, unit="blocks", key=index.name)
    return Check(blocks >= max(_LARGE, _BLOATED * needed), proof)


def bloated_index(case: Case, suspect: Suspect) -> tuple[Index, float] | None:
    """Return the index with most room beyond what it needs, and the bytes it needs; None where no size is known."""
    return max(_sized(case, suspect), key=lambda pair: (pair[0].bytes or 0) - pair[1], default=None)


def _sized(case: Case, suspect: Suspect) -> Iterator[tuple[Index, float]]:
    if case.catalog is None or not case.was_watched:
        return
    read, lean = {bare(name) for name in suspect.relations}, _leanest(case)
    for index in case.catalog.indexes:
        if bare(index.relation) in read and index.name in lean and index.entries and index.bytes:
            yield index, index.entries * lean[index.name]


def _leanest(case: Case) -> dict[str, float]:
    """Return the fewest bytes an entry that each index took at any reading before the onset."""
    found: dict[str, float] = {}
    for index in (i for at, catalog in case.window.catalogs if at <= case.window.onset_at for i in catalog.indexes):
        if index.entries and index.bytes:
            found[index.name] = min(found.get(index.name, float("inf")), index.bytes / index.entries)
    return found


def index_carries_it(case: Case, suspect: Suspect) -> Check:
    """Ask whether what a call reads more fits into what the index has more: then one walk through it is enough."""
    found = bloated_index(case, suspect)
    if found is None or suspect.now is None or suspect.was is None:
        return Check(None)
    index, needs = found
    more, spare = suspect.now.blocks_per_call - suspect.was.blocks_per_call, ((index.bytes or 0) - needs) / _BLOCK
    said = f"A call reads {amount(more)} blocks more; {index.name} has {amount(spare)} more than its entries need."
    proof = case.evidence(said, "statements", now=more, before=spare, unit="blocks", key=suspect.fingerprint)
    return Check(more <= spare, proof)


def is_read_by_index(case: Case, suspect: Suspect) -> Check:
    """Ask whether the tables of the statement are read by their indexes as they were, and not whole."""
    read = {bare(name) for name in suspect.relations}
    shares = {name: reads for name, reads in case.during.tables.items() if bare(name) in read and reads.all_scans_per_s}
    if not shares:
        return Check(None)
    added = {name: _whole(case, name) for name in shares}
    name = max(added, key=lambda table: (added[table], table))
    now, was = case.during.tables[name], case.before.tables.get(name)
    said = f"{name} was read whole {amount(now.scans_per_s)} times a second, {amount(was.scans_per_s if was else 0.0)}"
    said += f" before, of {amount(now.all_scans_per_s)} scans a second."
    proof = case.evidence(said, "tables", now=now.scans_per_s, unit="scans/s", key=name)
    return Check(added[name] <= _ANOTHER_PLAN, proof)


def _whole(case: Case, name: str) -> float:
    """Return the part of a table's scans that are whole ones now and would not have been before."""
    now, was = case.during.tables[name], case.before.tables.get(name)
    before = was.scans_per_s / was.all_scans_per_s if was and was.all_scans_per_s else 0.0
    return now.scans_per_s / now.all_scans_per_s - before


def dead_rows_are_too_few(case: Case, suspect: Suspect) -> Check:
    """Ask whether what is dead now and was not before is too little for what a call reads more, at a block a row."""
    read = {bare(name) for name in suspect.relations}
    now, was = case.during.table_states, case.before.table_states
    added = {name: row.dead_rows - _dead(was.get(name)) for name, row in now.items() if bare(name) in read}
    if not added or suspect.now is None or suspect.was is None:
        return Check(None)
    more = suspect.now.blocks_per_call - suspect.was.blocks_per_call
    name = max(added, key=lambda table: (added[table], table))
    said = f"{name} holds {amount(now[name].dead_rows)} dead rows, {amount(_dead(was.get(name)))} before;"
    said += f" a call reads {amount(more)} blocks more."
    before = _dead(was.get(name))
    proof = case.evidence(said, "tables", now=now[name].dead_rows, before=before, unit="rows", key=name)
    return Check(added[name] <= _LITTLE * more, proof)


def _dead(state: TableActivity | None) -> int:
    return state.dead_rows if state else 0

"""A table has got so many indexes that writing to it became slow.

What it sees
    An old statement that writes, took the load and touches more blocks a call for the same number of rows; and indexes
    on the table it writes that were not there before the onset. Where no scan ever used them, the verdict is confirmed.

Why it matters
    Each index is written with each row, and with each update that it hinders from staying on its page. More WAL, more
    to vacuum, more to cache follow. Nobody looks for a slow write among the helpful changes.

What to do
    Drop the indexes that nothing uses; keep those that a constraint needs. Add an index for a question that is asked,
    one at a time, and look at what writes cost before and after.

Example
    cart_events: 17 indexes, 1 before; a call touches 19,200 blocks, 1,350 before, and takes 48 ms, 4.1 ms before
"""

from failonce.amount import amount
from failonce.diagnose.additions import added_indexes, indexes_were_added, unused
from failonce.diagnose.case import Case, bare
from failonce.diagnose.questions import is_known, is_one_statement, is_same_answer
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.catalog import Index
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "over-indexing"
LEAD = "A busy table with too many indexes"
KIND = FailureKind.SLOW_QUERY
TRIGGERS = frozenset({"indexes-added"})
#: A write that got heavier, to those who do not ask of what; its table changes all the time.
EXPLAINS = ("heavier-query", "stale-statistics", "table-bloat")
#: Times the blocks a call from which the added indexes are felt.
_MORE = 2.0


def examine(case: Case) -> Verdict:
    """Return whether writing pays for indexes that were added."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    added = added_indexes(case, suspect)
    needs = [
        is_one_statement(case),
        indexes_were_added(case, suspect),
        _touches_more(case, suspect),
        is_same_answer(case, suspect),
        is_known(case, suspect),
    ]
    proofs = [_are_unused(case, added)]
    return weigh(ID, _statement(added), needs=needs, proofs=proofs, culprit=case.culprit(suspect))


def _statement(added: tuple[Index, ...]) -> str:
    if not added:
        return LEAD
    more = f"{amount(len(added))} indexes" if len(added) > 1 else "an index"
    return f"Every row written to {bare(added[0].relation)} is written to {more} more than before."


def _touches_more(case: Case, suspect: Suspect) -> Check:
    if suspect.now is None or suspect.was is None or suspect.blocks_factor is None:
        return Check(None)
    now, was = suspect.now, suspect.was
    said = (
        f"A call touches {amount(now.blocks_per_call)} blocks, {amount(was.blocks_per_call)} before, and takes"
        f" {amount(now.ms_per_call, 'ms')}, {amount(was.ms_per_call, 'ms')} before, for {amount(now.rows_per_call)}"
        " rows."
    )
    key, blocks = suspect.fingerprint, now.blocks_per_call
    proof = case.evidence(said, "statements", now=blocks, before=was.blocks_per_call, unit="blocks/call", key=key)
    return Check(suspect.blocks_factor >= _MORE, proof)


def _are_unused(case: Case, added: tuple[Index, ...]) -> Check:
    if not added or added[0].used is None:
        return Check(None)
    idle = unused(added)
    said = f"No scan ever used {amount(len(idle))} of the {amount(len(added))} new indexes."
    value = ", ".join(i.name for i in idle)
    return Check(bool(idle), case.evidence(said, "catalog", now=value, unit="names", key=added[0].relation))

"""A statement sorts or hashes more than its memory holds, and writes it to temporary files.

What it sees
    The statement that took the load, the blocks of temporary files a call writes and reads, and what it did before.
    Where work_mem was changed, what the same calls moved under the former value is the counterfactual.

Why it matters
    The plan may use every index there is and still cost minutes: work_mem ended, and the rest goes over the disk, once
    or several times.

What to do
    Give that role or that statement more work_mem (it is taken per sort, per session: not for everybody), or let it
    sort less. Bound the damage with temp_file_limit.

Example
    4,800 temporary blocks a call (38 MB), 0 before; three sessions at work on it
"""

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.plans import setting_changes, told
from failonce.diagnose.questions import is_one_statement
from failonce.diagnose.suspect import CHANGED, Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "temp-files"
LEAD = "A sort or hash that spills to disk"
KIND = FailureKind.SLOW_QUERY
#: What reads all it sorts also reads a whole table.
EXPLAINS = ("unindexed-query", "missing-index")
#: Blocks a call from which it is more than a sort that just did not fit (8 MB).
_MANY = 1000
#: Temporary blocks from which the spill, and not the reading, is the work.
_MORE_THAN_READ = 0.25
_BLOCK_MB = 8192 / 1e6
#: How much a sort or hash may take before it spills.
_MEMORY = frozenset({"work_mem", "hash_mem_multiplier"})


def examine(case: Case) -> Verdict:
    """Return whether the added load is one statement's temporary files."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        "A statement sorts or hashes more than work_mem holds and spills it to temporary files.",
        needs=[is_one_statement(case), _spills(case, suspect)],
        proofs=[_is_its_work(case, suspect), *_memory_was_taken(case, suspect)],
        culprit=case.culprit(suspect),
    )


def _spills(case: Case, suspect: Suspect) -> Check:
    if suspect.now is None:
        return Check(None)
    now = suspect.now.temp_blocks / suspect.now.calls
    was = suspect.was.temp_blocks / suspect.was.calls if suspect.was and not suspect.is_new else 0.0
    said = (
        f"A call writes and reads {amount(now)} temporary blocks ({amount(now * _BLOCK_MB)} MB), {amount(was)} before."
    )
    proof = case.evidence(said, "statements", now=now, before=was, unit="blocks/call", key=suspect.fingerprint)
    return Check(now >= max(_MANY, CHANGED * was), proof)


def _is_its_work(case: Case, suspect: Suspect) -> Check:
    if suspect.now is None:
        return Check(None)
    temporary, read = suspect.now.temp_blocks, suspect.now.blocks
    said = f"It moved {amount(temporary)} temporary blocks and touched {amount(read)} of tables and indexes."
    proof = case.evidence(said, "statements", now=temporary, before=read, unit="blocks", key=suspect.fingerprint)
    return Check(temporary >= _MORE_THAN_READ * read, proof)


def _memory_was_taken(case: Case, suspect: Suspect) -> list[Check]:
    """Ask, where that setting changed, whether the same calls moved next to nothing under the former value."""
    change = next((c for c in setting_changes(case) if c[0].name in _MEMORY), None)
    if change is None or suspect.now is None or suspect.was is None or not case.was_watched:
        return []
    now, was = suspect.now.temp_blocks / suspect.now.calls, suspect.was.temp_blocks / suspect.was.calls
    rate_mb = _BLOCK_MB * suspect.now.temp_blocks / case.during.statement_seconds
    said = (
        f"{told(*change)}; under the former value a call moved {amount(was)} temporary blocks, now {amount(now)}:"
        f" {amount(rate_mb)} MB of temporary files a second."
    )
    proof = case.evidence(said, "catalog", now=change[0].value, before=change[1], key=change[0].name)
    return [Check(now >= CHANGED * max(was, 1.0), proof)]

"""A great part of a table was written at once about the onset.

What it sees
    Rows inserted, updated and deleted in the tables the culprit reads, since shortly before the onset, against the
    rows these tables had and against what was written before.

Why it matters
    An import, a campaign or a migration of data changes what every plan was made for, and comes without a release.

What to do
    Find out who ran it. Let bulk writes end with ANALYZE, come in portions, and be announced.

Example
    250,000 rows of messages were written in 20 s, a table of 500
"""

from datetime import timedelta

from failonce.amount import amount
from failonce.diagnose.case import Case, bare
from failonce.diagnose.part import Part
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict

ID = "bulk-write"
LEAD = "A bulk write"
#: A write this long before the onset may be what set it off.
_SHORTLY = timedelta(seconds=60)
#: Rows written, as a part of those the table has; and fewest that are a bulk.
_GREAT, _BULK = 0.2, 10_000
#: Times the rate of the baseline from which it is out of the ordinary.
_UNUSUAL = 10.0


def examine(case: Case) -> Verdict:
    """Return whether a table the culprit reads was rewritten about the onset."""
    check, name = _is_written(case)
    return weigh(ID, f"A great part of {name} was written at once about the onset.", needs=[check])


def _is_written(case: Case) -> tuple[Check, str]:
    suspect = case.suspect
    about = Part([s for s in case.window.snapshots if s.at >= case.window.onset_at - _SHORTLY])
    if suspect is None or not about.table_states or not case.was_watched:
        return Check(None), "a table"
    earlier = Part([s for s in case.window.snapshots if s.at < case.window.onset_at - _SHORTLY])
    read = {bare(name) for name in suspect.relations}
    written = {name: rows for name, rows in about.written.items() if bare(name) in read}
    name = max(written, key=lambda table: (written[table], table), default="")
    if not name:
        return Check(None), "a table"
    rows, has = written[name], about.table_states[name].live_rows
    usual = earlier.written[name] / max(len(earlier.snapshots), 1) * len(about.snapshots)
    if has is None:
        return Check(None), name
    said = f"{amount(rows)} rows of {name} were inserted, updated or deleted about the onset; {amount(has)} are alive."
    proof = case.evidence(said, "tables", now=rows, before=usual, unit="rows", key=name)
    return Check(rows >= max(_BULK, _GREAT * has, _UNUSUAL * usual), proof), name

"""The disk that holds the data is full.

What it sees
    The room left on the file system of the data directory, and errors 53100 in the server's log, where that still can
    be written.

Why it matters
    Reading goes on and writing fails here and there, wherever a table must grow by a page: it looks like a bug in some
    pages. When WAL cannot be written, the whole server stops.

What to do
    Make room: old logs and dumps, replication slots that keep WAL (pg_replication_slots). Never delete in pg_wal by
    hand.

Example
    0 bytes of 1.6 GB are free; 4 statements per second refused for want of room
"""

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.refusals import are_refused, mechanism, refusals
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "disk-full"
LEAD = "A full disk"
KIND = FailureKind.STORAGE
TRIGGERS = ()
_CODES = ("53100",)
#: Less room than one WAL segment (16 MB): nothing can grow by more than a few pages.
_NO_ROOM_BYTES = 16 * 1024 * 1024
#: The share of the requests that must fail in addition for the disk to be felt.
_FELT = 0.01


def examine(case: Case) -> Verdict:
    """Return whether the database can no longer grow."""
    statement = "The disk that holds the data is full: whatever must grow a table or an index is refused."
    refused = are_refused(case, _CODES, "no room left on the disk")
    needs = [_has_no_room(case, refused)]
    return weigh(ID, statement, needs=needs, proofs=[_is_felt(case)], chain=mechanism(case, _CODES))


def _has_no_room(case: Case, refused: Check) -> Check:
    """The log says it, or the file system does: the log may lie on the same disk."""
    if refused.holds:
        return refused
    hosts = [s.host for s in case.during.snapshots if s.host is not None and s.host.disk_free_bytes is not None]
    if not hosts:
        return refused if refusals(case, _CODES) is not None else Check(None)
    free, total = hosts[-1].disk_free_bytes or 0, hosts[-1].disk_total_bytes or 0
    said = f"{amount(free / 1e6)} MB of {amount(total / 1e9)} GB are free where the data lies."
    return Check(free < _NO_ROOM_BYTES, case.evidence(said, "host", now=free, unit="bytes"))


def _is_felt(case: Case) -> Check:
    now, was = case.during.failing, case.before.failing
    if now is None:
        return Check(None)
    said = f"{percent(now)} of the requests fail, {percent(was or 0.0)} before."
    return Check(now - (was or 0.0) >= _FELT, case.evidence(said, "application", now=now, before=was, unit="share"))

"""Who holds what others wait for: the roots of the lock queues, and how long each queue is.

A waiter is a victim, however slow it is. The root of its chain blocks and is not blocked itself; often it is idle in
transaction and takes no processor time at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from failonce.diagnose.part import Part
from failonce.model.snapshot import Session, Snapshot


@dataclass(frozen=True, slots=True)
class Root:
    """A session at the root of lock queues, over the snapshots of one part."""

    pid: int
    #: The share of the snapshots in which it blocked somebody.
    present: float
    #: How many sessions waited for it on average while it did, directly or behind others.
    waiters: float
    #: The oldest its transaction was seen, seconds.
    oldest_s: float
    #: As last seen; None when it was idle outside a transaction or could not be seen.
    session: Session | None
    #: The relation most waiters wanted.
    relation: str | None


def roots(part: Part) -> tuple[Root, ...]:
    """Return the roots of the lock queues, the longest-standing first."""
    seen: dict[int, list[tuple[Snapshot, int]]] = defaultdict(list)
    snapshots = [s for s in part.snapshots if s.sessions is not None]
    for snapshot in snapshots:
        for pid, waiters in _queues(snapshot).items():
            seen[pid].append((snapshot, waiters))
    found = [_root(pid, moments, len(snapshots)) for pid, moments in seen.items()]
    return tuple(sorted(found, key=lambda r: (-r.present, -r.waiters, r.pid)))


def _queues(snapshot: Snapshot) -> Mapping[int, int]:
    """Return for each root how many sessions wait behind it."""
    blocked_by = {s.pid: s.blocked_by for s in snapshot.sessions or () if s.blocked_by}
    return Counter(root for pid in blocked_by for root in climb(pid, blocked_by))


def climb(pid: int, blocked_by: Mapping[int, Iterable[int]]) -> set[int]:
    """Return the pids at the top of a waiter's chains; none when it is a cycle: a deadlock about to be broken."""
    tops, seen, todo = set(), {pid}, list(blocked_by[pid])
    while todo:
        above = todo.pop()
        if above in seen:
            continue
        seen.add(above)
        if above in blocked_by:
            todo.extend(blocked_by[above])
        else:
            tops.add(above)
    return tops


def _root(pid: int, moments: list[tuple[Snapshot, int]], snapshots: int) -> Root:
    sessions = [s for snapshot, _ in moments for s in snapshot.sessions or () if s.pid == pid]
    wanted = Counter(w.relation for snapshot, _ in moments for w in snapshot.lock_waits if w.relation)
    return Root(
        pid=pid,
        present=len(moments) / snapshots,
        waiters=sum(waiters for _, waiters in moments) / len(moments),
        oldest_s=max((s.transaction_age_s or 0.0 for s in sessions), default=0.0),
        session=sessions[-1] if sessions else None,
        relation=wanted.most_common(1)[0][0] if wanted else None,
    )

"""All lock waits of one side of the onset, as one queue: who heads it, what is wanted, and where it bites its tail.

A root that stays is one session's fault (locks.py). Where the head is another session in every sample, nobody holds
for long and yet all wait: then what they do at the head, and what the others want, tell more than any pid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from failonce.diagnose.part import Part
from failonce.model.snapshot import Session, Snapshot

#: A statement that a lock holder was seen at for this long is work, not the tail of a short one, seconds.
_AT_WORK_S = 0.05


@dataclass(slots=True)
class Queue:
    """The lock waits of some snapshots."""

    #: Snapshots in which sessions could be seen, and those of them in which somebody waited for a lock.
    samples: int = 0
    waited: int = 0
    #: Sessions that block and are not blocked, once for each snapshot in which they did.
    heads: list[Session] = field(default_factory=list)
    #: How many waits were for which relation, of which kind, and at which statement.
    relations: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    statements: Counter[str] = field(default_factory=Counter)
    #: Sessions that wait for each other in a circle: what each runs, and for which route where it says so.
    circles: Counter[tuple[tuple[str, str], ...]] = field(default_factory=Counter)

    @property
    def statement(self) -> str | None:
        """The statement that most waiters want to carry out."""
        return _first(self.statements)

    @property
    def relation(self) -> str | None:
        """The relation that most waiters want."""
        return _first(self.relations)

    @property
    def at_work(self) -> Counter[str]:
        """How often a head was seen at work on which statement."""
        return Counter(s.fingerprint for s in self.heads if s.fingerprint and _is_at_work(s))

    @property
    def holding(self) -> Counter[str]:
        """How often a statement was at work at the head, or stood in a circle: it holds what the others want."""
        in_circles = Counter(
            key for circle, n in self.circles.items() for key in {k for k, _ in circle} for _ in range(n)
        )
        return self.at_work + in_circles

    @property
    def fronts(self) -> int:
        """How many heads and circles were seen."""
        return len(self.heads) + self.circles.total()

    @property
    def share_at_work(self) -> float:
        """The part of the heads that were at work in the server, not waiting for their application."""
        return sum(_is_at_work(s) for s in self.heads) / len(self.heads) if self.heads else 0.0

    @property
    def longest_head_s(self) -> float:
        """The oldest transaction at the head, seconds."""
        return max((s.transaction_age_s or 0.0 for s in self.heads), default=0.0)


def queue(part: Part) -> Queue:
    """Return the queue of a part's snapshots."""
    seen = Queue()
    for snapshot in part.snapshots:
        if snapshot.sessions is not None and not (snapshot.connections and snapshot.connections.hidden):
            seen.samples += 1
            _add(seen, snapshot, snapshot.sessions)
    return seen


def _add(seen: Queue, snapshot: Snapshot, sessions: tuple[Session, ...]) -> None:
    blocked_by = {s.pid: s.blocked_by for s in sessions if s.blocked_by}
    if not blocked_by:
        return
    seen.waited += 1
    blockers = {pid for above in blocked_by.values() for pid in above}
    seen.heads += [s for s in sessions if s.pid in blockers and s.pid not in blocked_by]
    seen.statements.update(s.fingerprint for s in sessions if s.pid in blocked_by and s.fingerprint)
    seen.relations.update(w.relation for w in snapshot.lock_waits if w.relation)
    seen.kinds.update(w.lock_type for w in snapshot.lock_waits)
    circle = {pid for pid in blocked_by if pid in _above(pid, blocked_by)}
    if circle:
        paths = {(s.fingerprint, unquote(s.route or "")) for s in sessions if s.pid in circle and s.fingerprint}
        seen.circles[tuple(sorted(paths))] += 1


def _above(pid: int, blocked_by: Mapping[int, tuple[int, ...]]) -> set[int]:
    """Return everybody a session waits for, directly or behind others."""
    above: set[int] = set()
    todo = list(blocked_by[pid])
    while todo:
        other = todo.pop()
        if other not in above:
            above.add(other)
            todo.extend(blocked_by.get(other, ()))
    return above


def _is_at_work(session: Session) -> bool:
    return session.state == "active" and (session.query_age_s or 0.0) >= _AT_WORK_S


def _first(counts: Counter[str]) -> str | None:
    return min(counts, key=lambda key: (-counts[key], key), default=None)

"""Connections on one side of the onset: how many, whose, how often opened, and how many are lent and do nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import fmean, median

from failonce.diagnose.part import Part
from failonce.model.snapshot import ConnectionGroup, Connections, IdleGroup

#: Connections that may be missing to the limit when it is reached: those being opened at this instant are not listed.
_NEARLY = 2


def seen(part: Part) -> list[Connections]:
    """Return each count of the connections."""
    return [s.connections for s in part.snapshots if s.connections is not None]


def usable(connections: Connections) -> int:
    """Return how many connections ordinary roles may have."""
    return connections.limit - connections.reserved


def full(part: Part) -> float:
    """Return the share of the counts in which no further ordinary connection fitted in."""
    counts = seen(part)
    return sum(c.total >= usable(c) - _NEARLY for c in counts) / len(counts) if counts else 0.0


def most(part: Part) -> int | None:
    """Return how many connections there were at most."""
    return max((c.total for c in seen(part)), default=None)


def grown(before: Part, during: Part) -> ConnectionGroup | None:
    """Return the group that has grown most, as it was at its largest, against what it typically was.

    Typically, because connections may fill up before users notice.
    """
    totals: dict[tuple[str, str], list[int]] = defaultdict(list)
    for group in _groups(before):
        totals[_key(group)].append(group.total)
    was = {key: median(counts) for key, counts in totals.items()}
    return max(_groups(during), key=lambda g: (g.total - was.get(_key(g), 0), g.total), default=None)


def opened_per_s(part: Part) -> float | None:
    """Return how many connections were opened per second, typically: a burst at a deployment is no habit."""
    rates = [
        s.database.sessions / s.database.interval_s for s in part.snapshots if s.database and s.database.interval_s
    ]
    return median(rates) if rates else None


def usual(part: Part) -> float | None:
    """Return how many connections were open, typically."""
    counts = [c.total for c in seen(part)]
    return median(counts) if counts else None


def lent_and_idle(part: Part) -> float | None:
    """Return how many connections the pool had lent that did nothing in the database, not even hold a transaction."""
    counted = [
        s.application.pool_in_use - sum(one.kind == "client backend" for one in s.sessions)
        for s in part.snapshots
        if s.application is not None and s.application.pool_in_use is not None and s.sessions is not None
    ]
    return max(0.0, fmean(counted)) if counted else None


def idle(part: Part) -> tuple[IdleGroup, ...]:
    """Return the idle connections as last read."""
    told = [s.idle for s in part.snapshots if s.idle is not None]
    return told[-1] if told else ()


def releases_of(groups: Iterable[IdleGroup]) -> Counter[str]:
    """Return how many idle connections each release has, as far as their last statement told: a commit does not."""
    seen: Counter[str] = Counter()
    for group in groups:
        if group.release:
            seen[group.release] += group.sessions
    return seen


def _groups(part: Part) -> Iterable[ConnectionGroup]:
    return (group for counts in seen(part) for group in counts.groups)


def _key(group: ConnectionGroup) -> tuple[str, str]:
    return group.user, group.application

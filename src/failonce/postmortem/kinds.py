"""Kinds of failure, told by the words of a causal chain's links, and what is done against each: a weakness, tasks.

A new cause needs no entry: the words of its own ID and of its mechanism mostly name its kind, and what no kind fits is
met by an alert on what gave it away.
"""

from __future__ import annotations

from dataclasses import dataclass

from failonce.model.action import ActionKind
from failonce.model.diagnosis import Diagnosis, LinkKind

Task = tuple[ActionKind, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the words in a link's ID that tell it, the weakness behind it, and tasks with `{names}` to fill in."""

    words: frozenset[str]
    weakness: str
    tasks: tuple[Task, ...] = ()


def _kind(words: str, weakness: str, *tasks: Task) -> Kind:
    return Kind(frozenset(words.split()), weakness, tasks)


_PREVENT, _DETECT = ActionKind.PREVENT, ActionKind.DETECT

#: Looked through in this order: what is particular comes before what it leads to.
KINDS = (
    _kind(
        "deadlocks deadlock order-of-locks lock-order",
        "Transactions that take the same rows should all take them in one order.",
        (
            _PREVENT,
            "Let every transaction of `{target}` that changes {relation} take its rows in the order of their key.",
        ),
        (_DETECT, "Alert when `pg_stat_database.deadlocks` of `{target}` rises twice within a minute."),
    ),
    _kind(
        "index foreign-key",
        "Indexes that statements depend on should not be able to disappear, or be forgotten, unnoticed.",
    ),
    _kind("unindexed cast pruning", "A statement that no index serves should be found before it reaches production."),
    _kind(
        "pool-leak",
        "A connection that is borrowed should come back, whatever becomes of the request that borrowed it.",
        (_PREVENT, "Limit how long a request of `{target}` may keep a connection, and let the pool take it back."),
        (_DETECT, "Alert when a connection of `{target}` is borrowed and idle for longer than 30 s."),
    ),
    _kind(
        "hot-row",
        "A row that every transaction changes should not be held until each of them commits.",
        (_PREVENT, "Count into several rows of {relation}, or in batches, so that transactions do not queue for one."),
        (_DETECT, "Alert when sessions of `{target}` wait for one row for longer than 1 s; name the row."),
    ),
    _kind(
        "leak idle transaction",
        "A transaction should not be able to stay open once nobody works in it.",
        (
            _PREVENT,
            "Set `idle_in_transaction_session_timeout` for the role of `{target}`, above its longest honest pause.",
        ),
        (_DETECT, "Alert when a session of `{target}` is idle in a transaction for longer than 30 s."),
    ),
    _kind(
        "blocking lock queue",
        "No session should be able to hold a lock, or to wait for one, without limit.",
        (_PREVENT, "Run migrations of `{target}` with `lock_timeout = '2s'`, and try again later when it strikes."),
        (_DETECT, "Alert when a session of `{target}` waits for a lock for longer than 5 s; name who holds it."),
    ),
    _kind(
        "connection storm",
        "Connections should be counted and limited per service before the server's own limit is met.",
        (
            _PREVENT,
            "Give each role that connects for `{target}` a `CONNECTION LIMIT`, their sum below `max_connections`.",
        ),
        (_DETECT, "Alert when `{target}` holds more than 80 % of `max_connections` for a minute."),
    ),
    _kind(
        "plan statistics generic heavier cache n-plus-one plus",
        "The work behind a statement should not be able to grow by orders of magnitude unnoticed.",
        (
            _DETECT,
            "Keep the plan of statement `{fingerprint}` with each analyze of its tables, and alert when it changes.",
        ),
    ),
    _kind(
        "permission refused denied",
        "What a release sends should have been sent once as the application's own role before users send it.",
        (_PREVENT, "Run each new statement of `{target}` as its own role in the deployment, before it takes traffic."),
    ),
    _kind(
        "sequence",
        "Counters that can run out should be watched like disks.",
        (_DETECT, "Alert when a sequence of `{target}` has given 80 % of its numbers."),
    ),
    _kind(
        "disk temp files",
        "Disk space should run out in a report before it runs out on the server.",
        (_DETECT, "Alert when the disk of `{target}` will be full within 24 hours at the rate of the last one."),
    ),
    _kind("release", "A release should not reach production with a statement whose plan nobody has seen."),
    _kind(
        "setting",
        "Server settings should be reviewed and tested like code.",
        (_DETECT, "Alert when a value in `pg_settings` of `{target}` changes without a release."),
    ),
    _kind(
        "bloat maintenance vacuum",
        "Cleaning up should keep pace with what is changed, and be seen to.",
        (_DETECT, "Alert when more than a fifth of {relation} is dead rows."),
    ),
    _kind("restart", "A restart of the server should be announced to those whose connections it breaks."),
    _kind(
        "traffic", "Demand beyond what the service can serve should be turned away, not left to queue for everybody."
    ),
    _kind("application outside", "Requests should not be able to wait without limit inside the application."),
    _kind(
        "network", "The way between the application and its database should be watched as closely as either of them."
    ),
    _kind("host cpu", "The database should not share its machine with work that can starve it."),
)
_SCANS = frozenset({"full-scan"})


def kind_of(diagnosis: Diagnosis) -> Kind | None:
    """Return the kind of the first cause: by its own name, else by what it set going, else by what set it off."""
    named = (diagnosis.cause,) if diagnosis.cause else ()
    links = (_ids(diagnosis, kind) for kind in (LinkKind.CAUSE, LinkKind.MECHANISM, LinkKind.TRIGGER))
    for ids in (named, *links):
        for kind in KINDS:
            if any(kind.words & {id, *id.split("-")} for id in ids):
                return kind
    return None


def scans(diagnosis: Diagnosis) -> bool:
    """Tell whether statements read whole tables, so that a plan before production would have shown it."""
    links = set(_ids(diagnosis, LinkKind.MECHANISM)) | set(_ids(diagnosis, LinkKind.CAUSE))
    return bool(links & _SCANS) or any({"index", "unindexed", "inefficient"} & set(id.split("-")) for id in links)


def _ids(diagnosis: Diagnosis, kind: LinkKind) -> tuple[str, ...]:
    named = (diagnosis.cause,) if kind is LinkKind.CAUSE and diagnosis.cause else ()
    return (*(link.id for link in diagnosis.chain if link.kind is kind), *named)

"""What a person who investigates would ask for: measured facts of an incident, side by side with before, no verdict.

Each exhibit is one question and its answer in a few lines. The same facts that the causes weigh, not yet weighed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from failonce.amount import amount, percent
from failonce.diagnose.case import Case

Exhibit = Callable[[Case], Iterator[str]]
#: Statements shown.
_TOP = 5
_LONGEST = 110


def exhibits() -> Mapping[str, Exhibit]:
    """Return all exhibits by the word one asks for them with, in the order in which people ask."""
    return {
        "users": users,
        "releases": releases,
        "traffic": traffic,
        "network": network,
        "host": host,
        "pool": pool,
        "sessions": sessions,
        "statements": statements,
        "locks": locks,
        "log": log,
        "server": server,
        "schema": schema,
    }


def users(case: Case) -> Iterator[str]:
    """What users feel."""
    now_ms, was_ms = case.during.p95_ms, case.before.p95_ms
    yield f"95 % of the answers came within {amount(now_ms, 'ms')}; {amount(was_ms, 'ms')} before"
    for now in case.during.applications[-1:]:
        yield f"{now.errors} of {now.requests} requests failed in the last {amount(now.interval_s, 's')}"


def releases(case: Case) -> Iterator[str]:
    """What was deployed, and when."""
    for event in case.window.releases:
        seconds = (event.at - case.window.onset_at).total_seconds()
        side = "after" if seconds > 0 else "before"
        yield f"{event.release} known since {event.at:%H:%M:%S}, {abs(seconds):.0f} s {side} the onset"


def traffic(case: Case) -> Iterator[str]:
    """Whether more requests arrive."""
    now, was = case.during.arrivals_per_s, case.before.arrivals_per_s
    yield f"{amount(now)} requests arrived per second; {amount(was)} before"


def network(case: Case) -> Iterator[str]:
    """How far away the database is."""
    now, was = case.during.probe_ms, case.before.probe_ms
    yield f"a round trip to the database takes {amount(now, 'ms')}; {amount(was, 'ms')} before"


def host(case: Case) -> Iterator[str]:
    """What the machine does."""
    for label, share in (
        ("processors busy", lambda h: h.cpu_busy),
        ("of them by PostgreSQL", lambda h: h.cpu_database),
        ("waiting for the disk", lambda h: h.cpu_iowait),
        ("stolen", lambda h: h.cpu_steal),
    ):
        now, was = case.during.host(share), case.before.host(share)
        yield f"{label}: {_share(now)}; {_share(was)} before"


def pool(case: Case) -> Iterator[str]:
    """How full the application's connection pool is."""
    now, was = case.during, case.before
    yield f"{amount(now.pool_in_use)} of {amount(now.pool_size)} connections in use; {amount(was.pool_in_use)} before"
    yield f"{amount(now.pool_waiting)} requests waiting for one; {amount(was.pool_waiting)} before"
    yield f"{amount(now.elsewhere)} requests inside the application; {amount(was.elsewhere)} before"


def sessions(case: Case) -> Iterator[str]:
    """What the sessions do."""
    for wait, now in sorted(case.during.waits.items(), key=lambda item: -item[1]):
        was = case.before.waits.get(wait, 0.0)
        where = "on the processor" if wait == "CPU" else f"waiting for {wait}"
        yield f"active, {where}: {amount(now)}; {amount(was)} before"
    stuck = sum(case.during.stuck.values())
    yield f"idle in transaction for 2 s and more: {amount(stuck)}; {amount(sum(case.before.stuck.values()))} before"


def statements(case: Case) -> Iterator[str]:
    """Which statements are at work, and what a call of each costs."""
    busiest = sorted(case.during.load.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
    for fingerprint, load in busiest:
        earlier = case.before.load.get(fingerprint, 0.0)
        yield f"{amount(load)} sessions; {amount(earlier)} before: {_text(case, fingerprint)}"
        now, was = case.during.statements.get(fingerprint), case.before.statements.get(fingerprint)
        if now is not None:
            cost = f"{amount(now.blocks_per_call)} blocks, {amount(now.ms_per_call, 'ms')} a call"
            before = f"{amount(was.blocks_per_call)}, {amount(was.ms_per_call, 'ms')}" if was else "never seen"
            yield f"    {cost}; {before} before; under {_under(case.during.releases.get(fingerprint))}"


def locks(case: Case) -> Iterator[str]:
    """Who waits for whom."""
    found = case.roots[:_TOP]
    for root in found:
        held = f"a lock on {root.relation}" if root.relation else "a lock"
        who = f"{root.session.state}, {root.session.application}" if root.session else "not seen"
        yield f"{amount(root.waiters)} sessions wait for session {root.pid} ({who}): it holds {held}"
    if not found:
        yield "nobody waits for a lock"


def log(case: Case) -> Iterator[str]:
    """Which errors the server reports."""
    counts: Counter[str] = Counter()
    for row in (row for s in case.during.snapshots if s.errors for row in s.errors.rows):
        counts[f"{row.sqlstate or 'an error'}{f' on {row.subject}' if row.subject else ''}"] += row.count
    yield from (f"{error}: {n} times since the onset" for error, n in counts.most_common(_TOP))
    if not counts:
        read = any(s.errors is not None for s in case.during.snapshots)
        yield "no errors since the onset" if read else "the log cannot be read from here"


def server(case: Case) -> Iterator[str]:
    """What the server does by itself, and how much room it has."""
    seen = [s.server for s in case.during.snapshots if s.server is not None]
    if seen:
        yield f"it runs since {seen[-1].started_at:%Y-%m-%d %H:%M:%S}"
        checkpoints = sum(s.checkpoints_requested + s.checkpoints_timed for s in seen)
        yield f"{checkpoints} checkpoints since the onset"
    for task in dict.fromkeys(task for s in seen for task in s.tasks):
        yield f"{task.kind}{f' of {task.relation}' if task.relation else ''} under way, session {task.pid}"
    free = [s.host.disk_free_bytes for s in case.during.snapshots if s.host and s.host.disk_free_bytes is not None]
    if free:
        yield f"{amount(free[-1] / 1e6)} MB are free where the data lies"


def schema(case: Case) -> Iterator[str]:
    """Which indexes and settings are not as they were."""
    if case.catalog is None or case.earlier_catalog is None:
        return
    now, was = ({index.name for index in catalog.indexes} for catalog in (case.catalog, case.earlier_catalog))
    yield from (f"index {name} is gone" for name in sorted(was - now))
    yield from (f"index {name} is new" for name in sorted(now - was))
    earlier = {setting.name: setting.value for setting in case.earlier_catalog.settings}
    for setting in case.catalog.settings:
        if earlier.get(setting.name, setting.value) != setting.value:
            yield f"setting {setting.name} is {setting.value}; it was {earlier[setting.name]}"


def _share(value: float | None) -> str:
    return "unknown" if value is None else percent(value)


def _text(case: Case, fingerprint: str) -> str:
    text = " ".join((case.window.queries.get(fingerprint) or fingerprint).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _under(seen: Counter[str] | None) -> str:
    return ", ".join(sorted(seen)) if seen else "no known release"

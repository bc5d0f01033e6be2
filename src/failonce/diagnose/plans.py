"""Questions about what a statement's plan and work depend on: indexes, settings, statistics, dead rows, its own form.

A statement that does many times the work of yesterday has a reason among these or in its data. Each is measured on its
own, so that the causes that stand for them exclude each other, and the one without a known reason needs all of them to
be as they were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from failonce.amount import amount, percent
from failonce.diagnose.case import Case, bare
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check
from failonce.model.catalog import Index, Setting
from failonce.model.snapshot import TableActivity

#: Rows written since statistics were gathered, as a part of those alive: twice what autovacuum itself takes for reason
#: enough to gather them anew (autovacuum_analyze_scale_factor is 0.1).
_OUTDATED = 0.2
#: Dead rows per row alive from which most of what is read is dead.
_DEAD = 1.0
#: Times as many rows from which a table has grown, and not just gone on growing.
_GROWN = 2.0
#: Rows below which a table's statistics and dead rows are nobody's outage.
_FEW = 10_000
#: The share of a statement's calls that come under an id that was unknown before.
_ANOTHER = 0.8
#: Plans per call: of a statement that is planned each time, and of one that some calls run without: a prepared one,
#: whose connections pass to a plan for any value one after the other, each after five runs.
_PLANNED, _PREPARED = 0.95, 0.8
#: Settings that plans depend on (the manual's section 19.7, and memory).
_STEERS_PLANS = re.compile(
    r"^(enable_\w+|\w+_cost|effective_cache_size|effective_io_concurrency|work_mem|hash_mem_multiplier|jit|geqo"
    r"|geqo_threshold|(from|join)_collapse_limit|plan_cache_mode|max_parallel_workers(_per_gather)?"
    r"|default_statistics_target)$"
)


#: What is asked of a table: as it is, and as it was.
_Question = Callable[[Case, TableActivity, TableActivity | None], Check]


def index_is_gone(case: Case) -> Check:
    """Ask whether an index of what the suspects read disappeared."""
    gone = case.dropped_indexes
    if case.catalog is None or not case.was_watched:
        return Check(None)
    if not gone:
        known = len(case.catalog.indexes)
        return Check(False, case.evidence(f"No index disappeared: {known} before and after.", "catalog", now=known))
    index = gone[0]
    said = f"The index {index.name} on {index.relation} was in the catalog before the onset and is gone."
    return Check(True, case.evidence(said, "catalog", now="absent", before=index.definition, key=index.name))


def reordered_index(case: Case) -> tuple[Index, Index] | None:
    """Return an index that went and one on the same columns, in another order, that is there; None if there is none."""
    for gone in case.dropped_indexes:
        for index in case.catalog.indexes if case.catalog else ():
            same = bare(index.relation) == bare(gone.relation) and sorted(columns(index)) == sorted(columns(gone))
            if same and columns(index) != columns(gone) and index.valid:
                return gone, index
    return None


def columns(index: Index) -> tuple[str, ...]:
    """Return an index's columns in order, without direction.

    >>> columns(Index("i", "t", "CREATE INDEX i ON public.t USING btree (a, b DESC) WHERE (c > 0)", True))
    ('a', 'b')
    """
    inside = re.search(r"USING \w+ \((.*?)\)(?: INCLUDE | NULLS | WITH | WHERE |$)", index.definition)
    return tuple(part.strip().split(" ")[0] for part in inside[1].split(",")) if inside else ()


def setting_changes(case: Case) -> list[tuple[Setting, str]]:
    """Return the settings that changed, each with what held before."""
    if case.catalog is None or case.earlier_catalog is None:
        return []
    was = {(s.scope, s.name): s.value for s in case.earlier_catalog.settings}
    server = {s.name: s.value for s in case.earlier_catalog.settings if not s.scope}
    now = {(s.scope, s.name) for s in case.catalog.settings}
    changed = [
        (s, before)
        for s in case.catalog.settings
        if (before := was.get((s.scope, s.name), server.get(s.name, s.value))) != s.value
    ]
    lifted = [s for s in case.earlier_catalog.settings if s.scope and (s.scope, s.name) not in now]
    return [*changed, *((Setting(s.name, server.get(s.name, ""), s.scope), s.value) for s in lifted)]


def plan_setting_changed(case: Case) -> Check:
    """Ask whether a setting changed that plans depend on."""
    if case.catalog is None or not case.was_watched:
        return Check(None)
    changes = [(s, before) for s, before in setting_changes(case) if _STEERS_PLANS.match(s.name)]
    if not changes:
        known = sum(bool(_STEERS_PLANS.match(s.name)) for s in case.catalog.settings)
        said = f"The {known} settings that plans depend on are as they were."
        return Check(False, case.evidence(said, "catalog", now=known, before=known, unit="settings"))
    setting, before = changes[0]
    more = f", and {len(changes) - 1} more" if len(changes) > 1 else ""
    said = f"{told(setting, before)}{more}."
    return Check(True, case.evidence(said, "catalog", now=setting.value, before=before, key=setting.name))


def told(setting: Setting, before: str) -> str:
    """Return a change of a setting as words.

    >>> told(Setting("work_mem", "64kB", "role shop"), "4MB")
    'work_mem was 4MB and is 64kB for role shop'
    """
    return f"{setting.name} was {before} and is {setting.value}{f' for {setting.scope}' if setting.scope else ''}"


def statistics_are_outdated(case: Case, suspect: Suspect) -> Check:
    """Ask whether a great part of a table's rows was written since its statistics were gathered."""
    return _worst(case, suspect, _outdated)


def rows_are_dead(case: Case, suspect: Suspect) -> Check:
    """Ask whether a table held more dead rows than rows alive at any time since the onset."""
    return _worst(case, suspect, _dead, told=case.during.most_dead)


def relation_grew(case: Case, suspect: Suspect) -> Check:
    """Ask whether a table has many times the rows it had."""
    return _worst(case, suspect, _grown)


def _worst(case: Case, suspect: Suspect, ask: _Question, told: Mapping[str, TableActivity] | None = None) -> Check:
    """Ask about each table of the suspect; what holds for one holds, what is known of none is not known."""
    now, was = told or case.during.table_states, case.before.table_states
    found = [ask(case, state, was.get(name)) for name, state in now.items() if _is_read(name, suspect)]
    known = [check for check in found if check.holds is not None]
    return max(known, key=lambda check: (bool(check.holds), _size(check)), default=Check(None))


def _is_read(name: str, suspect: Suspect) -> bool:
    return bare(name) in {bare(relation) for relation in suspect.relations}


def _size(check: Check) -> float:
    value = check.evidence.value if check.evidence else None
    return value if isinstance(value, float | int) else 0.0


def _outdated(case: Case, now: TableActivity, was: TableActivity | None) -> Check:
    if now.modified_rows is None or now.live_rows is None:
        return Check(None)
    share = now.modified_rows / max(now.live_rows, 1)
    before = was.modified_rows if was else None
    said = (
        f"{amount(now.modified_rows)} rows of {now.relation} were written since its statistics were gathered,"
        f" {percent(share)} of {amount(now.live_rows)}."
    )
    proof = case.evidence(said, "tables", now=now.modified_rows, before=before, unit="rows", key=now.relation)
    # Written lately, for the most part: what was outdated all along set nothing off.
    lately = before is None or now.modified_rows >= _GROWN * before
    return Check(now.modified_rows >= _FEW and share >= _OUTDATED and lately, proof)


def _dead(case: Case, now: TableActivity, was: TableActivity | None) -> Check:
    if now.live_rows is None:
        return Check(None)
    before = was.dead_rows if was else None
    said = f"{now.relation} holds {amount(now.dead_rows)} dead rows beside {amount(now.live_rows)} alive"
    said += f"; {amount(before)} were dead before." if before is not None else "."
    proof = case.evidence(said, "tables", now=now.dead_rows, before=before, unit="rows", key=now.relation)
    more = before is None or now.dead_rows >= _GROWN * before
    return Check(now.dead_rows >= max(_FEW, _DEAD * now.live_rows) and more, proof)


def _grown(case: Case, now: TableActivity, was: TableActivity | None) -> Check:
    if now.live_rows is None or was is None or was.live_rows is None:
        return Check(None)
    said = f"{now.relation} has {amount(now.live_rows)} rows, {amount(was.live_rows)} before."
    proof = case.evidence(said, "tables", now=now.live_rows, before=was.live_rows, unit="rows", key=now.relation)
    return Check(now.live_rows >= max(_FEW, _GROWN * was.live_rows), proof)


def is_another_statement(case: Case, suspect: Suspect) -> Check:
    """Ask whether the same text comes to the server as another statement: with parameters of another type."""
    now, was = case.during.query_ids.get(suspect.fingerprint), case.before.query_ids.get(suspect.fingerprint)
    if not now or not was:
        return Check(None)
    new = sum(calls for query_id, calls in now.items() if query_id not in was) / now.total()
    said = f"{percent(new)} of its calls are another statement to the server, with the same text and another query id."
    proof = case.evidence(
        said, "statements", now=now.most_common(1)[0][0], before=was.most_common(1)[0][0], key=suspect.fingerprint
    )
    return Check(new >= _ANOTHER, proof)


def is_planned_no_more(case: Case, suspect: Suspect) -> Check:
    """Ask whether a statement that was planned at each call now runs with a plan made once."""
    if suspect.now is None or suspect.was is None or not suspect.was.plans:
        return Check(None)
    now, was = suspect.now.plans / suspect.now.calls, suspect.was.plans / suspect.was.calls
    said = f"It was planned {amount(was)} times a call and is planned {amount(now)} times a call now."
    proof = case.evidence(said, "statements", now=now, before=was, unit="plans/call", key=suspect.fingerprint)
    return Check(was >= _PLANNED and now <= _PREPARED, proof)


def is_explained(case: Case, suspect: Suspect) -> bool:
    """Tell whether anything that is not the application's is measured to have changed the statement's work."""
    reasons = (
        index_is_gone(case),
        plan_setting_changed(case),
        statistics_are_outdated(case, suspect),
        rows_are_dead(case, suspect),
        relation_grew(case, suspect),
    )
    return any(reason.holds for reason in reasons)

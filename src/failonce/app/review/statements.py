"""Review statements: plan each on the twin, ask what would help the dear ones, and hold all to the rules."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from failonce import jsontext, sqltext
from failonce.app.review.correlations import Correlator
from failonce.app.review.options import ReviewOptions
from failonce.app.review.rewrites import Rewriter, deep_offset
from failonce.app.review.twins import Planning, open_planning
from failonce.guard import review
from failonce.guard.baseline import Baseline, KeptPlan, keep, replaced
from failonce.guard.case import Case, Plan
from failonce.guard.statement import Place, Statement
from failonce.guard.suite import Execution, Suite
from failonce.model.errors import UsageError
from failonce.model.finding import Report
from failonce.structure import Structure

#: Statements for which an index is looked for, the dearest first: each takes a good tenth of a second.
_MOST_ADVISED = 20
#: Statements that indexes are looked for together, those that cost most in all their calls.
_MOST_TOGETHER = 50
#: What a planner makes plans for.
_PLANNED = ("select", "insert", "update", "delete", "merge", "values", "with", "table", "(")


@dataclass(frozen=True, slots=True)
class Sources:
    """What is to be reviewed, and notes on reading it, by path."""

    statements: tuple[Statement, ...]
    executions: tuple[Execution, ...] = ()
    #: Sendings that are not reviewed: the tests' own.
    passed_over: int = 0
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Rows that each table gains a day; empty where nobody counted.
    growth: Mapping[str, float] = field(default_factory=dict)
    #: The files, by path, that hold statements no planner plans: DDL among them.
    schema_changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """Indexes for many statements within a budget; costs are the planner's, times the calls."""

    ddl: tuple[str, ...]
    #: How many statements they were chosen for.
    statements: int
    bytes: int
    budget: int
    cost_before: float
    cost_after: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a review."""

    reports: tuple[Report, ...]
    #: What was looked at, in words.
    told: str
    statements: int
    seconds: float
    #: Indexes for all of them, if a budget was given.
    together: Together | None = None

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(report.errors for report in self.reports)


def review_statements(sources: Sources, options: ReviewOptions) -> Outcome:
    """Plan the statements on the twin and hold them to the rules. Raises CannotLook, UsageError, LabFailed."""
    started = time.perf_counter()
    read = {each.fingerprint: sqltext.relations(each.sql) for each in sources.statements if is_planned(each.sql)}
    statements = [each for each in sources.statements if each.fingerprint in read]
    relations = sorted({name for names in read.values() for name in names})
    baseline = Baseline() if options.keep else kept_plans(options)
    with open_planning(options, relations) as planning:
        plans, refused = planning.plan(statements)
        structure = planning.structure
        cases = {
            case.statement.fingerprint: replace(case, growth=sources.growth)
            for case in _cases(statements, plans, structure, options, baseline)
        }
        cases |= {c.statement.fingerprint: replace(c, advice=planning.advise(c)) for c in _dear(cases.values())}
        cases |= _rewritten(planning, cases.values(), refused)
        if options.sample_dsn:
            cases |= Correlator(planning, options.sample_dsn).look_at(cases.values(), refused)
        together = _together(planning, cases.values(), options.budget)
    if options.keep:
        _write(options, cases.values(), structure)
    suite = Suite(cases, sources.executions, options.limits)
    reports = _noted(review.judge(suite, options.severities), {**sources.notes}, refused)
    seconds = time.perf_counter() - started
    plural = "" if len(statements) == 1 else "s"
    told = f"{len(statements)} statement{plural} planned on the twin in {seconds:.1f} s"
    if sources.passed_over:
        told += f"; {sources.passed_over} sent by the tests themselves were passed over"
    if options.keep:
        told += f", {len(plans)} plans kept in {options.baseline}"
    return Outcome(reports, told, len(statements), seconds, together)


def is_planned(sql: str) -> bool:
    """Tell whether a statement is one that a planner makes a plan for."""
    return sqltext.after_comments(sql)[:8].lower().startswith(_PLANNED)


def _cases(
    statements: Sequence[Statement],
    plans: Mapping[str, Plan],
    structure: Structure,
    options: ReviewOptions,
    baseline: Baseline,
) -> Iterator[Case]:
    sent = {each.fingerprint for each in statements}
    gone = [kept for fingerprint, kept in baseline.plans.items() if fingerprint not in sent]
    changed = tuple(name for name, value in baseline.settings.items() if structure.settings.get(name, value) != value)
    for each in statements:
        plan = plans.get(each.fingerprint)
        kept: KeptPlan | None = None
        if plan is not None and not options.keep and baseline.plans:
            kept = baseline.plans.get(each.fingerprint) or replaced(each.shown, gone)
        yield Case(each, structure, options.limits, plan, None, kept, changed)


def _rewritten(planning: Planning, cases: Iterable[Case], notes: list[tuple[Place, str]]) -> dict[str, Case]:
    """Return the cases that may be written cheaper; note what could not be tried."""
    asked = [(case.plan["Total Cost"], case) for case in cases if case.plan is not None]
    found = {}
    with Rewriter(planning) as rewriter:
        for _, case in sorted(asked, key=lambda pair: (deep_offset(pair[1]) is None, -pair[0]))[:_MOST_ADVISED]:
            rewrite, why = rewriter.best(case)
            if rewrite is not None:
                found[case.statement.fingerprint] = replace(case, rewrite=rewrite)
            elif why:
                notes.append((case.statement.places[0], why))
    return found


def _dear(cases: Iterable[Case]) -> Iterator[Case]:
    """Yield the cases for which an index may be worth looking for, the dearest first."""
    asked = [(case.plan["Total Cost"], case) for case in cases if case.plan and not review.is_cheap(case)]
    yield from (case for _, case in sorted(asked, key=lambda pair: -pair[0])[:_MOST_ADVISED])


def _together(planning: Planning, cases: Iterable[Case], budget: int | None) -> Together | None:
    """Return the indexes for all statements together, if there is a budget for them."""
    if budget is None:
        return None
    asked = [((c.statement.calls or 1) * c.plan["Total Cost"], c.statement) for c in cases if c.plan]
    dear = [statement for _, statement in sorted(asked, key=lambda pair: -pair[0])[:_MOST_TOGETHER]]
    found = planning.together(dear, budget)
    return Together(found.statements, len(dear), found.bytes, budget, found.cost_before, found.cost_after)


def kept_plans(options: ReviewOptions) -> Baseline:
    """Return the plans kept; none when there is no such file."""
    if options.baseline is None or not options.baseline.exists():
        return Baseline()
    try:
        return jsontext.loads(options.baseline.read_bytes(), Baseline)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise UsageError(
            f"{options.baseline} holds no plans: {problem}.", hint="Make it again: failonce review --keep ..."
        ) from None


def _write(options: ReviewOptions, cases: Iterable[Case], structure: Structure) -> None:
    kept = {c.statement.fingerprint: keep(c.statement.shown, c.plan, structure) for c in cases if c.plan is not None}
    assert options.baseline is not None, "both commands name a file"
    jsontext.write(options.baseline, Baseline(dict(sorted(kept.items())), dict(sorted(structure.settings.items()))))


def _noted(
    reports: Sequence[Report], notes: dict[str, tuple[str, ...]], refused: Sequence[tuple[Place, str]]
) -> tuple[Report, ...]:
    """Return the reports with the notes on their files."""
    for place, said in refused:
        reason = f"Line {place.line}: {said}"
        notes[place.path] = (*notes.get(place.path, ()), reason)
    by_path = {report.path: report for report in reports}
    for path, told in notes.items():
        by_path[path] = replace(by_path.get(path) or Report(path, ()), notes=told)
    return tuple(by_path[path] for path in sorted(by_path))

"""Review files of SQL: the statements that are planned, and those that change the schema as a migration's would be."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from failonce.app.review.files import read_sql
from failonce.app.review.migrations import review_schema_changes
from failonce.app.review.options import ReviewOptions
from failonce.app.review.statements import Outcome, review_statements
from failonce.model.finding import Report


def review_queries(paths: Sequence[Path], options: ReviewOptions) -> Outcome:
    """Review files and folders of SQL. Raises NotFound, CannotLook, UsageError, LabFailed."""
    sources = read_sql(paths)
    if not sources.statements and sources.schema_changes:
        notes = tuple(Report(path, (), notes=said) for path, said in sources.notes.items())
        outcome = Outcome(notes, "no statement to plan", 0, 0.0)
    else:
        outcome = review_statements(sources, options)
    if not sources.schema_changes:
        return outcome
    started = time.perf_counter()
    changed = review_schema_changes(sources.schema_changes, options)
    seconds = time.perf_counter() - started
    plural = "" if len(changed) == 1 else "s"
    told = f"{outcome.told}; the DDL of {len(changed)} file{plural} held against production's sizes in {seconds:.1f} s"
    reports = _together((*outcome.reports, *changed))
    return replace(outcome, reports=reports, told=told, seconds=outcome.seconds + seconds)


def _together(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return one report for each file, its findings in the order of its lines."""
    by_path: dict[str, Report] = {}
    for report in reports:
        known = by_path.get(report.path, Report(report.path, ()))
        findings = sorted((*known.findings, *report.findings), key=lambda found: (found.line, found.rule))
        by_path[report.path] = replace(known, findings=tuple(findings), notes=(*known.notes, *report.notes))
    return tuple(by_path[path] for path in sorted(by_path))

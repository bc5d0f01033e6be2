"""Review migrations: ours for what only production's sizes and statements tell, squawk's general rules for the rest."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from failonce import plugins, sqltext
from failonce.app.review.files import changes_schema, walk
from failonce.app.review.options import MIGRATION_RULES, ReviewOptions
from failonce.app.review.statements import Outcome, kept_plans
from failonce.app.review.twins import Planning, open_planning
from failonce.guard import squawk
from failonce.guard.frameworks import alembic, django
from failonce.guard.migration import Known, Step, steps
from failonce.guard.review import Placed, completed, ignored
from failonce.guard.statement import Statement, statement
from failonce.model.finding import QueryFinding, Report
from failonce.postmortem.decoding import text_of
from failonce.structure import Structure

_PLANNED = ("update", "delete", "insert")
_FRAMEWORKS = (alembic, django)


def review_migrations(paths: Sequence[Path], options: ReviewOptions, *, since: str | None = None) -> Outcome:
    """Review folders of migrations: plain SQL, Alembic's or Django's. Raises NotFound, CannotLook, UsageError."""
    started = time.perf_counter()
    texts = [found for path in paths for found in _read(path, since)]
    program = squawk.find()
    with open_planning(options, _relations(texts)) as planning:
        planning.plan(())
        known = Known(planning.structure, kept_plans(options), options.limits)
        reports = [_report(path, text, known, planning, program, options) for path, text in texts]
    seconds = time.perf_counter() - started
    told = f"{len(texts)} migrations held against production's sizes in {seconds:.1f} s"
    told += "" if program else "; without squawk's general rules: pip install 'failonce[review]'"
    return Outcome(tuple(reports), told, len(texts), seconds)


def review_schema_changes(texts: Sequence[tuple[str, str]], options: ReviewOptions) -> tuple[Report, ...]:
    """Review the statements in files of SQL that change the schema, each committed by itself as psql does.

    Statements that are planned are left out: they are reviewed as such. Raises CannotLook, UsageError.
    """
    program = squawk.find()
    known = Known(_structure(_relations(texts), options), kept_plans(options), options.limits)
    read = [(path, text, steps(text, path, known, in_one_transaction=False)) for path, text in texts]
    return tuple(_schema_report(path, text, found, program, options) for path, text, found in read)


def _structure(relations: Sequence[str], options: ReviewOptions) -> Structure:
    """Return production's structure: nothing of it when all tables are new."""
    if not relations:
        return Planning.NOTHING
    with open_planning(options, relations) as planning:
        planning.plan(())
        return planning.structure


def _schema_report(path: str, text: str, read: Sequence[Step], program: Path | None, options: ReviewOptions) -> Report:
    """Return what is said of the statements that change the schema."""
    general = squawk.run(program, text, in_transaction=False) if program else ()
    report = _judged(path, read, general, options)
    lines = sorted((step.place.line, changes_schema(step.sql)) for step in read)
    own = [f for f in report.findings if next((said for at, said in reversed(lines) if at <= f.line), False)]
    return replace(report, findings=tuple(own))


def _read(path: Path, since: str | None) -> Iterator[tuple[str, str]]:
    """Yield each migration's name and SQL."""
    framework = next((f for f in _FRAMEWORKS if path.is_dir() and (path / f.MARK).exists()), None)
    if framework is not None:
        yield from framework.read(path, since)
        return
    for file in walk(path, ".sql"):
        if since is None or file.name > since:
            yield str(file), text_of(file.read_bytes())[0]


def _relations(texts: Sequence[tuple[str, str]]) -> list[str]:
    """Return the tables that the migrations are about: what a twin of a database is made of."""
    read = (step for _, text in texts for step in steps(text, "", Known(Planning.NOTHING)))
    return sorted({step.table_name for step in read if step.table_name not in ("", *step.new_tables)})


def _report(
    path: str, text: str, known: Known, planning: Planning, program: Path | None, options: ReviewOptions
) -> Report:
    read = tuple(_planned(steps(text, path, known), planning))
    return _judged(path, read, squawk.run(program, text) if program else (), options)


def _judged(path: str, read: Sequence[Step], general: Sequence[squawk.Squawk], options: ReviewOptions) -> Report:
    """Return what our rules say of these steps, and what squawk's still have to say then."""
    placed = [found for step in read for found in _ours(step, options)]
    ours = [finding for _, finding in placed]
    said = [(finding.rule, finding.line) for finding in ours]
    rest = [_general(each, options) for each in squawk.relevant(general, read, said)]
    findings = sorted((*ours, *(f for f in rest if f is not None)), key=lambda found: (found.line, found.rule))
    return Report(path, tuple(findings))


def _planned(read: Sequence[Step], planning: Planning) -> Iterator[Step]:
    """Yield the steps, those that change rows with their plans. What needs the step before it has none."""
    changing = [statement(step.sql, step.place) for step in read if step.text.startswith(_PLANNED)]
    plans = planning.plan(changing)[0] if changing else {}
    for step in read:
        yield replace(step, plan=plans.get(sqltext.fingerprint(step.sql)))


def _ours(step: Step, options: ReviewOptions) -> Iterator[Placed]:
    sent = Statement(step.sql, sqltext.fingerprint(step.sql), (step.place,))
    for name, rule in plugins.load(MIGRATION_RULES).items():
        if options.severities.get(name) != "off" and name not in ignored(step.sql):
            for found in rule.check(step):
                yield step.place, completed(rule, found, sent, options.severities)


def _general(each: squawk.Squawk, options: ReviewOptions) -> QueryFinding | None:
    name = f"squawk:{each.rule}"
    severity = options.severities.get(name, "error")
    if severity == "off":
        return None
    why = "A general rule of squawk: https://squawkhq.com/docs/" + each.rule
    return QueryFinding(name, severity, each.line, each.message, why, each.help or "See its page.")

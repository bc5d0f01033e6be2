"""Guards in a repository: made from an incident, proven red and green, and run in CI."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from failonce import jsontext, sqltext
from failonce.app import operator
from failonce.app.report import TWIN_FILE
from failonce.app.review.options import ReviewOptions
from failonce.app.review.statements import Outcome, is_planned
from failonce.app.review.twins import Planning, open_planning
from failonce.guard import sqlfile
from failonce.guard.case import Case
from failonce.guard.kinds import query_review
from failonce.guard.kinds.query_review import ABOUT, FAILURE, FIX, PROOF, STATEMENT, About
from failonce.guard.proof import Trial, errors, findings_of, said
from failonce.guard.review import judge
from failonce.guard.statement import Place, statement
from failonce.guard.suite import Suite
from failonce.model.action import ActionItem, Proof
from failonce.model.errors import CannotLook, FailonceError, NotFound, UsageError
from failonce.model.finding import Finding, QueryFinding, Report
from failonce.model.incident import Incident
from failonce.model.snapshot import Gap
from failonce.store.book import Book

FOLDER = Path("guards")


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard of a repository."""

    name: str
    folder: Path
    about: About

    def read(self, name: str) -> str:
        """Return one of its files, empty when it has none of this name."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""


@dataclass(frozen=True, slots=True)
class Proven:
    """What came of proving a guard."""

    guard: str
    red: str
    green: str
    #: Why it proves nothing; None when it does.
    refusal: str | None
    #: What became of the action item, in words.
    told: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """The proof of a guard in its folder, with a checksum of what was proven."""

    proof: Proof
    sha256: str


def add(incident: Path, folder: Path = FOLDER, *, name: str | None = None, store: str | None = None) -> Guard:
    """Make a guard from an incident's folder. Raises NotFound, UsageError."""
    found, twin = _incident(incident)
    made = query_review.draft(found, _actions(found, store or _store_beside(incident)), name=name)
    home = folder / made.name
    if home.exists():
        raise UsageError(f"There is a guard {home} already.", hint="Give this one a name of its own: --name NAME")
    home.mkdir(parents=True)
    for file, text in made.files.items():
        (home / file).write_text(text, encoding="utf-8")
    (home / FAILURE).write_bytes(twin.read_bytes())
    return Guard(made.name, home, made.about)


def guards(folder: Path = FOLDER, names: Sequence[str] = ()) -> tuple[Guard, ...]:
    """Return the guards of a folder, those of these names only if any are given. Raises NotFound."""
    homes = sorted(path.parent for path in folder.glob(f"*/{ABOUT}"))
    found = {home.name: home for home in homes}
    missing = [name for name in names if name not in found]
    if missing or not found:
        what = f"There is no guard {missing[0]} in {folder}." if missing else f"There is no guard in {folder}."
        known = f"There are: {', '.join(found)}." if found else "Make one: failonce guard add INCIDENT"
        raise NotFound(what, hint=known)
    wanted = names or tuple(found)
    texts = {name: (found[name] / ABOUT).read_text(encoding="utf-8") for name in wanted}
    return tuple(Guard(n, found[n], query_review.read(text, str(found[n] / ABOUT))) for n, text in texts.items())


def prove(guard: Guard, options: ReviewOptions, *, store: str | None) -> Proven:
    """Show a guard red on the recorded failure and green on the fix; keep the proof, or none."""
    trial = _trial(guard, options)
    red, green = said(trial.red), said(trial.green or ())
    kept = guard.folder / PROOF
    if trial.refusal:
        kept.unlink(missing_ok=True)
        return Proven(guard.name, red, green, trial.refusal, "")
    proof = Proof(guard.name, datetime.now(UTC), red, green)
    jsontext.write(kept, _Kept(proof, _sum(guard)))
    return Proven(guard.name, red, green, None, _told_the_store(guard, proof, store))


def check(found: Sequence[Guard], options: ReviewOptions) -> Outcome:
    """Run guards: each must be proven, and its statement harmless on today's twin, if there is one."""
    started = datetime.now(UTC)
    reports = tuple(_checked(guard, options) for guard in found)
    where = "on today's twin" if options.twin or options.dsn else "on its own twin: there is none of today"
    seconds = (datetime.now(UTC) - started).total_seconds()
    told = f"{len(found)} guard{'' if len(found) == 1 else 's'} run {where}, in {seconds:.1f} s"
    return Outcome(reports, told, len(found), seconds)


def _checked(guard: Guard, options: ReviewOptions) -> Report:
    path = str(guard.folder / STATEMENT)
    try:
        found = [*_unproven(guard)]
        if options.twin or options.dsn:
            found += _today(guard, options)
        else:
            trial = _trial(guard, options)
            found += [_finding(guard, f"The guard proves nothing any more: {trial.refusal}.")] if trial.refusal else []
    except CannotLook as problem:
        gap = Gap("guard", f"{guard.name} cannot be run: {problem}", "It guards nothing meanwhile.", problem.hint)
        return Report(path, (), gap)
    return Report(path, tuple(found))


def _unproven(guard: Guard) -> Iterator[Finding]:
    text = guard.read(PROOF)
    try:
        kept = jsontext.loads(text, _Kept) if text else None
    except msgspec.MsgspecError:
        kept = None
    if kept is None:
        yield _finding(guard, "The guard was never proven.")
    elif kept.sha256 != _sum(guard):
        yield _finding(guard, f"The guard was changed since it was proven on {kept.proof.proved_at:%Y-%m-%d}.")


def _finding(guard: Guard, message: str) -> QueryFinding:
    why = "A guard that was never red on the failure it is for, or was changed since, may let it through."
    return QueryFinding("guard-unproven", "error", 1, message, why, f"failonce guard prove {guard.name}")


def _trial(guard: Guard, options: ReviewOptions) -> Trial:
    """Try a guard on the twin of the failure, without and with the fix. Raises CannotLook."""
    sql, fix = _single(guard, STATEMENT), [each.sql for each in sqlfile.split(guard.read(FIX))[0]]
    with open_planning(replace(options, twin=guard.folder / FAILURE, dsn=None), ()) as planning:
        red = _found(guard, options, planning, sql)
        if not errors(red) or not fix:
            return Trial(red, None)
        if is_planned(fix[0]):
            return Trial(red, _found(guard, options, planning, fix[0]))
        return Trial(red, _found(guard, options, Planning(planning.running, fix), sql))


def _today(guard: Guard, options: ReviewOptions) -> tuple[Finding, ...]:
    """Return what the rules find in the statement as it is today, on today's twin. Raises CannotLook."""
    sql = _todays(guard)
    with open_planning(options, sqltext.relations(sql)) as planning:
        return errors(_found(guard, options, planning, sql))


def _found(guard: Guard, options: ReviewOptions, planning: Planning, sql: str) -> tuple[Finding, ...]:
    sent = statement(sql, Place(str(guard.folder / STATEMENT), 1))
    plans, refused = planning.plan([sent])
    if refused:
        raise CannotLook(refused[0][1], hint=f"Bring {guard.folder / STATEMENT} up to date, or remove the guard.")
    case = Case(sent, planning.structure, options.limits, plans[sent.fingerprint])
    case = replace(case, advice=planning.advise(case))
    return findings_of(judge(Suite({sent.fingerprint: case}, (), options.limits), options.severities))


def _todays(guard: Guard) -> str:
    """Return the statement as it is today: rewritten, if that was the fix."""
    fix = sqlfile.split(guard.read(FIX))[0]
    return fix[0].sql if fix and is_planned(fix[0].sql) else _single(guard, STATEMENT)


def _single(guard: Guard, name: str) -> str:
    written, _ = sqlfile.split(guard.read(name))
    if len(written) != 1:
        where = guard.folder / name
        raise UsageError(
            f"{where} holds {len(written)} statements.", hint=f"Write the statement of the outage to {where}."
        )
    return written[0].sql


def _sum(guard: Guard) -> str:
    """Return the checksum of what a proof is about."""
    digest = hashlib.sha256()
    for name in (ABOUT, STATEMENT, FIX, FAILURE):
        path = guard.folder / name
        digest.update(name.encode() + b"\0" + (path.read_bytes() if path.exists() else b"") + b"\0")
    return digest.hexdigest()


def _incident(path: Path) -> tuple[Incident, Path]:
    """Return an incident of a folder, and its twin's file."""
    folder = path if path.is_dir() else path.parent
    written = folder / "incident.json"
    if not written.exists():
        raise NotFound(f"There is no incident in {path}.", hint="Name the folder that holds its incident.json.")
    if not (folder / TWIN_FILE).exists():
        raise NotFound(
            f"There is no {TWIN_FILE} beside {written}: the planner's state in the incident was not kept.",
            hint="Give `watch` an operator_dsn; or make one of today: failonce twin pull DSN -o "
            + str(folder / TWIN_FILE),
        )
    try:
        return jsontext.loads(written.read_bytes(), Incident), folder / TWIN_FILE
    except msgspec.MsgspecError as problem:
        raise UsageError(f"{written} is no incident: {problem}.", hint="Name a folder that failonce wrote.") from None


def _store_beside(incident: Path) -> str | None:
    """Return the store of a drill's or the demo's folder."""
    store = (incident if incident.is_dir() else incident.parent) / "failonce.db"
    return str(store) if store.exists() else None


def _actions(incident: Incident, store: str | None) -> tuple[ActionItem, ...]:
    if store is None:
        return ()
    try:
        with Book.open(store) as book:
            return book.actions.of(operator.operator(), incident.id)
    except FailonceError:
        return ()


def _told_the_store(guard: Guard, proof: Proof, store: str | None) -> str:
    """Take the proof to the action item; say what became of it."""
    about = guard.about
    if store is None or about.action is None:
        return "no action item was told: name its store with --store" if about.action else ""
    try:
        with Book.open(store) as book:
            item = book.actions.prove(about.incident, about.action, proof, operator.stamp())
    except FailonceError as problem:
        return f"the action item was not told: {problem}"
    return f"action item {item.id} is {item.state}"

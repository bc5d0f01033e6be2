"""Statements that the server refused: which errors, on what object, under which release.

They run for no time at all, so neither samples nor statistics know them: only the log does. What is refused is a
victim, however often it fails; the culprit is what the message names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.part import Part
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Culprit, Link, LinkKind, Verdict
from failonce.model.snapshot import ServerError
from failonce.sqltext import relations

#: Fewer than this since the onset may be a person's typing.
_SEVERAL = 3
#: Errors that became so many times as frequent are no longer the usual ones.
_MORE = 5.0
#: The part of the failed requests that the refused statements must account for.
_MOST = 0.5
#: The part of the errors that must be about the same object.
_SAME = 0.8


@dataclass(frozen=True, slots=True)
class Refusals:
    """Errors of some codes since the onset."""

    count: int
    per_s: float
    before_per_s: float
    #: The object most of them name, and their part that names it; None when no message names one.
    subject: str | None
    subject_share: float
    fingerprint: str | None
    #: The releases whose statements were refused.
    releases: tuple[str, ...]
    route: str | None


def refusals(case: Case, codes: Collection[str]) -> Refusals | None:
    """Return the errors of these codes; None when the log was not seen."""
    during = _seen(case.during, codes)
    if during is None:
        return None
    errors, seconds = during
    before, before_s = _seen(case.before, codes) or ([], 0.0)
    count = sum(e.count for e in errors)
    subject, named = _most((e.subject, e.count) for e in errors)
    return Refusals(
        count=count,
        per_s=count / seconds if seconds else 0.0,
        before_per_s=sum(e.count for e in before) / before_s if before_s else 0.0,
        subject=subject,
        subject_share=named / count if count else 0.0,
        fingerprint=_most((e.fingerprint, e.count) for e in errors)[0],
        releases=tuple(sorted({e.release for e in errors if e.release})),
        route=_most((e.route, e.count) for e in errors)[0],
    )


def are_refused(case: Case, codes: Collection[str], what: str) -> Check:
    """Ask whether statements are refused with one of these codes, and were not before."""
    found = refusals(case, codes)
    if found is None:
        return Check(None)
    said = (
        f"The server refused {amount(found.per_s)} statements per second: {what}; {amount(found.before_per_s)} before."
    )
    proof = case.evidence(
        said, "errors", now=found.per_s, before=found.before_per_s, unit="errors/s", key=found.subject
    )
    return Check(found.count >= _SEVERAL and found.per_s >= _MORE * found.before_per_s, proof)


def explain_failures(case: Case, codes: Collection[str]) -> Check:
    """Ask whether the refused statements account for the requests that failed."""
    found, failed = refusals(case, codes), sum(a.errors for a in case.during.applications)
    if found is None or not failed:
        return Check(None)
    said = f"{amount(failed)} requests failed since the onset; {amount(found.count)} statements were refused."
    proof = case.evidence(said, "application", now=failed, unit="requests")
    return Check(found.count >= _MOST * failed, proof)


def is_one_object(case: Case, codes: Collection[str]) -> Check:
    """Ask whether they are all about the same table, sequence or schema."""
    found = refusals(case, codes)
    if found is None or found.subject is None:
        return Check(None)
    said = f"{percent(found.subject_share)} of them name {found.subject}."
    proof = case.evidence(said, "errors", now=found.subject_share, unit="share", key=found.subject)
    return Check(found.subject_share >= _SAME, proof)


def weigh_refusals(case: Case, cause: str, codes: Collection[str], *, what: str, statement: str) -> Verdict:
    """Return the verdict on a cause that shows itself in these errors alone; `what` is the error in words."""
    return weigh(
        cause,
        statement,
        needs=[are_refused(case, codes, what)],
        proofs=[is_one_object(case, codes), explain_failures(case, codes)],
        culprit=blamed(case, codes),
        chain=mechanism(case, codes),
    )


def named(case: Case, codes: Collection[str], otherwise: str) -> str:
    """Return the object that most of the errors name, or how to speak of one that none names."""
    found = refusals(case, codes)
    return found.subject if found and found.subject else otherwise


def came_refused_with_release(case: Case, codes: Collection[str]) -> Check:
    """Ask whether only statements of a release that became known about the onset are refused."""
    found = refusals(case, codes)
    if found is None or not found.releases or not case.release_changes:
        return Check(None)
    new = case.release_changes[-1][1].release
    only = found.releases == (new,)
    said = f"Only statements of release {new} were refused." if only else f"Release {found.releases[0]} is refused too."
    return Check(only, case.evidence(said, "errors", now=", ".join(found.releases), unit="", key=found.subject))


def blamed(case: Case, codes: Collection[str]) -> Culprit:
    """Return the object that is to blame, with the tables of the refused statement; not the statement."""
    found = refusals(case, codes)
    text = case.window.queries.get(found.fingerprint or "") if found else None
    subject = (found.subject,) if found and found.subject else ()
    release = found.releases[0] if found and len(found.releases) == 1 else None
    return Culprit(None, None, tuple(dict.fromkeys((*subject, *(relations(text) if text else ())))), release, ())


def mechanism(case: Case, codes: Collection[str]) -> tuple[Link, ...]:
    """Return how errors in the server became failed requests."""
    found = refusals(case, codes)
    if found is None or not found.count:
        return ()
    where = f" on {unquote(found.route)}" if found.route else ""
    said = f"{amount(found.count)} statements were refused since the onset{where}."
    proof = case.evidence(said, "errors", now=found.count, unit="errors", key=found.fingerprint)
    told = "The server refuses the statement, and the request that sent it fails."
    return (Link(LinkKind.MECHANISM, "refused-statements", told, (proof,)),)


def _seen(part: Part, codes: Collection[str]) -> tuple[list[ServerError], float] | None:
    readings = [s.errors for s in part.snapshots if s.errors is not None]
    if not readings:
        return None
    errors = [row for reading in readings for row in reading.rows if row.sqlstate in codes]
    return errors, sum(reading.interval_s for reading in readings)


def _most(told: Iterable[tuple[str | None, int]]) -> tuple[str | None, int]:
    """Return what most of the errors tell, and how many do."""
    counts: Counter[str] = Counter()
    for value, count in told:
        if value is not None:
            counts[value] += count
    return counts.most_common(1)[0] if counts else (None, 0)

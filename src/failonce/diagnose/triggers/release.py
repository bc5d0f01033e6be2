"""A release of the application came shortly before the onset and brought the culprit.

What it sees
    Releases as announced, as the application reports them and as the tags in its statements show them; and under
    which of them the culprit statement was ever seen. Samples decide, not pg_stat_statements' text: it keeps the
    comment of the first execution for good.

Why it matters
    A release precedes most outages, guilty or not. Rolling back an innocent one costs half an hour and changes nothing:
    seed 002.

What to do
    Roll back when the culprit came with the release; leave it alone when it did not.

Example
    v42 became known 2 s before the onset; the statement was seen 31 times, only under v42
"""

from datetime import timedelta

from failonce.amount import amount
from failonce.diagnose.calls import is_called_more
from failonce.diagnose.case import Case
from failonce.diagnose.causes.permission_denied import CODES
from failonce.diagnose.connection_questions import are_opened, leaked_by_release
from failonce.diagnose.lock_questions import MOST
from failonce.diagnose.part import Part
from failonce.diagnose.plans import is_another_statement, is_explained, is_planned_no_more
from failonce.diagnose.questions import came_with_release, is_new
from failonce.diagnose.refusals import are_refused, came_refused_with_release
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict

ID = "release"
LEAD = "A recent release"
#: A release this long before the onset may still be its trigger: caches drain, traffic shifts.
_RECENT = timedelta(minutes=10)
#: Processor time a request from which the application has other work than before.
_HEAVIER = 1.5
#: How late a release may become known that was at work before: a scrape and a sample.
_LATE = timedelta(seconds=10)


def examine(case: Case) -> Verdict:
    """Return whether a release set the outage off."""
    statement = "A release became known about the onset."
    brought, needs, proofs = _held_against(case)
    if case.release_changes:
        old, new = case.release_changes[-1]
        statement = f"Release {new.release} replaced {old.release} at {new.at:%H:%M:%S} UTC{brought}."
    return weigh(ID, statement, needs=[_is_recent(case), *needs], proofs=proofs)


def _held_against(case: Case) -> tuple[str, list[Check], list[Check]]:
    """Return what the release would have brought, what must hold for that, and what proves it.

    Refused statements come first: they are no load, and what has a load beside them is not what fails.
    """
    if are_refused(case, CODES, "permission denied").holds:
        return " and brought the refused statement", [], [came_refused_with_release(case, CODES)]
    if (opened := are_opened(case)).holds:
        return " and connects time and again", [opened], []
    if (queued := _queued_for(case)) is not None:
        return " and brought the statement", [is_new(case, queued)], [came_with_release(case, queued)]
    heavier = _computes_more(case)
    if case.surge is None and (case.suspect is None or (heavier.holds and not case.suspect.has_changed)):
        # Nothing is asked of the database that was not asked before: statements that take longer are victims.
        leaked = leaked_by_release(case)
        return (" and keeps its connections", [leaked], []) if leaked else (", just before the onset", [], [heavier])
    return (" and brought the statement" if case.suspect else ", just before the onset", *_asked_otherwise(case))


def _asked_otherwise(case: Case) -> tuple[list[Check], list[Check]]:
    """Return what must hold, and what proves it: a release changes what is asked of the database, or how, or how often.

    The same statement, asked in the same way as often as before, is nothing that a release brought.
    """
    suspect, found = case.suspect, case.surge
    if found is not None and not (suspect and suspect.has_changed and suspect.fingerprint != found.fingerprint):
        return [is_called_more(case, found)], []
    if suspect is None:
        return [], []
    new = is_new(case, suspect)
    if new.holds is not False:
        return [new], [came_with_release(case, suspect)]
    for other in (is_another_statement(case, suspect), is_planned_no_more(case, suspect)):
        if other.holds or (other.holds is None and suspect.has_changed and not is_explained(case, suspect)):
            # Where it is not known how the statement is asked, and nothing else is known either, nothing is cleared.
            return [other], []
    return [new], [came_with_release(case, suspect)]


def _computes_more(case: Case) -> Check:
    """Ask whether the application itself takes more processor time a request than before."""
    now, was = _cpu_per_request_ms(case.during), _cpu_per_request_ms(case.before)
    if now is None or was is None:
        return Check(None)
    said = f"The application takes {amount(now, 'ms')} of processor time a request, {amount(was, 'ms')} before."
    return Check(now >= _HEAVIER * was, case.evidence(said, "application", now=now, before=was, unit="ms/request"))


def _cpu_per_request_ms(part: Part) -> float | None:
    known = [(a.cpu_s, a.requests) for a in part.applications if a.cpu_s is not None]
    requests = sum(n for _, n in known)
    return 1000 * sum(cpu_s for cpu_s, _ in known) / requests if requests else None


def _queued_for(case: Case) -> Suspect | None:
    """Return the statement that holds up a lock queue, or is wanted by it; None where no queue is to blame."""
    waits, active = case.during.waits.get("Lock", 0.0), case.during.active
    if not active or waits < max(1.0, MOST * active):
        return None
    holding, wanted = case.queue.holding.most_common(1), case.queue.statement
    fingerprint = holding[0][0] if holding and case.queue.share_at_work >= 0.5 else wanted
    return case.witness(fingerprint) if fingerprint else None


def _is_recent(case: Case) -> Check:
    events = case.window.releases
    if not events or not case.was_watched:
        return Check(None)
    onset = case.window.onset_at
    changes = [new for _, new in case.release_changes if onset - _RECENT <= new.at <= onset + _LATE]
    if changes:
        new = changes[-1]
        seconds = (onset - new.at).total_seconds()
        side = "before" if seconds >= 0 else "after"
        said = f"Release {new.release} became known {abs(seconds):.0f} s {side} the onset."
        return Check(True, case.evidence(said, "releases", now=new.release, before=_before(case), key=new.release))
    minutes = (onset - max(case.window.starts_at, onset - _RECENT)).total_seconds() / 60
    current = events[-1].release
    said = f"No release came in the {minutes:.0f} minutes watched before the onset: {current} ran before and ran on."
    if minutes < 2:
        said = f"No release came in the {60 * minutes:.0f} s watched before the onset: {current} ran before and ran on."
    return Check(False, case.evidence(said, "releases", now=current, before=current, key=current))


def _before(case: Case) -> str:
    return case.release_changes[-1][0].release

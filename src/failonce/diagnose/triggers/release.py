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

from failonce.diagnose.case import Case
from failonce.diagnose.questions import came_with_release, is_new
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict

ID = "release"
LEAD = "A recent release"
#: A release this long before the onset may still be its trigger: caches drain, traffic shifts.
_RECENT = timedelta(minutes=10)
#: How late a release may become known that was at work before: a scrape and a sample.
_LATE = timedelta(seconds=10)


def examine(case: Case) -> Verdict:
    """Return whether a release set the outage off."""
    statement = "A release became known about the onset."
    if case.release_changes:
        old, new = case.release_changes[-1]
        brought = " and brought the statement" if case.suspect is not None else ", just before the onset"
        statement = f"Release {new.release} replaced {old.release} at {new.at:%H:%M:%S} UTC{brought}."
    needs = [_is_recent(case)]
    if case.suspect is not None:
        needs += [is_new(case, case.suspect)]
    proofs = [came_with_release(case, case.suspect)] if case.suspect is not None else []
    return weigh(ID, statement, needs=needs, proofs=proofs)


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

"""The server was restarted.

What it sees
    The instant the server started, as it tells it itself, against the one it told before.

Why it matters
    All connections break at once, caches are cold, and graphs show a cliff in everything. By the time somebody looks
    it is over, and the slowest statement of the minute is one that was waiting.

What to do
    Find out who or what did it: an operator, an upgrade, a parameter group, the kernel for want of memory. Let the
    application's pool reconnect by itself.

Example
    started at 14:00:09; the one before had run since 09:12:44
"""

from datetime import timedelta

from failonce.amount import percent
from failonce.diagnose.case import Case
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Link, LinkKind, Verdict
from failonce.model.failure import FailureKind

ID = "server-restart"
LEAD = "A restart of the database server"
KIND = FailureKind.RESTART
TRIGGERS = ()
#: A start so long before the onset may still be what broke the connections: a pool notices when it is used.
_RECENT = timedelta(seconds=60)
#: The share of the requests that must fail in addition.
_FELT = 0.01


def examine(case: Case) -> Verdict:
    """Return whether the server is another one than before the onset."""
    at = case.during.started_at
    when = f" at {at:%H:%M:%S} UTC" if at else ""
    statement = f"The database server was restarted{when}; every connection broke."
    failed = _requests_failed(case)
    return weigh(ID, statement, needs=[_is_another(case)], proofs=[failed], chain=_broken(failed))


def _broken(failed: Check) -> tuple[Link, ...]:
    """Return how a restart becomes failed requests, where they were seen to fail."""
    if not failed.holds or failed.evidence is None:
        return ()
    said = "Each connection of the pool is broken until it is made anew; what it is lent to fails."
    return (Link(LinkKind.MECHANISM, "broken-connections", said, (failed.evidence,)),)


def _is_another(case: Case) -> Check:
    now, was = case.during.started_at, case.before.started_at
    if now is None:
        return Check(None)
    began = f"The server has run since {now:%Y-%m-%d %H:%M:%S} UTC"
    if was is not None and now == was:
        return Check(False, case.evidence(f"{began}.", "server", now=now.isoformat(), before=was.isoformat()))
    said = f"{began}; the one before had since {was:%Y-%m-%d %H:%M:%S}." if was else f"{began}."
    recent = now >= case.window.onset_at - _RECENT
    if was is None and recent and not case.was_watched:
        # A young server that nobody knew before has not been shown to follow another.
        return Check(None)
    proof = case.evidence(said, "server", now=now.isoformat(), before=was.isoformat() if was else None)
    return Check(recent, proof)


def _requests_failed(case: Case) -> Check:
    now, was = case.during.failing, case.before.failing
    if now is None:
        return Check(None)
    said = f"{percent(now)} of the requests failed, {percent(was or 0.0)} before."
    return Check(now - (was or 0.0) >= _FELT, case.evidence(said, "application", now=now, before=was, unit="share"))

"""What to do so that it does not happen twice: tasks from an incident's diagnosis, remedy and gaps.

Each is something that a check, or a person with the same facts, can find done or not done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import sqrt

from failonce.amount import amount, percent
from failonce.model.action import ActionItem, ActionKind
from failonce.model.diagnosis import Culprit, Evidence, LinkKind, Verdict
from failonce.model.incident import EntryKind, Incident
from failonce.model.remedy import Remedy
from failonce.postmortem.kinds import Task, kind_of, scans
from failonce.postmortem.prose import clock, inner, lead

#: More than these are a programme, not a list of tasks.
MOST = 5
_INDEX = re.compile(r"INDEX\s+(?:CONCURRENTLY\s+)?(?:IF NOT EXISTS\s+)?\"?([\w$]+)\"?\s+ON\b", re.IGNORECASE)


def action_items(incident: Incident) -> tuple[ActionItem, ...]:
    """Return the tasks that follow from an incident, the most effective first."""
    tasks = list(dict.fromkeys(_tasks(incident)))[:MOST]
    return tuple(
        ActionItem(id=f"{incident.id}-A{number}", incident_id=incident.id, text=text, kind=kind)
        for number, (kind, text) in enumerate(tasks, start=1)
    )


def _tasks(incident: Incident) -> Iterator[Task]:
    culprit = incident.diagnosis.culprit
    if incident.remedy:
        yield from _fix(incident, incident.remedy)
    if culprit and culprit.fingerprint:
        yield from _statement(incident, culprit, culprit.fingerprint)
    if incident.diagnosis.cause:
        yield from _cause(incident, incident.diagnosis.cause)
    yield from _sight(incident)
    yield from _people(incident)


def _fix(incident: Incident, remedy: Remedy) -> Iterator[Task]:
    """Put the fix in place where it is not, and where the next deployment keeps it."""
    done = remedy.finished_at is not None and not remedy.failed
    index = _INDEX.search(remedy.sql or "")
    if index:
        if not done:
            check = f"and check that `pg_index.indisvalid` is true for `{index[1]}`"
            yield ActionKind.MITIGATE, f"Run `{remedy.sql}` on `{incident.target}`, {check}."
        definition = re.sub(r"\s+CONCURRENTLY\b", "", remedy.sql or "", flags=re.IGNORECASE)
        yield ActionKind.PREVENT, f"Add `{definition}` to the schema migrations, so that the next deployment keeps it."
        yield ActionKind.DETECT, f"Alert when index `{index[1]}` is absent from `pg_index` or not valid."
    elif not done:
        by_hand = f"Apply the fix to `{incident.target}`: {inner(remedy.statement)}"
        yield ActionKind.MITIGATE, f"Run `{remedy.sql}` on `{incident.target}`." if remedy.sql else by_hand
    for step in remedy.afterwards:
        yield ActionKind.PREVENT, step


def _statement(incident: Incident, culprit: Culprit, fingerprint: str) -> Iterator[Task]:
    """Keep the culprit statement from doing the same again."""
    relation = culprit.relations[0] if culprit.relations else None
    scan = f"a sequential scan of `{relation}`" if relation else "a sequential scan"
    reads_all = scans(incident.diagnosis)
    if culprit.release and any(link.id == "release" for link in incident.diagnosis.chain):
        until = (
            f"until statement `{fingerprint}` is planned without {scan}" if reads_all else "until this is mended in it"
        )
        yield ActionKind.PREVENT, f"Keep release {culprit.release} out of production {until}."
    measured = _of_statement(incident, fingerprint)
    if measured:
        what = (
            "reads more than {} blocks per call" if measured.unit == "blocks/call" else "takes more than {} ms per call"
        )
        limit = what.format(amount(_between(measured)))
        yield ActionKind.DETECT, f"Alert when statement `{fingerprint}` {limit} ({_was(measured)})."
    if not reads_all:
        return
    plan = f"Plan statement `{fingerprint}` in CI against production's statistics"
    yield ActionKind.PREVENT, f"{plan}, and fail the build on {scan}."


def _of_statement(incident: Incident, fingerprint: str) -> Evidence | None:
    """Return how much work a call of the statement became."""
    found = [e for e in _measured(incident) if e.pointer.key in (fingerprint, None) and e.unit in _PER_CALL]
    return min(found, key=lambda e: _PER_CALL.index(e.unit), default=None)


_PER_CALL = ("blocks/call", "ms/call")


def _cause(incident: Incident, cause: str) -> Iterator[Task]:
    """Meet a cause by its kind; what is of no kind, by an alert on what gave it away."""
    kind, target = kind_of(incident.diagnosis), incident.target
    if "traffic" in cause:
        yield from _traffic(incident, next(_measured(incident, LinkKind.CAUSE), None))
    elif cause == "application":
        yield ActionKind.PREVENT, f"Set a timeout on every call that `{target}` makes outside the database."
        why = "so that the next report names the one that is slow"
        yield (
            ActionKind.DETECT,
            f"Export the duration of each outside call of `{target}` as a metric, by callee, {why}.",
        )
    elif kind and kind.tasks and not (incident.remedy and incident.remedy.afterwards):
        yield from ((task, _filled(text, incident)) for task, text in kind.tasks)
    elif not (incident.diagnosis.culprit and incident.diagnosis.culprit.fingerprint):
        yield from _given_away(incident)


def _filled(text: str, incident: Incident) -> str:
    """Return a kind's task with this incident's names in it."""
    culprit = incident.diagnosis.culprit
    relation = f"`{culprit.relations[0]}`" if culprit and culprit.relations else "its tables"
    fingerprint = (culprit and culprit.fingerprint) or "at fault"
    return text.format(target=incident.target, relation=relation, fingerprint=fingerprint)


def _given_away(incident: Incident) -> Iterator[Task]:
    """Alert on the measurement that told the cause."""
    measured = next(_measured(incident, LinkKind.CAUSE), None)
    if measured:
        share = measured.unit == "share"
        limit = percent(_between(measured)) if share else amount(_between(measured), measured.unit)
        source = f"`{measured.pointer.source}` of `{incident.target}`"
        yield ActionKind.DETECT, f"Alert when {source} reaches {limit} ({_was(measured)})."


def _traffic(incident: Incident, measured: Evidence | None) -> Iterator[Task]:
    impact, target = incident.impact, incident.target
    usual = f" below {amount(3 * impact.p95_before_ms, 'ms')}" if impact and impact.p95_before_ms else ""
    if measured and measured.unit == "requests/s":
        rate = amount(_number(measured.value))
        yield (
            ActionKind.PREVENT,
            f"Load-test `{target}` at {rate} requests per second, and record the pool size that keeps p95{usual}.",
        )
        limit = amount(_between(measured))
        yield ActionKind.DETECT, f"Alert when more than {limit} requests per second arrive ({_was(measured)})."
    beyond = "for requests beyond the rate that the load test sustains"
    yield ActionKind.MITIGATE, f"Answer with status 429 in front of `{target}` {beyond}."


def _sight(incident: Incident) -> Iterator[Task]:
    """Make visible what could not be seen, and settle what stayed open."""
    diagnosis = incident.diagnosis
    for other in diagnosis.also:
        yield (
            ActionKind.PREVENT,
            f"Settle what to do against the second cause, “{lead(other.id)}”: {_says(other)}",
        )
    for gap in diagnosis.gaps:
        yield ActionKind.DETECT, f"Make `{gap.source}` visible: {gap.hint}"
    if diagnosis.abstained:
        for opened in diagnosis.open_leads:
            since = f"in the recording from {clock(diagnosis.onset_at)} on"
            yield ActionKind.DETECT, f"Confirm or rule out the lead “{lead(opened.id)}” {since}."


def _says(verdict: Verdict) -> str:
    return inner(verdict.statement).rstrip(".") + "."


def _people(incident: Incident) -> Iterator[Task]:
    """Name who is called, and count whom it meets."""
    target, impact = incident.target, incident.impact
    if not any(entry.kind is EntryKind.ESCALATED for entry in incident.timeline):
        when = "when failonce opens an incident"
        if impact and impact.p95_before_ms:
            when = f"when its p95 stays above {amount(3 * impact.p95_before_ms, 'ms')}"
        yield ActionKind.MITIGATE, f"Name the team that is paged for `{target}`, and page it {when}."
    yield (
        ActionKind.DETECT,
        f"Export the number of distinct users per minute from `{target}`, beside its request metrics.",
    )


def _measured(incident: Incident, kind: LinkKind | None = None) -> Iterator[Evidence]:
    """Yield what rose from a known baseline, along the chain."""
    for link in incident.diagnosis.chain:
        for evidence in link.evidence if kind in (None, link.kind) else ():
            if _number(evidence.value) > _number(evidence.baseline) > 0:
                yield evidence


def _number(value: float | str | None) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _between(evidence: Evidence) -> float:
    """Return a limit between usual and outage, as far from one as from the other in proportion, at two digits."""
    return float(f"{sqrt(_number(evidence.baseline) * _number(evidence.value)):.1e}")


def _was(evidence: Evidence) -> str:
    said = percent if evidence.unit == "share" else amount
    return f"{said(_number(evidence.baseline))} before the outage, {said(_number(evidence.value))} in it"

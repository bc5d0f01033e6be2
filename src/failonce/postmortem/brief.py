"""An incident in four sentences, for whoever has half a minute: what users met, why, how it ended, what is left to do.

Numbers only where they decide something; each sentence says where its facts are.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.diagnosis import LATENT, Diagnosis, Link, LinkKind
from failonce.model.incident import Impact, Incident
from failonce.postmortem.format import day, number, sentence
from failonce.postmortem.prose import counted, inner, lasting
from failonce.postmortem.statement import Statement

_BREATH = 45


def brief(incident: Incident, tasks: int) -> tuple[Statement, ...]:
    """Return the sentences, those left out that have nothing to say."""
    return (*_what(incident), *_why(incident), _how_ended(incident), _what_next(tasks))


def _what(incident: Incident) -> Iterator[Statement]:
    onset, end, impact = incident.diagnosis.onset_at, incident.recovered_at, incident.impact
    lasted = f"for {lasting((end - onset).total_seconds())}" if end else "and had not recovered when this was written"
    sources = ("diagnosis.onset_at", "recovered_at", "target", "impact")
    if impact is None or not impact.requests:
        text = f"On {day(onset)} {incident.target} did not work as it should {lasted}."
    elif not impact.failed and not impact.slow:
        text = f"On {day(onset)}, {incident.target} {_hardly(incident, impact)} {lasted}; no request failed."
    else:
        failed = round(100 * impact.failed / impact.requests)
        met = f"{number(round(impact.affected_percent))} % of all requests failed or were slow"
        outright = f"{failed or 'fewer than 1'} % failed outright" if impact.failed else "none failed outright"
        text = f"On {day(onset)}, {met} on {incident.target} {lasted}; {outright}."
    yield Statement(text, sources)


def _hardly(incident: Incident, impact: Impact) -> str:
    """Return what users met when none of their requests failed or took several times as long."""
    if not incident.was_slow:
        return "did not work as it should, unseen by its users,"
    if not impact.p95_worst_ms or not impact.p95_before_ms:
        return "answered more slowly than usual"
    times = number(round(impact.p95_worst_ms / impact.p95_before_ms, 1))
    return f"took up to {times} times as long as usual to answer"


def _why(incident: Incident) -> Iterator[Statement]:
    diagnosis = incident.diagnosis
    if diagnosis.cause is None:
        yield Statement("The cause is not yet determined.", ("diagnosis.cause",))
        return
    told = tuple(_reasons(diagnosis))
    if told:
        reason = "; ".join(inner(sentence(link.statement)).rstrip(".") for _, link in told)
        yield Statement(f"The reason: {reason}.", tuple(source for source, _ in told))
    if diagnosis.also:
        other = sentence(diagnosis.also[0].statement)
        yield Statement(f"At the same time, {inner(other)}", ("diagnosis.also[0]",))


def _reasons(diagnosis: Diagnosis) -> Iterator[tuple[str, Link]]:
    """Yield what set the cause off, if that is known, and the cause, if both can be said in a breath."""
    trigger, cause = (_first(diagnosis, kind) for kind in (LinkKind.TRIGGER, LinkKind.CAUSE))
    told = [found for found in (trigger, cause) if found]
    in_a_breath = sum(len(link.statement.split()) for _, link in told) <= _BREATH
    yield from told if in_a_breath else told[:1]


def _first(diagnosis: Diagnosis, kind: LinkKind) -> tuple[str, Link] | None:
    links = enumerate(diagnosis.chain)
    return next(((f"diagnosis.chain[{n}]", link) for n, link in links if link.kind is kind and link.id != LATENT), None)


def _how_ended(incident: Incident) -> Statement:
    remedy, onset = incident.remedy, incident.diagnosis.onset_at
    sources = ("remedy", "mitigated_at", "recovered_at")
    if remedy is None or incident.mitigated_at is None:
        return Statement("It ended without a fix." if incident.recovered_at else "No fix is in place.", sources)
    after = lasting((incident.mitigated_at - onset).total_seconds())
    return Statement(f"The fix was in place {after} after the first sign.", sources)


def _what_next(tasks: int) -> Statement:
    if not tasks:
        return Statement("No task is written down against its return.", ("actions",))
    must = f"{counted(tasks, 'task').capitalize()} must be done so that it does not happen again."
    return Statement(must, ("actions",))

"""The timeline: a bullet per event, its time and one sentence or two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from failonce.amount import percent
from failonce.model.incident import EntryKind
from failonce.postmortem.facts import Facts
from failonce.postmortem.prose import clock, inner, lead, listed, moved, said, span, told
from failonce.postmortem.statement import ALWAYS, Line, Statement

#: Wrong leads that always stand; more come in as far as there is room.
_FEWEST_LEADS = 2
#: A verdict this sure goes without saying how sure.
_SURE = 0.95

Event = tuple[datetime, int, Statement]


def lines(facts: Facts) -> Iterator[Line]:
    """Yield the timeline's bullets in the order of time."""
    for at, _, statement in sorted(_events(facts), key=lambda event: event[:2]):
        yield Line(f"- **{clock(at)}** - ", (statement,))


def _events(facts: Facts) -> Iterator[Event]:
    """Yield the events; the number orders those of one instant."""
    yield from _seen(facts)
    yield from _investigated(facts)
    yield from _escalated(facts)
    yield from _repaired(facts)
    yield _ended(facts)
    yield from ((entry.happened_at, 8, facts.quote(entry.text, at, 3)) for at, entry in facts.entries(EntryKind.NOTE))


def _seen(facts: Facts) -> Iterator[Event]:
    diagnosis = facts.incident.diagnosis
    onset = Statement("Start of the outage, found again in the recording after the alarm.", ("diagnosis.onset_at",))
    for source, entry in facts.entries(EntryKind.ONSET):
        onset = facts.quote(f"Start of the outage: {inner(moved(entry.text))}", source)
        break
    yield diagnosis.onset_at, 0, onset
    after = span(diagnosis.onset_at, diagnosis.detected_at)
    detected = f"Detected by failonce's monitoring, {after} after the start."
    yield diagnosis.detected_at, 1, Statement(detected, ("diagnosis.detected_at", "diagnosis.onset_at"))
    unnoticed = Statement("Whether a person had noticed the outage before is not on record.", ("timeline",), 8)
    yield diagnosis.detected_at, 2, unnoticed
    for source, entry in facts.entries(EntryKind.SIGNAL):
        yield entry.happened_at, 2, facts.quote(moved(entry.text), source, 4)


def _investigated(facts: Facts) -> Iterator[Event]:
    diagnosis = facts.incident.diagnosis
    at = diagnosis.diagnosed_at or facts.last[1]
    looked = _looked_at(facts)
    if looked:
        text = f"Investigated, each against its baseline: {listed(map(said, looked))}."
        yield at, 3, Statement(text, tuple(looked.values()))
    else:
        text = "Investigated without a result: no source of facts held a measurement for or against any cause."
        yield at, 3, Statement(text, ("diagnosis.chain", "diagnosis.ruled_out"))
    for number in range(len(diagnosis.ruled_out)):
        rank = ALWAYS if number < _FEWEST_LEADS else 2 if number < _FEWEST_LEADS + 3 else 5
        yield at, 4, facts.quote(_ruled_out(facts, number), f"diagnosis.ruled_out[{number}]", rank)
    if not diagnosis.ruled_out:
        text = "No misleading path is on record: no other lead was measured and ruled out."
        yield at, 4, Statement(text, ("diagnosis.ruled_out",))
    yield from ((at, 4, cost) for cost in _cost_of_leads(facts))
    yield at, 5, _verdict(facts)


def _cost_of_leads(facts: Facts) -> Iterator[Statement]:
    """Say what the wrong leads cost together: they are examined side by side, so none has a time of its own."""
    diagnosis = facts.incident.diagnosis
    wrong = len(diagnosis.ruled_out)
    if wrong > 1 and diagnosis.diagnosed_at is not None:
        took = span(diagnosis.detected_at, diagnosis.diagnosed_at)
        text = f"The {wrong} wrong leads, examined side by side, cost {took} from the alarm to the diagnosis."
        yield Statement(text, ("diagnosis.ruled_out", "diagnosis.detected_at", "diagnosis.diagnosed_at"), 2)


def _looked_at(facts: Facts) -> dict[str, str]:
    """Return the sources of facts that the diagnosis measured, each with one place where it did."""
    diagnosis = facts.incident.diagnosis
    holders = {f"diagnosis.chain[{n}]": link.evidence for n, link in enumerate(diagnosis.chain)}
    holders |= {f"diagnosis.ruled_out[{n}]": wrong.evidence for n, wrong in enumerate(diagnosis.ruled_out)}
    places = {
        evidence.pointer.source: f"{place}.evidence[{number}]"
        for place, found in holders.items()
        for number, evidence in enumerate(found)
    }
    return dict(sorted(places.items()))


def _ruled_out(facts: Facts, number: int) -> str:
    """Return a wrong lead with the number that rules it out."""
    wrong = facts.incident.diagnosis.ruled_out[number]
    if "ruled out" in wrong.statement:
        return wrong.statement
    because = told(wrong.evidence[0]) if wrong.evidence else wrong.statement
    return f"Ruled out the lead “{lead(wrong.id)}”: {because}"


def _verdict(facts: Facts) -> Statement:
    diagnosis = facts.incident.diagnosis
    if diagnosis.cause is None:
        return Statement("No cause was named: the evidence supports none of the leads.", ("diagnosis.abstained",))
    whose = ""
    if diagnosis.culprit and diagnosis.culprit.fingerprint:
        whose = f"; culprit: statement `{diagnosis.culprit.fingerprint}`"
    sure = "" if diagnosis.confidence >= _SURE else f", with a confidence of {percent(diagnosis.confidence)}"
    others = "".join(f", and beside it {lead(verdict.id)}" for verdict in diagnosis.also)
    text = f"Cause named{sure}: {lead(diagnosis.cause)}{others}{whose}."
    return Statement(text, ("diagnosis.cause", "diagnosis.confidence", "diagnosis.culprit"))


def _escalated(facts: Facts) -> Iterator[Event]:
    pages = list(facts.entries(EntryKind.ESCALATED))
    for number, (source, entry) in enumerate(pages):
        rank = ALWAYS if number == 0 else 3
        yield entry.happened_at, 6, facts.quote(f"Escalated: {entry.text}", source, rank)
    if pages:
        return
    remedy = facts.incident.remedy
    at = (remedy.applied_at if remedy else None) or facts.incident.diagnosis.diagnosed_at or facts.last[1]
    if remedy and remedy.applied_at:
        text = "Not escalated: no team was paged; failonce itself began the fix, under the operator role."
        yield at, 6, Statement(text, ("timeline", "remedy.applied_at"))
    elif remedy:
        text = f"Not escalated: no team was paged. The fix waits for {_owner(facts)}."
        yield at, 6, Statement(text, ("timeline", "remedy.applied_at", "diagnosis.culprit"))
    else:
        text = "Not escalated: no team was paged, and failonce had no fix to propose."
        yield at, 6, Statement(text, ("timeline", "remedy"))


def _owner(facts: Facts) -> str:
    culprit, remedy = facts.incident.diagnosis.culprit, facts.incident.remedy
    if remedy and remedy.sql and culprit and culprit.relations:
        return f"the owner of `{culprit.relations[0]}`"
    return f"whoever deploys {facts.service}"


def _repaired(facts: Facts) -> Iterator[Event]:
    remedy = facts.incident.remedy
    if remedy is None or remedy.applied_at is None:
        return
    if remedy.failed:
        at = remedy.finished_at or remedy.applied_at
        yield at, 7, facts.quote(f"The fix failed: {remedy.failed}", "remedy.failed")
    elif remedy.finished_at:
        took = span(remedy.applied_at, remedy.finished_at)
        text = f"Mitigated: the fix was in place, {took} after it was begun."
        yield remedy.finished_at, 7, Statement(text, ("remedy.finished_at", "remedy.applied_at"))


def _ended(facts: Facts) -> Event:
    recovered, mitigated = facts.incident.recovered_at, facts.incident.mitigated_at
    if recovered is None:
        source, last = facts.last
        text = "Still ongoing at the last entry: not every signal was back in its baseline."
        return last, 9, Statement(text, (source, "recovered_at"))
    if mitigated is None:
        text = "Resolved without a fix: every signal was back in its baseline."
        return recovered, 9, Statement(text, ("recovered_at", "mitigated_at"))
    after = span(mitigated, recovered)
    text = f"Resolved: every signal was back in its baseline, {after} after the fix was in place."
    return recovered, 9, Statement(text, ("recovered_at", "mitigated_at"))

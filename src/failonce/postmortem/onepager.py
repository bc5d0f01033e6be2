"""The executive one-pager: what happened, what it cost, why, and what is done so that it does not happen again.

Sentences for somebody who has half a minute and no monitoring at hand; numbers only where they decide something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from failonce.model.action import ActionItem, ActionState
from failonce.model.diagnosis import LinkKind
from failonce.model.incident import Incident
from failonce.postmortem import view
from failonce.postmortem.format import day, number, sentence
from failonce.postmortem.known import figures, lede
from failonce.postmortem.prose import counted, lasting
from failonce.postmortem.read import Facts

_MOST_TASKS = 6
_MOST_ENTRIES = 8
_LONGEST = 260
_CLOSED = (ActionState.DECLINED, ActionState.EXPIRED)


def of_incident(incident: Incident, actions: Sequence[ActionItem]) -> dict[str, Any]:
    """Return the page of an incident."""
    open_actions = [action for action in actions if action.state not in _CLOSED]
    return {
        "summary": summary(incident, len(open_actions)),
        "figures": view.key_figures(incident),
        "cards": [
            {"kind": c.kind, "name": c.name, "text": c.links[0].statement} for c in view.cards(incident.diagnosis.chain)
        ],
        "entries": [],
        "tasks": [_task(action) for action in open_actions[:_MOST_TASKS]],
        "tasks_note": _nobody(open_actions),
        "more_tasks": max(0, len(open_actions) - _MOST_TASKS),
    }


def of_document(facts: Facts) -> dict[str, Any]:
    """Return the page of somebody's document: only what it says."""
    told = (("impact", "What users met", facts.user_experience), ("cause", "Root cause", facts.root_cause_summary))
    return {
        "eyebrow": "Postmortem",
        "when": "",
        "lede": "",
        "summary": lede(facts),
        "figures": figures(facts),
        "cards": [{"kind": kind, "name": name, "text": cut(str(fact.value))} for kind, name, fact in told if fact],
        "entries": [cut(str(entry.value)) for entry in facts.timeline_entries[:_MOST_ENTRIES]],
        "tasks_note": "",
        "tasks": [{"text": cut(str(fact.value)), "note": ""} for fact in facts.action_items[:_MOST_TASKS]],
        "more_tasks": max(0, len(facts.action_items) - _MOST_TASKS),
    }


def summary(incident: Incident, tasks: int) -> str:
    """Return the incident in four sentences."""
    return " ".join(filter(None, (_what(incident), _why(incident), _how_ended(incident), _what_next(tasks))))


def cut(text: str, longest: int = _LONGEST) -> str:
    """Return a text on one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest].rsplit(' ', 1)[0]} …"


def _what(incident: Incident) -> str:
    onset, end, impact = incident.diagnosis.onset_at, incident.recovered_at, incident.impact
    lasted = f"for {lasting((end - onset).total_seconds())}" if end else "and had not recovered when this was written"
    if impact is None or not impact.requests:
        return f"On {day(onset)} {incident.target} did not work as it should {lasted}."
    failed = round(100 * impact.failed / impact.requests)
    met = f"{number(round(impact.affected_percent))} % of all requests failed or were slow"
    return f"On {day(onset)}, {met} on {incident.target} {lasted}; {failed or 'fewer than 1'} % failed outright."


def _why(incident: Incident) -> str:
    chain = incident.diagnosis.chain
    if incident.diagnosis.cause is None:
        return "The cause is not yet determined."
    link = next((link for kind in (LinkKind.TRIGGER, LinkKind.CAUSE) for link in chain if link.kind is kind), None)
    return f"The reason: {_within(sentence(link.statement))}" if link else ""


def _within(text: str) -> str:
    """Return a sentence as it goes on after a colon."""
    first, blank, rest = text.partition(" ")
    return f"{first.lower()}{blank}{rest}" if first in ("The", "A", "An", "Each", "No") else text


def _how_ended(incident: Incident) -> str:
    remedy, onset = incident.remedy, incident.diagnosis.onset_at
    if remedy is None or incident.mitigated_at is None:
        return "It ended without a fix." if incident.recovered_at else "No fix is in place."
    after = lasting((incident.mitigated_at - onset).total_seconds())
    return f"The fix was in place {after} after the first sign."


def _what_next(tasks: int) -> str:
    if not tasks:
        return "No task is written down against its return."
    return f"{counted(tasks, 'task').capitalize()} must be done so that it does not happen again."


def _task(action: ActionItem) -> dict[str, str]:
    known = (action.owner, f"due {action.due.isoformat()}" if action.due else None)
    return {"text": cut(action.text.replace("`", "")), "note": ", ".join(filter(None, known))}


def _nobody(actions: Sequence[ActionItem]) -> str:
    """Say it once when no task has an owner or a date: it is what a director can change."""
    if not actions or any(action.owner or action.due for action in actions):
        return ""
    return "None of them has an owner or a date yet."

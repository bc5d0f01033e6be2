"""The executive one-pager: what happened, what it cost, why, and what is done so that it does not happen again.

Sentences for somebody who has half a minute and no monitoring at hand; numbers only where they decide something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from failonce.model.action import ActionItem, ActionState
from failonce.model.incident import Incident
from failonce.postmortem import view
from failonce.postmortem.brief import brief
from failonce.postmortem.known import figures, lede
from failonce.postmortem.read import Facts

_MOST_TASKS = 6
_MOST_ENTRIES = 8
_LONGEST = 260
_WORD = re.compile(r"[A-Za-z]{3,}")
_FEWEST_WORDS = 3
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
        "entries": [cut(entry) for entry in _telling(facts)[:_MOST_ENTRIES]],
        "tasks_note": "",
        "tasks": [{"text": cut(str(fact.value)), "note": ""} for fact in facts.action_items[:_MOST_TASKS]],
        "more_tasks": max(0, len(facts.action_items) - _MOST_TASKS),
    }


def _telling(facts: Facts) -> list[str]:
    """The timeline's entries that say more than when."""
    return [told for entry in facts.timeline_entries if len(_WORD.findall(told := str(entry.value))) >= _FEWEST_WORDS]


def summary(incident: Incident, tasks: int) -> str:
    """Return the incident in four sentences."""
    return " ".join(statement.text for statement in brief(incident, tasks))


def cut(text: str, longest: int = _LONGEST) -> str:
    """Return a text on one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest].rsplit(' ', 1)[0]} …"


def _task(action: ActionItem) -> dict[str, str]:
    known = (action.owner, f"due {action.due.isoformat()}" if action.due else None)
    return {"text": cut(action.text.replace("`", "")), "note": ", ".join(filter(None, known))}


def _nobody(actions: Sequence[ActionItem]) -> str:
    """Say it once when no task has an owner or a date: it is what a director can change."""
    if not actions or any(action.owner or action.due for action in actions):
        return ""
    return "None of them has an owner or a date yet."

"""Corrective and preventative measures: what can be improved, and the tasks."""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.action import ActionItem, ActionState
from failonce.model.incident import EntryKind
from failonce.postmortem.facts import Facts
from failonce.postmortem.kinds import kind_of
from failonce.postmortem.prose import lead, quoted, span
from failonce.postmortem.statement import ALWAYS, Line, Statement

#: Tasks that always stand, and those that come before anything else; the rest stand as far as they have room.
_FEWEST_TASKS, _USUAL_TASKS = 5, 6


def improvement_lines(facts: Facts) -> Iterator[Line]:
    """Yield what can be improved, broadly: to prevent it, to detect it, to end it."""
    for statement in (_prevent(facts), _detect(facts), _end(facts), *_escalate(facts)):
        yield Line("- ", (statement,))


def task_lines(facts: Facts) -> Iterator[Line]:
    """Yield the action items as a TODO."""
    for number, action in enumerate(facts.actions):
        rank = ALWAYS if number < _FEWEST_TASKS else 1 if number < _USUAL_TASKS else 3
        yield Line(_box(action), (facts.quote(action.text.rstrip(" :"), f"actions[{number}]", rank),))
    if not facts.actions:
        yield Line("- ", (Statement("No task was derived from this incident.", ("actions",)),))
    elif not any(action.owner or action.due for action in facts.actions):
        text = "No task has an owner or a date yet; whoever reads this first should give it both."
        yield Line("", (Statement(text, ("actions[0].owner", "actions[0].due"), 6),))


def _box(action: ActionItem) -> str:
    done = "x" if action.state in (ActionState.IMPLEMENTED, ActionState.VERIFIED) else " "
    name = quoted(action.id.rpartition("-")[2] or action.id, 1).rstrip(".")
    owner = f"; {quoted(action.owner, 4).rstrip('.')}" if action.owner else ""
    due = f"; due {action.due.isoformat()}" if action.due else ""
    return f"- [{done}] **{name}** ({action.kind.value}{owner}{due}): "


def _prevent(facts: Facts) -> Statement:
    diagnosis = facts.incident.diagnosis
    if diagnosis.cause is None:
        text = (
            "What stayed out of sight should be visible before the next outage, or its cause will not be told either."
        )
        return Statement(text, ("diagnosis.abstained", "diagnosis.gaps"))
    if kind := kind_of(diagnosis):
        return Statement(kind.weakness, ("diagnosis.cause", "diagnosis.chain"))
    return facts.quote(
        f"The cause, “{lead(diagnosis.cause)}”, should be caught before users meet it.", "diagnosis.cause"
    )


def _detect(facts: Facts) -> Statement:
    diagnosis = facts.incident.diagnosis
    text = f"Detection took {span(diagnosis.onset_at, diagnosis.detected_at)}"
    if diagnosis.diagnosed_at and diagnosis.cause:
        named = span(diagnosis.onset_at, diagnosis.diagnosed_at)
        text += f", and the cause was named {named} after the start: no fix could begin before."
    else:
        text += ", and no cause was named after it."
    return Statement(text, ("diagnosis.detected_at", "diagnosis.diagnosed_at"), 1)


def _end(facts: Facts) -> Statement:
    remedy = facts.incident.remedy
    if remedy and remedy.applied_at and remedy.finished_at and not remedy.failed:
        text = f"Applying the fix took {span(remedy.applied_at, remedy.finished_at)}: only prevention is quicker."
        return Statement(text, ("remedy.applied_at", "remedy.finished_at"), 2)
    return Statement("Nothing that was done shortened the outage: no fix is in place.", ("remedy", "mitigated_at"), 2)


def _escalate(facts: Facts) -> Iterator[Statement]:
    if not any(True for _ in facts.entries(EntryKind.ESCALATED)):
        text = "No escalation is on record: whom to call should be settled before the next outage."
        yield Statement(text, ("timeline",), 6)

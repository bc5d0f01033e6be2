"""Resolution: what ended the outage, how it was proven, how to undo it; or that nothing was done."""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount
from failonce.model.remedy import PlanProof, Remedy
from failonce.postmortem.facts import Facts
from failonce.postmortem.prose import clock, inner, lead
from failonce.postmortem.statement import Line, Statement

_LONGEST_UNDO = 160


def lines(facts: Facts) -> Iterator[Line]:
    """Yield how the outage was ended, or why it was not."""
    remedy = facts.incident.remedy
    if remedy is None:
        yield Line("", tuple(_no_remedy(facts)))
        return
    yield Line("", (facts.quote(remedy.statement, "remedy.statement"), _applied(remedy)), remedy.sql)
    yield Line("", (_proof(facts, remedy),))
    if remedy.undo and len(remedy.undo) <= _LONGEST_UNDO:
        undo = " ".join(remedy.undo.replace("`", "").split())
        yield Line("", (Statement(f"To undo it, run `{undo}`.", ("remedy.undo",), 5),))
    if facts.incident.recovered_at is None:
        text = "Whether it ends the outage is not known: no recovery was seen."
        yield Line("", (Statement(text, ("recovered_at",), 1),))


def _applied(remedy: Remedy) -> Statement:
    """Return what became of the fix; it leads up to the SQL when there is some."""
    end = ":" if remedy.sql else "."
    if remedy.applied_at is None:
        return Statement(f"This fix was proposed and not applied{end}", ("remedy.applied_at",))
    began = clock(remedy.applied_at)
    if remedy.failed:
        text = f"failonce began this fix at {began} and it failed, so it is not in place{end}"
        return Statement(text, ("remedy.applied_at", "remedy.failed"))
    if remedy.finished_at is None:
        text = f"failonce began this fix at {began}; its end was not seen{end}"
    else:
        text = f"failonce applied this fix from {began} to {clock(remedy.finished_at)}, under the operator role{end}"
    return Statement(text, ("remedy.applied_at", "remedy.finished_at"))


def _proof(facts: Facts, remedy: Remedy) -> Statement:
    if remedy.proof:
        return facts.quote(_planned(remedy.proof), "remedy.proof")
    if remedy.unproven:
        return facts.quote(f"No plan proves it: {inner(remedy.unproven)}", "remedy.unproven", 1)
    return Statement("No plan was asked for to prove it.", ("remedy.proof",), 5)


def _planned(proof: PlanProof) -> str:
    where = "with a hypothetical index"
    if proof.where == "twin":
        where = "on a twin (production's planner statistics without its data)"
    before, after = proof.before, proof.after
    if before.node == after.node:
        costs = f"{amount(before.cost)} to {amount(after.cost)}"
        return f"Proof: planned {where}, it takes the statement's cost from {costs}; {after.node} is in both plans."
    told = f"{before.node} (cost {amount(before.cost)}) into {after.node} (cost {amount(after.cost)})"
    return f"Proof: planned {where}, it turns {told}."


def _no_remedy(facts: Facts) -> Iterator[Statement]:
    cause, recovered = facts.incident.diagnosis.cause, facts.incident.recovered_at
    if recovered:
        text = f"No fix was applied: the outage resolved itself, and by {clock(recovered)} it was over."
    else:
        text = "No fix was applied, and the outage is not resolved: every signal has yet to return to its baseline."
    yield Statement(text, ("remedy", "recovered_at"))
    text = "failonce proposes none while the cause is not determined."
    if cause:
        text = f"failonce proposes no fix of its own against the cause “{lead(cause)}”."
    yield facts.quote(text, "remedy", 1)
    if recovered:
        text = "What brought the signals back is not on record, nor whether a fix would have brought them back sooner."
        yield Statement(text, ("remedy", "mitigated_at"), 8)

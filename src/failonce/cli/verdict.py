"""A diagnosis on a terminal: the chain, the culprit, the ledger of wrong leads, and what could not be seen."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from failonce.model.diagnosis import Culprit, Diagnosis, Evidence, Link

_STYLES = {"trigger": "yellow", "cause": "bold red", "mechanism": "magenta", "symptom": "cyan"}
#: Evidence shown with each link, and wrong leads shown; all of it is in diagnosis.json.
_SHOWN = 2
_LEADS = 9


def verdict(diagnosis: Diagnosis) -> RenderableType:
    """Return the diagnosis as a person reads it."""
    parts: list[RenderableType] = []
    if diagnosis.abstained:
        parts.append(Text("No cause could be named from what was seen.", style="bold yellow"))
    else:
        parts.append(_chain(diagnosis.chain))
    named = ((diagnosis.culprit, diagnosis.confidence), *((v.culprit, v.confidence) for v in diagnosis.also))
    for culprit, confidence in named:
        if culprit is not None:
            parts += [Text(), _culprit(culprit, confidence)]
    if diagnosis.without is not None:
        parts.append(_without(diagnosis.without))
    if diagnosis.ruled_out:
        parts += [Text(), _ledger(diagnosis)]
    return Group(*parts)


def _grid() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=10)
    table.add_column(overflow="fold")
    return table


def _chain(links: tuple[Link, ...]) -> Table:
    table = _grid()
    for link in links:
        table.add_row(Text(link.kind.value, style=_STYLES[link.kind.value]), Text(link.statement, style="bold"))
        for evidence in link.evidence[:_SHOWN]:
            if evidence.statement != link.statement:
                table.add_row("", _evidence(evidence))
    return table


def _evidence(evidence: Evidence) -> Text:
    return Text(evidence.statement, style="dim")


def _culprit(culprit: Culprit, confidence: float) -> Table:
    table = _grid()
    table.add_row(Text("culprit", style="bold red"), Text(culprit.query or _not_a_statement(culprit), style="red"))
    facts = [f"fingerprint {culprit.fingerprint}"] if culprit.fingerprint else []
    facts += [f"reads {', '.join(culprit.relations) or 'no table'}"] if culprit.query else []
    facts += [f"release {culprit.release}"] if culprit.release else []
    facts += [f"{len(culprit.sessions)} sessions"] if culprit.sessions else []
    facts += [f"confidence {confidence:.0%}"]
    table.add_row("", Text(" · ".join(facts), style="dim"))
    return table


def _without(evidence: Evidence) -> Table:
    """Return the counterfactual, beneath whom it takes away."""
    table = _grid()
    table.add_row("", _evidence(evidence))
    return table


def _not_a_statement(culprit: Culprit) -> str:
    """Return who did it where no statement is blamed: sessions, or the object that statements could not use."""
    about = ", ".join(culprit.relations)
    if not culprit.sessions:
        return f"{about}, no statement" if about else "no statement"
    who = f"session {', '.join(map(str, culprit.sessions[:5]))}"
    return f"{who}{f' on {about}' if about else ''}, no statement"


def _ledger(diagnosis: Diagnosis) -> Table:
    """Return the wrong leads, each with the measurement that rules it out."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=10)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for number, lead in enumerate(diagnosis.ruled_out[:_LEADS]):
        why = lead.evidence[0].statement if lead.evidence else lead.statement
        table.add_row(Text("ruled out" if number == 0 else "", style="green"), Text(lead.id), Text(why, style="dim"))
    more = [lead.id for lead in diagnosis.ruled_out[_LEADS:]]
    if more:
        table.add_row("", Text(f"{len(more)} more"), Text(", ".join(more), style="dim"))
    return table

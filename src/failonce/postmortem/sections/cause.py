"""Root cause: the causal chain, link by link, each with its measurements; and what stayed unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from failonce.amount import percent
from failonce.model.diagnosis import LATENT, Culprit, Evidence, LinkKind, Verdict
from failonce.postmortem.facts import Facts
from failonce.postmortem.prose import counted, lead, listed, moved
from failonce.postmortem.sqllayout import over_lines
from failonce.postmortem.statement import ALWAYS, Line, Statement

_LABELS = {LinkKind.TRIGGER: "Trigger", LinkKind.MECHANISM: "Mechanism", LinkKind.SYMPTOM: "Symptom"}


def lines(facts: Facts) -> Iterator[Line]:
    """Yield how the outage came about."""
    diagnosis = facts.incident.diagnosis
    yield _chain(facts, LinkKind.TRIGGER)
    yield Line("**Cause:** ", tuple(_cause(facts)))
    if diagnosis.culprit:
        yield _culprit(diagnosis.culprit)
    else:
        text = "No statement, session or release is to blame: the diagnosis names no culprit."
        if diagnosis.cause is None:
            text = "No statement, session or release is blamed while the cause is not determined."
        yield Line("", (Statement(text, ("diagnosis.culprit", "diagnosis.cause"), 1 if diagnosis.cause else 6),))
    if diagnosis.without:
        yield Line("", (facts.measured(diagnosis.without, "diagnosis.without", 1 if diagnosis.also else ALWAYS),))
    yield _chain(facts, LinkKind.MECHANISM)
    yield _chain(facts, LinkKind.SYMPTOM)
    for number, other in enumerate(diagnosis.also):
        yield Line("**At the same time:** ", tuple(_beside(facts, other, f"diagnosis.also[{number}]")))
    yield Line("**Not known:** ", tuple(_unknown(facts)))


def _chain(facts: Facts, kind: LinkKind) -> Line:
    """Return the links of a kind: the first before its measurements, and those before further links."""
    parts: list[Statement] = []
    for number, (source, link) in enumerate(facts.links(kind)):
        # A trigger that was found is in the summary already.
        always = ALWAYS if kind is LinkKind.MECHANISM or link.id == LATENT else 1
        parts.append(facts.quote(moved(link.statement), source, always if number == 0 else 2))
        # A sentence with its numbers in it needs no measurement beside it.
        first = 4 if any(c.isdigit() for c in link.statement) else 2 + number
        for index, evidence in enumerate(link.evidence):
            parts.append(facts.measured(evidence, f"{source}.evidence[{index}]", first if index == 0 else 5))
    if not parts:
        text = f"No {_LABELS[kind].lower()} is on record: no link of the causal chain tells of one."
        # Where no cause is named, a reader asks for what set it off all the more.
        asked_for = kind is LinkKind.TRIGGER and facts.incident.diagnosis.cause is None
        parts.append(Statement(text, ("diagnosis.chain",), ALWAYS if asked_for else 6))
    return Line(f"**{_LABELS[kind]}:** ", tuple(parts))


def _cause(facts: Facts) -> Iterator[Statement]:
    diagnosis = facts.incident.diagnosis
    for source, link in facts.links(LinkKind.CAUSE):
        if not link.evidence:
            text = "The link that names the cause carries no measurement of its own."
            yield Statement(text, (f"{source}.evidence",), 1)
        for number, index in enumerate(_by_rise(link.evidence)):
            rank = ALWAYS if number == 0 else 1 if number == 1 else 4
            yield facts.measured(link.evidence[index], f"{source}.evidence[{index}]", rank)
    if diagnosis.cause:
        if not any(True for _ in facts.links(LinkKind.CAUSE)):
            text = "The causal chain holds no link for the cause, so the way from it to the users is not told."
            yield Statement(text, ("diagnosis.chain",))
        text = f"The confidence of this verdict, “{lead(diagnosis.cause)}”, is {percent(diagnosis.confidence)}."
        yield facts.quote(text, "diagnosis.confidence", 4)
    else:
        text = "What caused the outage is not determined: of the leads examined, none is supported by its measurements."
        yield Statement(text, ("diagnosis.abstained",))


def _beside(facts: Facts, other: Verdict, source: str) -> Iterator[Statement]:
    """Tell another cause that was at work: what it is, whose it is, and its first measurement."""
    yield facts.quote(other.statement, source)
    if other.culprit and other.culprit.fingerprint:
        yield Statement(f"Its statement is `{other.culprit.fingerprint}`.", (f"{source}.culprit",), 1)
    for index, evidence in enumerate(other.evidence[:2]):
        yield facts.measured(evidence, f"{source}.evidence[{index}]", 1 + 2 * index)


def _by_rise(evidence: Sequence[Evidence]) -> list[int]:
    """Return the places of evidence, what left its baseline furthest first."""

    def rise(place: int) -> float:
        value, before = evidence[place].value, evidence[place].baseline
        return value / before if isinstance(value, int | float) and isinstance(before, int | float) and before else 0.0

    return sorted(range(len(evidence)), key=rise, reverse=True)


def _culprit(culprit: Culprit) -> Line:
    """Return who did it, and the text of the statement."""
    reads = f", which reads {listed(f'`{r}`' for r in culprit.relations[:4])}" if culprit.relations else ""
    seen = f", seen in {counted(len(culprit.sessions), 'session')}" if culprit.sessions else ""
    release = f" under release {culprit.release}" if culprit.release else ""
    if culprit.fingerprint is None:
        about = f": this is about {listed(f'`{r}`' for r in culprit.relations[:4])}" if culprit.relations else ""
        return Line("", (Statement(f"No statement is to blame{about}{seen}{release}.", ("diagnosis.culprit",)),))
    if culprit.query is None:
        text = f"The culprit is no statement whose text is known{reads}{seen}{release}."
        return Line("", (Statement(text, ("diagnosis.culprit",)),))
    text = f"The culprit is statement `{culprit.fingerprint}`{reads}{seen}{release}:"
    return Line("", (Statement(text, ("diagnosis.culprit",)),), over_lines(culprit.query))


def _unknown(facts: Facts) -> Iterator[Statement]:
    """Yield what stayed open and what could not be seen; where no cause is named, that is the explanation."""
    diagnosis = facts.incident.diagnosis
    first = ALWAYS if diagnosis.cause is None else 4
    for number, opened in enumerate(diagnosis.open_leads):
        yield facts.quote(opened.statement, f"diagnosis.open_leads[{number}]", first if number == 0 else first + 1)
    for number, gap in enumerate(diagnosis.gaps):
        rank = first if number == 0 else first + 1
        yield facts.quote(gap.reason, f"diagnosis.gaps[{number}].reason", rank)
        yield facts.quote(gap.impact, f"diagnosis.gaps[{number}].impact", rank)
    if not diagnosis.gaps:
        text = "No source of facts reported a gap, so nothing that was asked for stayed out of sight."
        yield Statement(text, ("diagnosis.gaps",), 7)
    if not diagnosis.open_leads:
        yield Statement("No lead stayed open beside those named above.", ("diagnosis.open_leads",), 7)

"""What the page says, as plain values in the order a reader meets them; the template only sets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from failonce.model.diagnosis import LATENT, Culprit, Diagnosis, Evidence, Link, LinkKind, RuledOut
from failonce.model.incident import EntryKind, Incident, TimelineEntry
from failonce.model.remedy import PlanProof
from failonce.postmortem.format import UNSEEN, clock, day, duration, milliseconds, number, quantity, sentence, words
from failonce.postmortem.prose import inner

# A later clock is worth a word from here on; below it is the sampler's own second.
_LATE_S = 1.0
_KEY_EVIDENCE = 3
# What is longer is no number to set beside another: a definition, a text.
_SHORT = 24

_KINDS = {
    LinkKind.TRIGGER: "Trigger",
    LinkKind.CAUSE: "Root cause",
    LinkKind.MECHANISM: "Mechanism",
    LinkKind.SYMPTOM: "Symptom",
}


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure of the head of the page."""

    label: str
    value: str
    note: str = ""
    #: It is what users suffered.
    is_failure: bool = False

    @property
    def is_unseen(self) -> bool:
        return self.value == UNSEEN


@dataclass(frozen=True, slots=True)
class Reading:
    """A measurement before and during; `before` is None when there was nothing to compare with."""

    statement: str
    before: str | None
    during: str
    unit: str

    @property
    def was(self) -> str | None:
        """What it was before, without a unit that follows anyway."""
        tail = f" {self.unit}"
        if self.before is None or not self.unit or not self.during.endswith(tail):
            return self.before
        return self.before.removesuffix(tail)

    @property
    def is_short(self) -> bool:
        return len(self.during) <= _SHORT and len(self.before or "") <= _SHORT


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One statement of a card."""

    statement: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """All links of one kind."""

    kind: str
    name: str
    links: tuple[ChainLink, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """One line of the ledger."""

    name: str
    statement: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline."""

    at: datetime
    time: str
    kind: str
    text: str
    #: How much later it was written down; empty when at once.
    written_later: str


def status(incident: Incident) -> str:
    if incident.recovered_at is not None:
        return "recovered"
    return "mitigated" if incident.mitigated_at is not None else "ongoing"


def summary(incident: Incident) -> str:
    """Return what happened, for whoever reads one sentence only: what triggered it and what it was."""
    diagnosis = incident.diagnosis
    if diagnosis.abstained or diagnosis.cause is None:
        return "The cause is not determined: what was measured does not carry a verdict."
    told = [link for link in diagnosis.chain if link.kind is LinkKind.CAUSE]
    named = [link for link in told if link.id == diagnosis.cause] or told
    trigger = [link for link in diagnosis.chain if link.kind is LinkKind.TRIGGER and link.id != LATENT]
    return " ".join(dict.fromkeys(sentence(link.statement) for link in (*trigger[:1], *named[:1])))


def key_figures(incident: Incident) -> tuple[KeyFigure, ...]:
    """Return the row of figures at the head of the page."""
    diagnosis, onset_at = incident.diagnosis, incident.diagnosis.onset_at
    end = incident.recovered_at
    return (
        _elapsed("Time to detect", onset_at, diagnosis.detected_at),
        _elapsed("Time to diagnose", onset_at, diagnosis.diagnosed_at),
        _elapsed("Time to mitigate", onset_at, incident.mitigated_at),
        KeyFigure("Duration", _since(onset_at, end), "onset to recovery" if end else "recovery not seen"),
        *_suffered(incident),
    )


def _suffered(incident: Incident) -> tuple[KeyFigure, KeyFigure]:
    impact = incident.impact
    if impact is None:
        return KeyFigure("Requests affected", UNSEEN), KeyFigure("Response time, p95", UNSEEN)
    return (
        KeyFigure(
            "Requests affected",
            f"{number(impact.affected_percent)} %",
            f"{impact.failed:,} failed, {impact.slow:,} slow",
            is_failure=True,
        ),
        KeyFigure(
            "Response time, p95",
            milliseconds(impact.p95_worst_ms),
            f"at worst; before: {milliseconds(impact.p95_before_ms)}",
            is_failure=True,
        ),
    )


def _elapsed(label: str, onset_at: datetime, at: datetime | None) -> KeyFigure:
    return KeyFigure(label, _since(onset_at, at), "from the onset" if at else "")


def _since(onset_at: datetime, at: datetime | None) -> str:
    return duration((at - onset_at).total_seconds() if at else None)


def cards(chain: Sequence[Link]) -> tuple[Card, ...]:
    """Return the causal chain as cards, one for each kind that is known, first to last."""
    grouped = ((kind, [link for link in chain if link.kind is kind]) for kind in LinkKind)
    return tuple(
        Card(kind.value, _KINDS[kind], tuple(_link(link) for link in links)) for kind, links in grouped if links
    )


def _link(link: Link) -> ChainLink:
    """Return a link with its key evidence: what can be set against a baseline goes before what cannot."""
    readings = sorted((reading(evidence) for evidence in link.evidence), key=lambda r: r.before is None)
    return ChainLink(sentence(link.statement), tuple(readings[:_KEY_EVIDENCE]))


def reading(evidence: Evidence) -> Reading:
    """Return a measurement in words."""
    before = None if evidence.baseline is None else quantity(evidence.baseline, evidence.unit)
    return Reading(sentence(evidence.statement), before, quantity(evidence.value, evidence.unit), evidence.unit)


def without(diagnosis: Diagnosis) -> str:
    """Return what would be left without the culprit; empty when that is not known."""
    return sentence(diagnosis.without.statement) if diagnosis.without else ""


def leads(ledger: Sequence[RuledOut]) -> tuple[Lead, ...]:
    """Return the ledger's lines; a lead's own statement is needed only where no measurement speaks."""
    return tuple(Lead(words(lead.id), sentence(lead.statement), tuple(map(reading, lead.evidence))) for lead in ledger)


def entries(timeline: Sequence[TimelineEntry]) -> tuple[Entry, ...]:
    """Return the timeline's rows; many leads ruled out at once are one, since each has its row in their own table."""
    rows: list[Entry] = []
    for (kind, _), together in groupby(timeline, key=lambda entry: (entry.kind, entry.happened_at)):
        same = list(together)
        if kind is EntryKind.RULED_OUT and len(same) >= MANY_LEADS:
            names = ", ".join(inner(entry.text.split(" is ruled out", 1)[0]) for entry in same)
            same = [replace(same[0], text=f"{len(same)} wrong leads are ruled out: {names}.")]
        rows.extend(map(_entry, same))
    return tuple(rows)


#: Leads ruled out at the same instant from which they are one row: each has its own in the ledger.
MANY_LEADS = 3


def _entry(entry: TimelineEntry) -> Entry:
    late_s = (entry.recorded_at - entry.happened_at).total_seconds()
    later = f"written down {duration(late_s)} later" if late_s > _LATE_S else ""
    return Entry(entry.happened_at, clock(entry.happened_at), entry.kind.value, sentence(entry.text), later)


def days(timeline: Sequence[TimelineEntry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(day(entry.happened_at) for entry in timeline))


def culprit_facts(culprit: Culprit) -> Iterator[tuple[str, str]]:
    """Yield what is known of the culprit besides its text."""
    if culprit.fingerprint:
        yield "Fingerprint", culprit.fingerprint
    if culprit.relations:
        yield ("Relation" if len(culprit.relations) == 1 else "Relations"), ", ".join(culprit.relations)
    yield "Release", culprit.release or UNSEEN
    yield "Sessions", _sessions(culprit.sessions)


def _sessions(pids: Sequence[int]) -> str:
    if not pids:
        return UNSEEN
    told = ", ".join(map(str, pids[:6]))
    return f"{len(pids):,} (pid {told}{', …' if len(pids) > 6 else ''})"


def plan_lines(plan: str) -> tuple[tuple[int, str], ...]:
    """Return a plan's lines, each with its indent: where a wrapped line has to go on."""
    return tuple((len(line) - len(line.lstrip()), line) for line in plan.rstrip().split("\n"))


def gain(proof: PlanProof) -> str:
    """Return by how much the fix makes the plan cheaper; empty when it does not."""
    if proof.after.cost <= 0 or proof.before.cost <= proof.after.cost:
        return ""
    factor = proof.before.cost / proof.after.cost
    return f"{number(round(factor) if factor >= 10 else factor)} times cheaper"

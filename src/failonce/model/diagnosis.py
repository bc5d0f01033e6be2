"""What failed and why, with evidence for and against: the result of `diagnose`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from failonce.model.snapshot import Gap

#: ID of the link that says that no trigger was seen.
LATENT = "latent"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where in the recording a measurement can be found again."""

    #: The part of the Snapshot: `sessions`, `statements`, `application`, ...
    source: str
    from_at: datetime
    to_at: datetime
    #: Which row of that part: a fingerprint, a relation, a route.
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A measured statement for or against a cause."""

    statement: str
    value: float | str | None
    baseline: float | str | None
    unit: str
    pointer: Pointer
    #: True speaks for the cause, False against it.
    supports: bool = True


class Status(StrEnum):
    """How sure a verdict is."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    RULED_OUT = "ruled out"
    CANNOT_TELL = "cannot tell"


class LinkKind(StrEnum):
    """The four links of a causal chain, first to last."""

    TRIGGER = "trigger"
    CAUSE = "cause"
    MECHANISM = "mechanism"
    SYMPTOM = "symptom"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the causal chain."""

    kind: LinkKind
    id: str
    statement: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Culprit:
    """Who did it: a statement, its relations, its release and its sessions, as far as known."""

    #: The normalised text; None when a session or release is to blame, not a statement.
    query: str | None
    fingerprint: str | None
    relations: tuple[str, ...]
    release: str | None
    #: Pids seen running it during the incident.
    sessions: tuple[int, ...]
    #: Whose sessions they are, as application_name has it; None when several applications' or not known.
    application: str | None = None
    #: The role they run under.
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one cause's examination says."""

    #: The cause's ID.
    id: str
    status: Status
    #: 0..1; orders verdicts of equal status.
    confidence: float
    statement: str
    evidence: tuple[Evidence, ...]
    culprit: Culprit | None = None
    #: The links this cause contributes when it is named.
    chain: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A wrong lead, and the measurements that rule it out."""

    id: str
    statement: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The causal chain, the culprit and the ledger of wrong leads; or an abstention."""

    chain: tuple[Link, ...]
    #: ID of the cause link; None when abstained.
    cause: str | None
    confidence: float
    abstained: bool
    culprit: Culprit | None
    ruled_out: tuple[RuledOut, ...]
    #: Leads that could be neither confirmed nor ruled out.
    open_leads: tuple[RuledOut, ...]
    gaps: tuple[Gap, ...]
    onset_at: datetime
    detected_at: datetime
    diagnosed_at: datetime | None
    #: Further causes at work at the same time, each with a culprit or a measurement of its own, the surest first.
    also: tuple[Verdict, ...] = ()
    #: The counterfactual: the load that would be left without those blamed; None where it is not in sessions.
    without: Evidence | None = None

    @property
    def causes(self) -> frozenset[str]:
        """IDs of all causes that are named."""
        return frozenset(name for name in (self.cause, *(v.id for v in self.also)) if name is not None)

    @property
    def culprits(self) -> tuple[Culprit, ...]:
        """Everybody who is blamed, for the first cause first."""
        return tuple(who for who in (self.culprit, *(v.culprit for v in self.also)) if who is not None)

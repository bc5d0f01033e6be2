"""An incident as the sections of its postmortem ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from failonce.model.action import ActionItem
from failonce.model.diagnosis import Evidence, Link, LinkKind
from failonce.model.incident import EntryKind, Incident, TimelineEntry
from failonce.postmortem.prose import quoted, told
from failonce.postmortem.statement import ALWAYS, Statement


@dataclass(frozen=True, slots=True)
class Facts:
    """An incident, its action items, and how many words of somebody else's sentence have room."""

    incident: Incident
    actions: tuple[ActionItem, ...]
    most_words: int

    def quote(self, text: str, source: str, rank: int = ALWAYS) -> Statement:
        """Return somebody's sentence as it stands; a colon at its end announces nothing here."""
        return Statement(quoted(text.rstrip(": \t\n"), self.most_words), (source,), rank)

    def measured(self, evidence: Evidence, source: str, rank: int = ALWAYS) -> Statement:
        """Return an evidence's sentence, its numbers in it."""
        return self.quote(told(evidence), source, rank)

    @property
    def service(self) -> str:
        """The target's name, as it is written."""
        return f"`{' '.join(self.incident.target.replace('`', '').split()) or 'unnamed'}`"

    def links(self, kind: LinkKind) -> Iterator[tuple[str, Link]]:
        """Yield the links of a kind, each with where it is."""
        for number, link in enumerate(self.incident.diagnosis.chain):
            if link.kind is kind:
                yield f"diagnosis.chain[{number}]", link

    def entries(self, kind: EntryKind) -> Iterator[tuple[str, TimelineEntry]]:
        """Yield the timeline's entries of a kind, each with where it is."""
        for number, entry in enumerate(self.incident.timeline):
            if entry.kind is kind:
                yield f"timeline[{number}]", entry

    @property
    def last(self) -> tuple[str, datetime]:
        """The last instant known of, and where it is."""
        diagnosis = self.incident.diagnosis
        known = {
            "diagnosis.detected_at": diagnosis.detected_at,
            "diagnosis.diagnosed_at": diagnosis.diagnosed_at,
            "mitigated_at": self.incident.mitigated_at,
            "recovered_at": self.incident.recovered_at,
            **{f"timeline[{n}].happened_at": entry.happened_at for n, entry in enumerate(self.incident.timeline)},
        }
        return max(((source, at) for source, at in known.items() if at is not None), key=lambda pair: pair[1])

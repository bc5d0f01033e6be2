"""What failonce measured, as the book keeps it: the document, and the dossier that follows from it."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from failonce.model.diagnosis import LinkKind
from failonce.model.dossier import Dossier, FailureClass, IncidentState, Moments, Origin
from failonce.model.incident import Incident


def document(incident: Incident) -> object:
    """Return the incident without its timeline, in JSON, field by field."""
    bare = replace(incident, timeline=())
    text = msgspec.json.encode(bare)
    # JSON has no infinity and no NaN. Better a fault now than an incident that cannot be read in a year.
    if msgspec.json.decode(text, type=Incident) != bare:
        raise ValueError(f"Incident {incident.id} would not be read back as it is")
    return msgspec.json.decode(text)


def dossier_of(incident: Incident) -> Dossier:
    """Return the dossier of an incident that nobody has said anything about yet."""
    diagnosis = incident.diagnosis
    return Dossier(
        id=incident.id,
        title=incident.title,
        origin=Origin.WATCHED,
        opened_at=diagnosis.onset_at,
        state=_state(incident),
        target=incident.target,
        moments=Moments(
            onset_at=diagnosis.onset_at,
            detected_at=diagnosis.detected_at,
            mitigated_at=incident.mitigated_at,
            recovered_at=incident.recovered_at,
        ),
        failure=failure_of(incident),
    )


def merged(kept: Dossier, incident: Incident, *, titled: str) -> Dossier:
    """Return the dossier with what is measured now; what people said stands, and no state goes back.

    `titled` is the title failonce gave it before: a person's own is another one, and stays.
    """
    new = dossier_of(incident)
    moments = replace(
        new.moments,
        acknowledged_at=kept.moments.acknowledged_at,
        mitigated_at=new.moments.mitigated_at or kept.moments.mitigated_at,
        recovered_at=new.moments.recovered_at or kept.moments.recovered_at,
        closed_at=kept.moments.closed_at,
    )
    return replace(
        kept,
        title=new.title if kept.title == titled else kept.title,
        opened_at=new.opened_at,
        target=new.target,
        state=new.state if kept.state.is_before(new.state) else kept.state,
        moments=moments,
        failure=new.failure,
        revision=kept.revision + 1,
    )


def failure_of(incident: Incident) -> FailureClass:
    """Return what makes this failure the same as another."""
    diagnosis, culprit = incident.diagnosis, incident.diagnosis.culprit
    return FailureClass(
        cause=diagnosis.cause,
        trigger=next((link.id for link in diagnosis.chain if link.kind is LinkKind.TRIGGER), None),
        fingerprint=culprit.fingerprint if culprit else None,
        relations=culprit.relations if culprit else (),
    )


def _state(incident: Incident) -> IncidentState:
    if incident.recovered_at:
        return IncidentState.RESOLVED
    return IncidentState.MITIGATED if incident.mitigated_at else IncidentState.TRIGGERED

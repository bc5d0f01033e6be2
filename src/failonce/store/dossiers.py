"""Dossiers as rows and back again."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from failonce.model.dossier import Dossier, FailureClass, IncidentState, Moments, Origin, Severity

Values = dict[str, Any]

#: What each figure subtracts from what. From the onset where users care, from the detection where the answer counts.
SPANS = {
    "detect": ("onset_at", "detected_at"),
    "acknowledge": ("detected_at", "acknowledged_at"),
    "mitigate": ("onset_at", "mitigated_at"),
    "recover": ("onset_at", "recovered_at"),
}


def row_of(dossier: Dossier) -> Values:
    """Return the row of the incidents table."""
    plain = shallow(dossier)
    moments, failure = plain.pop("moments"), plain.pop("failure")
    flat = {**plain, **shallow(moments), **shallow(failure)}
    spans = {f"{name}_s": _seconds(flat[start], flat[end]) for name, (start, end) in SPANS.items()}
    return {**flat, **spans, **{name: list(flat[name]) for name in ("services", "labels", "relations")}}


def shallow(value: Any) -> Values:
    """Return a dataclass's fields by name. `asdict` copies all that is in them, which costs most."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None


def dossier(row: Row[Any]) -> Dossier:
    """Return a row of the incidents table as the model's value."""
    return Dossier(
        id=row.id,
        title=row.title,
        origin=Origin(row.origin),
        opened_at=row.opened_at,
        state=IncidentState(row.state),
        severity=Severity(row.severity) if row.severity else None,
        target=row.target,
        services=tuple(row.services),
        labels=tuple(row.labels),
        roles=row.roles,
        private_to=row.private_to,
        moments=Moments(
            row.onset_at, row.detected_at, row.acknowledged_at, row.mitigated_at, row.recovered_at, row.closed_at
        ),
        failure=FailureClass(row.cause, row.trigger, row.fingerprint, tuple(row.relations)),
        revision=row.revision,
    )


def facet_rows(dossier: Dossier) -> list[Values]:
    """Return what an incident is found by, one a row."""
    kinds = {"service": dossier.services, "label": dossier.labels, "relation": dossier.failure.relations}
    return [
        {"kind": kind, "value": value, "incident_id": dossier.id}
        for kind, values in kinds.items()
        for value in dict.fromkeys(values)
    ]

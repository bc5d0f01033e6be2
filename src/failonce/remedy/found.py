"""What remedies read from a diagnosis: the evidence of its cause, by the part of a snapshot it was measured in."""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis, Evidence, Link


def cause(diagnosis: Diagnosis) -> Link | None:
    """Return the link of the first cause named."""
    return next((link for link in diagnosis.chain if link.id == diagnosis.cause), None)


def evidence(diagnosis: Diagnosis, source: str, unit: str = "") -> Evidence | None:
    """Return the cause's first measurement from this part of the snapshots, in this unit if one is given."""
    link = cause(diagnosis)
    found = (e for e in (link.evidence if link else ()) if e.pointer.source == source and unit in ("", e.unit))
    return next((e for e in found if e.supports), None)


def number(value: float | str | None) -> float | None:
    """Return a measured value if it is a number."""
    return float(value) if isinstance(value, float | int) else None

"""The audit log: who changed what, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change of the book."""

    #: Counted from 1 without a gap.
    number: int
    at: datetime
    by: str
    #: `incident.saved`, `postmortem.written`, `account.role`, ...
    act: str
    incident_id: str | None
    #: What was written, or its hash; never a secret.
    detail: Mapping[str, Any]
    #: SHA-256 over this entry and the hash of the one before it.
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """One place where the book is not as it was written."""

    #: `audit entry 12`, `timeline of shop-1, entry 3`, ...
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking every hash of the book found."""

    #: Incidents, entries, versions and audit entries that were checked.
    incidents: int
    entries: int
    versions: int
    audited: int
    #: Number and hash of the last audit entry. Kept elsewhere, it shows later whether the log was rewritten.
    anchor: str
    broken: tuple[Broken, ...]

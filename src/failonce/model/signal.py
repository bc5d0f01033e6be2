"""A symptom: something measured has left its baseline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Signal:
    """One detector's finding: which series left its baseline, when, and how far."""

    #: The detector's ID: `slow-responses`, `failed-requests`, ...
    id: str
    onset_at: datetime
    value: float
    #: Median before the onset; None when nobody watched before.
    baseline: float | None
    unit: str
    #: One sentence for people, with the numbers in it.
    statement: str

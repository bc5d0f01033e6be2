"""What a rule says about a document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's finding: what, where, why it matters, what to write instead."""

    rule: str
    #: `error` or `warning`.
    severity: str
    line: int
    message: str
    why: str
    instead: str

"""What a rule says about a document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's finding: what, where, why it matters, what to write instead."""

    rule: str
    #: `error` or `warning`, as the profile has it.
    severity: str
    line: int
    message: str
    why: str
    instead: str
    #: The words it is about, as read; empty when it is about something missing.
    quote: str = ""
    #: The first column and the one behind the last, counted in characters from 1.
    column: int = 1
    end_column: int = 1
    #: The line as it stands in the document.
    text: str = ""

"""A postmortem somebody wrote, as it was imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A document in the book: its text as it stood, and what was read from it."""

    #: Where it was: its only name.
    path: str
    title: str
    text: str
    #: As `failonce read --json` gives them.
    facts: Mapping[str, Any]
    imported_at: datetime
    #: Of the bytes as they were, so that importing again changes nothing.
    content_hash: str

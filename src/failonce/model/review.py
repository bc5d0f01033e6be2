"""A postmortem on its way: its versions, its review, who signed it, and what the meeting is to talk about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReviewState(StrEnum):
    """How far a postmortem is."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class PostmortemVersion:
    """One version of the document. Versions are only ever added."""

    incident_id: str
    #: Counted from 1.
    version: int
    written_at: datetime
    author: str
    markdown: str


@dataclass(frozen=True, slots=True)
class SignOff:
    """A person's word that a version of the postmortem is right."""

    version: int
    person: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """Where a postmortem stands."""

    incident_id: str
    title: str
    state: ReviewState
    #: The newest.
    version: int
    updated_at: datetime
    #: For the meeting, in Markdown; empty when there is none.
    agenda: str
    sign_offs: tuple[SignOff, ...]
    #: Raised by every change of state or agenda.
    revision: int

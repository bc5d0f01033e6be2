"""The same failure again: which earlier incident, in what they agree, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from failonce.model.action import ActionItem
from failonce.model.dossier import Dossier


class Likeness(StrEnum):
    """How much two failures have in common."""

    #: The same cause of the same thing.
    SAME_FAILURE = "same failure"
    #: The same kind of cause, elsewhere.
    SAME_CAUSE = "same cause"


@dataclass(frozen=True, slots=True)
class Match:
    """One field in which two incidents agree."""

    #: `cause`, `query`, `relation`, `trigger`, `service`, `target`.
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on whether it is the same failure; it outranks every comparison."""

    is_same: bool
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Recurrence:
    """An earlier incident of the same failure class."""

    earlier: Dossier
    likeness: Likeness
    matches: tuple[Match, ...]
    #: What ended it then; None when the book does not say.
    fixed_by: str | None
    #: Its action items that would have stopped this one, the likeliest first, each in the state it is in.
    would_have_stopped: tuple[ActionItem, ...]
    judgement: Judgement | None
    #: All of it in sentences.
    explanation: str

"""What a postmortem says, as values: each fact with the place it was read from, each doubt with its reason.

Filled by `read`, printed by `failonce read`, asked by the rules. Nothing is guessed here: what the document does not
say is None or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

#: The specification's demands, by their keys in `requirements_met`.
REQUIREMENTS = (
    "start",
    "end",
    "timezone",
    "impact_service",
    "impact_experience",
    "impact_percent",
    "root_cause_in_summary",
    "when_detected",
    "how_detected",
    "actions_taken",
    "misleading_paths",
    "escalation",
    "how_resolved",
    "cause_explained",
    "fix_explained",
    "improvements",
    "todo_list",
    "length_400_600",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the document says."""

    #: Instants are ISO 8601 text, as precise as the document is: `2024-06-05T14:00+00:00`, `T14:00`, `14:00`.
    value: str | float
    line: int
    column: int
    as_written: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a fact may be wrong, or is missing although the document speaks of it."""

    field: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Met:
    """Whether a demand of the specification is met: by which words, or where they would belong."""

    met: bool
    line: int
    as_written: str = ""

    def __bool__(self) -> bool:
        return self.met


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything read from one document."""

    title: Fact | None
    start: Fact | None
    end: Fact | None
    start_local: Fact | None
    end_local: Fact | None
    duration_minutes: Fact | None
    timezone_as_written: Fact | None
    services: tuple[Fact, ...]
    percent_users_affected: Fact | None
    user_experience: Fact | None
    root_cause_summary: Fact | None
    cause_category: Fact | None
    detected_at: Fact | None
    detection_method: Fact | None
    timeline_entries: tuple[Fact, ...]
    misleading_paths: tuple[Fact, ...]
    escalated_to: tuple[Fact, ...]
    resolved_at: Fact | None
    action_items: tuple[Fact, ...]
    sections_present: Mapping[str, bool]
    requirements_met: Mapping[str, Met]
    words: int
    doubts: tuple[Doubt, ...]

    def plain(self) -> dict[str, object]:
        """Return the facts as JSON has them: bare values, their places beside them under `places`."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        values = {name: _bare(value) for name, value in told.items()}
        places = {name: _places(value) for name, value in told.items() if _places(value)}
        return {**values, "places": places}


def _bare(value: object) -> object:
    match value:
        case Fact():
            return value.value
        case Met():
            return value.met
        case Doubt():
            return {"field": value.field, "line": value.line, "message": value.message}
        case tuple():
            return [_bare(one) for one in value]
        case Mapping():
            return {key: _bare(one) for key, one in value.items()}
    return value


def _places(value: object) -> object:
    """A fact's place; a list's places in its order."""
    match value:
        case Fact():
            return {"line": value.line, "column": value.column}
        case tuple():
            return [_places(one) for one in value if isinstance(one, Fact)]
    return None

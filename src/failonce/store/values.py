"""The model's values as rows and back again.

A document is the value in JSON, field by field; what is read back equals what was saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import msgspec
from sqlalchemy import Row

from failonce.model.action import ActionItem
from failonce.model.document import ImportedDocument
from failonce.model.incident import EntryKind, Incident, TimelineEntry
from failonce.model.snapshot import ReleaseEvent

Values = dict[str, Any]


def incident_row(incident: Incident) -> Values:
    return {
        "id": incident.id,
        "target": incident.target,
        "onset_at": incident.diagnosis.onset_at,
        "recovered_at": incident.recovered_at,
        "cause": incident.diagnosis.cause,
        "document": _document(replace(incident, timeline=())),
    }


def incident(document: object, timeline: Sequence[TimelineEntry]) -> Incident:
    return replace(msgspec.convert(document, Incident), timeline=tuple(timeline))


def entry_row(incident_id: str, entry: TimelineEntry) -> Values:
    return {"incident_id": incident_id, **asdict(entry)}


def entry(row: Row[Any]) -> TimelineEntry:
    return TimelineEntry(row.happened_at, row.recorded_at, EntryKind(row.kind), row.text)


def action_row(action: ActionItem) -> Values:
    return {
        "incident_id": action.incident_id,
        "id": action.id,
        "state": action.state,
        "document": _document(action),
    }


def action(document: object) -> ActionItem:
    return msgspec.convert(document, ActionItem)


def document_row(document: ImportedDocument) -> Values:
    return {**asdict(document), "facts": msgspec.to_builtins(document.facts)}


def release_row(target: str, event: ReleaseEvent) -> Values:
    return {"target": target, **asdict(event)}


def _document(value: Incident | ActionItem) -> object:
    text = msgspec.json.encode(value)
    # JSON has no infinity and no NaN. Better a fault now than an incident that cannot be read in a year.
    if msgspec.json.decode(text, type=type(value)) != value:
        raise ValueError(f"{type(value).__name__} {value.id} would not be read back as it is")
    return msgspec.json.decode(text)

"""Other tools' postmortems: Opsgenie's JSON as a document, and front matter as icco/postmortems and cState write it.

Sources: docs.opsgenie.com/docs/postmortem-api; github.com/icco/postmortems; cState's front matter. What a tool says
that has no place here is kept under its own name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from failonce.model.errors import UsageError
from failonce.postmortem import adf
from failonce.postmortem.frontmatter import Value, front, scalar
from failonce.postmortem.read import Facts

#: Our fact by the key that another tool has for it.
_KEYS = {
    "title": ("title",),
    "start": ("start", "start_time", "date"),
    "end": ("end", "end_time", "resolvedWhen"),
    "detected_at": ("detected",),
    "resolved_at": ("resolved_at", "recovered", "resolvedWhen", "end_time", "end"),
    "timezone_as_written": ("timezone",),
    "services": ("services", "affected", "product"),
    "percent_users_affected": ("users_affected_percent",),
    "root_cause_summary": ("summary",),
    "detection_method": ("detected_by",),
    "escalated_to": ("escalated_to",),
}
_LISTS = ("services", "escalated_to")
#: Opsgenie's fields that are not the text.
_OPSGENIE = {"startTime": "start", "endTime": "end", "resolveTime": "resolved_at", "respondTime": "responded_at"}


def known(facts: Facts, text: str) -> dict[str, Any]:
    """Return a document's facts; what its text does not say is taken from its front matter."""
    told, values = facts.plain(), front(text).values
    for name, keys in _KEYS.items():
        value = next((values[key] for key in keys if _says(values.get(key))), None)
        if value is not None and told.get(name) in (None, [], ()):
            told[name] = list(value) if isinstance(value, list) else [value] if name in _LISTS else value
    return told


def opsgenie(content: bytes | str) -> str:
    """Return Opsgenie's postmortem as a document. Raises UsageError when it is none."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise _no_postmortem("It is not JSON.") from None
    data = told.get("data", told) if isinstance(told, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("title"), str) or "content" not in data:
        raise _no_postmortem("It has no title and content, as Opsgenie's postmortem has.")
    head = "\n".join(f"{key}: {scalar(value)}" for key, value in _head(data).items())
    summary, text = adf.markdown(data.get("executiveSummary")), adf.markdown(data["content"])
    parts = (f"# {' '.join(data['title'].split())}", f"## Executive Summary\n\n{summary}" if summary else "", text)
    return f"---\n{head}\n---\n\n" + "\n\n".join(filter(None, parts)) + "\n"


def _head(data: Mapping[str, Any]) -> dict[str, Value]:
    """Return everything that is a plain value, by our name or Opsgenie's."""
    kept: dict[str, Value] = {
        _OPSGENIE.get(str(key), str(key)): value for key, value in data.items() if isinstance(value, str | int | float)
    }
    incident = data.get("rootIncident")
    if isinstance(incident, dict) and isinstance(incident.get("id"), str):
        kept["opsgenie_incident"] = incident["id"]
    return {key: value for key, value in kept.items() if key.isidentifier()}


def _says(value: object) -> bool:
    return isinstance(value, str | int | float | list) and not isinstance(value, bool) and value not in ("", [])


def _no_postmortem(why: str) -> UsageError:
    return UsageError(why, hint="Save Opsgenie's answer of GET /v2/postmortem/ID as it is.")

"""From a postmortem somebody wrote to the incident it tells of. What it does not say is left open, never guessed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from failonce.model.action import ActionItem
from failonce.model.document import ImportedDocument
from failonce.model.dossier import Dossier, FailureClass, IncidentState, Moments, Origin
from failonce.model.parcel import Parcel
from failonce.postmortem.purpose import purpose

_SLUG_LENGTH = 40
_WORD = re.compile(r"[a-z0-9]+")


def parcel(document: ImportedDocument) -> Parcel:
    """Return the incident that a document tells of, with its postmortem and its action items."""
    facts, moments = document.facts, _moments(document.facts)
    day = _day(facts)
    dossier = Dossier(
        id=_id(document, day),
        title=document.title,
        origin=Origin.IMPORTED,
        opened_at=moments.onset_at or (datetime.combine(day, time(), UTC) if day else document.imported_at),
        # It is written down: whatever it was, it is over.
        state=IncidentState.RESOLVED,
        services=tuple(dict.fromkeys(str(service) for service in facts.get("services") or ())),
        moments=moments,
        failure=FailureClass(cause=facts.get("cause_category")),
    )
    return Parcel(dossier, markdown=document.text, actions=tuple(_actions(dossier.id, facts)), document=document)


def _actions(incident_id: str, facts: Mapping[str, Any]) -> Iterator[ActionItem]:
    """Yield the tasks, each once, with the owner and the date that the document gives it."""
    told = [" ".join(str(task).split()) for task in facts.get("action_items") or ()]
    given = facts.get("assignments") or [{}] * len(told)
    tasks = dict(reversed(list(zip(told, given, strict=True))))
    for number, task in enumerate(dict.fromkeys(told), start=1):
        owner, due = tasks[task].get("owner"), tasks[task].get("due")
        day = date.fromisoformat(due) if due else None
        yield ActionItem(f"{incident_id}-A{number}", incident_id, task, purpose(task), owner=owner, due=day)


def _id(document: ImportedDocument, day: date | None) -> str:
    """Return a name that people can read, the same for the same path, title and day."""
    plain = unicodedata.normalize("NFKD", document.title).encode("ascii", "ignore").decode().lower()
    words = "-".join(_WORD.findall(plain))[:_SLUG_LENGTH].strip("-")
    digest = hashlib.sha256(document.path.encode("utf-8", "surrogateescape")).hexdigest()[:6]
    return "-".join(filter(None, (day.isoformat() if day else "undated", words, digest)))


def _moments(facts: Mapping[str, Any]) -> Moments:
    """Return the instants that are known for sure: date, time and zone. The others stay open."""
    onset, end = _instant(facts.get("start")), _instant(facts.get("end"))
    recovered = end or _beside(onset, facts.get("resolved_at"))
    return Moments(onset_at=onset, detected_at=_beside(onset, facts.get("detected_at")), recovered_at=recovered)


def _instant(told: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _beside(onset: datetime | None, told: object) -> datetime | None:
    """Return a time of day, or a day and time, told in the zone and on the day of the onset."""
    if onset is None or not isinstance(told, str):
        return None
    written = told if "T" in told else f"{onset.date().isoformat()}T{told}"
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=onset.tzinfo)


def _day(facts: Mapping[str, Any]) -> date | None:
    """Return the day it began, as far as any of its times says it."""
    for name in ("start", "start_local", "end_local", "detected_at"):
        try:
            return date.fromisoformat(str(facts.get(name))[:10])
        except ValueError:
            continue
    return None

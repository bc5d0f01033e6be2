"""Everything about one incident, to be put into the book at once."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.model.action import ActionItem
from failonce.model.document import ImportedDocument
from failonce.model.dossier import Dossier
from failonce.model.incident import Incident, TimelineEntry


@dataclass(frozen=True, slots=True)
class Parcel:
    """An incident with all that belongs to it; only the dossier has to be there."""

    dossier: Dossier
    entries: tuple[TimelineEntry, ...] = ()
    markdown: str | None = None
    actions: tuple[ActionItem, ...] = ()
    measured: Incident | None = None
    #: Where the postmortem came from, when it was written elsewhere.
    document: ImportedDocument | None = None

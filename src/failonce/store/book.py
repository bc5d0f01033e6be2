"""The book of incidents: what happened, its postmortems, its action items and the releases around it.

One file per machine by default. Nothing that was told is ever taken back: timelines only grow, postmortems get
versions. Several processes may write at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import ColumnElement, Connection, Engine, func, insert, select, true

from failonce.model.action import ActionItem
from failonce.model.document import ImportedDocument
from failonce.model.errors import NotFound
from failonce.model.incident import Incident
from failonce.model.snapshot import ReleaseEvent
from failonce.store import values
from failonce.store.database import connect, translated
from failonce.store.tables import action_items, documents, incidents, postmortems, releases, timeline_entries
from failonce.store.upsert import add_missing, put

# How many incidents a hint names.
_NAMED_IN_HINTS = 5


class Book:
    """The store, open. Use it as a context manager."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url_or_path: str | Path) -> Self:
        """Open the store at a file's path or a URL; create it when it is new."""
        return cls(connect(url_or_path))

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # Incidents

    def save_incident(self, incident: Incident) -> None:
        """Add the incident or bring it up to date. Its timeline only grows: entries once told stay as they are."""
        with self._writing() as connection:
            put(connection, incidents, values.incident_row(incident))
            entries = [values.entry_row(incident.id, entry) for entry in incident.timeline]
            add_missing(connection, timeline_entries, entries)

    def incident(self, incident_id: str) -> Incident:
        """Return one incident, its timeline in the order things happened."""
        with self._reading() as connection:
            _require(connection, incident_id)
            return _incidents(connection, incidents.c.id == incident_id)[0]

    def incidents(self, *, target: str | None = None) -> tuple[Incident, ...]:
        """Return the incidents of one target or of all, newest first."""
        with self._reading() as connection:
            return _incidents(connection, true() if target is None else incidents.c.target == target)

    # Postmortems

    def save_postmortem(self, incident_id: str, markdown: str, at: datetime) -> int:
        """Keep the document beside its earlier versions; return its version, counted from 1."""
        latest = select(func.coalesce(func.max(postmortems.c.version), 0)).where(
            postmortems.c.incident_id == incident_id
        )
        with self._writing() as connection:
            _require(connection, incident_id)
            version: int = connection.execute(latest).scalar_one() + 1
            row = {"incident_id": incident_id, "version": version, "written_at": at, "markdown": markdown}
            connection.execute(insert(postmortems).values(row))
        return version

    def postmortem(self, incident_id: str, version: int | None = None) -> str:
        """Return one version of the document, the newest when none is asked for."""
        query = select(postmortems.c.version, postmortems.c.markdown).where(postmortems.c.incident_id == incident_id)
        with self._reading() as connection:
            _require(connection, incident_id)
            kept: dict[int, str] = {row.version: row.markdown for row in connection.execute(query)}
        wanted = max(kept, default=None) if version is None else version
        if wanted is None or wanted not in kept:
            raise _no_postmortem(incident_id, version, kept)
        return kept[wanted]

    # Action items

    def save_actions(self, actions: Sequence[ActionItem]) -> None:
        """Add the action items or bring them up to date."""
        with self._writing() as connection:
            for action in actions:
                _require(connection, action.incident_id)
                put(connection, action_items, values.action_row(action))

    def actions(self, incident_id: str | None = None) -> tuple[ActionItem, ...]:
        """Return the action items of one incident or of all, in order of incident and id."""
        query = select(action_items.c.document).order_by(action_items.c.incident_id, action_items.c.id)
        if incident_id is not None:
            query = query.where(action_items.c.incident_id == incident_id)
        with self._reading() as connection:
            return tuple(values.action(document) for document in connection.execute(query).scalars())

    # Documents from elsewhere

    def save_document(self, document: ImportedDocument) -> bool:
        """Keep a document; return False, and change nothing, when it is there as it is."""
        same = select(documents.c.path).where(
            documents.c.path == document.path, documents.c.content_hash == document.content_hash
        )
        with self._writing() as connection:
            if connection.execute(same).first() is not None:
                return False
            put(connection, documents, values.document_row(document))
        return True

    def documents(self) -> tuple[ImportedDocument, ...]:
        """Return the documents, in order of path."""
        with self._reading() as connection:
            return tuple(ImportedDocument(*row) for row in connection.execute(select(documents).order_by("path")))

    # Releases

    def announce_release(self, target: str, event: ReleaseEvent) -> None:
        """Keep that a release of the target's application became known."""
        with self._writing() as connection:
            add_missing(connection, releases, [values.release_row(target, event)])

    def releases_since(self, target: str, at: datetime) -> tuple[ReleaseEvent, ...]:
        """Return the target's releases from an instant on, oldest first."""
        query = (
            select(releases.c.release, releases.c.at, releases.c.source)
            .where(releases.c.target == target, releases.c.at >= at)
            .order_by(releases.c.at, releases.c.release)
        )
        with self._reading() as connection:
            return tuple(ReleaseEvent(*row) for row in connection.execute(query))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated(self._engine.url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(self._engine.url), self._engine.execution_options(reading=True).begin() as connection:
            yield connection


def _incidents(connection: Connection, wanted: ColumnElement[bool]) -> tuple[Incident, ...]:
    rows = connection.execute(
        select(incidents.c.id, incidents.c.document).where(wanted).order_by(incidents.c.onset_at.desc(), incidents.c.id)
    ).all()
    entries = connection.execute(
        select(timeline_entries)
        .where(timeline_entries.c.incident_id.in_(select(incidents.c.id).where(wanted)))
        .order_by(timeline_entries.c.happened_at, timeline_entries.c.recorded_at, timeline_entries.c.id)
    )
    timelines = defaultdict(list)
    for entry in entries:
        timelines[entry.incident_id].append(values.entry(entry))
    return tuple(values.incident(row.document, timelines[row.id]) for row in rows)


def _require(connection: Connection, incident_id: str) -> None:
    """Refuse an incident that does not exist; hold the one that does against other writers, where rows are locked."""
    found = connection.execute(select(incidents.c.id).where(incidents.c.id == incident_id).with_for_update())
    if found.first() is None:
        newest = select(incidents.c.id).order_by(incidents.c.onset_at.desc()).limit(_NAMED_IN_HINTS)
        names = ", ".join(connection.execute(newest).scalars())
        raise NotFound(
            f"There is no incident {incident_id}.",
            hint=f"The newest are: {names}"
            if names
            else "There is none yet: failonce watch opens one when it sees one.",
        )


def _no_postmortem(incident_id: str, version: int | None, kept: Iterable[int]) -> NotFound:
    if version is None:
        return NotFound(
            f"Incident {incident_id} has no postmortem yet.",
            hint="It is written once the target has recovered: failonce watch",
        )
    names = ", ".join(str(known) for known in sorted(kept)) or "none"
    return NotFound(f"Incident {incident_id} has no postmortem version {version}.", hint=f"Versions kept: {names}")

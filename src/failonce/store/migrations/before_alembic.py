"""Carry over what the layouts before Alembic hold: every incident, timeline, postmortem, action item and document.

Written once for the step 0002 and frozen with it: it reads JSON as it lies there and knows no class of today's model.
Only the hash chain is shared, which never changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, inspect, text

from failonce.store import chain

_OLD = ("incidents", "timeline_entries", "postmortems", "action_items", "documents", "releases")
Rows = dict[str, list[dict[str, Any]]]


def put_aside(connection: Connection) -> Rows:
    """Return what the old tables hold, and drop them."""
    found: Rows = {}
    present = set(inspect(connection).get_table_names())
    for name in _OLD:
        if name in present:
            found[name] = [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]
    for name in (*reversed(_OLD), "schema_version"):
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    return found


def carry_over(connection: Connection, old: Rows) -> None:
    """Write what was put aside into the new tables, each thing with its line in the audit log."""
    log = _Log(connection)
    for row in old.get("incidents", ()):
        _incident(connection, row, log)
    for incident_id, entries in _by_incident(old.get("timeline_entries", ())):
        _timeline(connection, incident_id, entries, log)
    for incident_id, versions in _by_incident(old.get("postmortems", ())):
        _postmortem(connection, incident_id, versions, log)
    for row in old.get("action_items", ()):
        _action(connection, row, log)
    for row in old.get("releases", ()):
        _insert(connection, "releases", row)
    for row in old.get("documents", ()):
        _document(connection, row, log)
    _texts(connection)


class _Log:
    """The audit log that this step begins."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._number, self._before = connection, 0, chain.START

    def add(self, act: str, incident_id: str, detail: dict[str, Any]) -> None:
        self._number += 1
        at = datetime.now(UTC)
        content = {"number": self._number, "at": at, "by": "failonce", "act": act, "incident_id": incident_id}
        self._before = chain.link(self._before, {**content, "detail": detail})
        row = {**content, "at": _stored(at), "detail": json.dumps(detail), "hash": self._before}
        _insert(self._connection, "audit_entries", row)


def _incident(connection: Connection, row: dict[str, Any], log: _Log) -> None:
    document = json.loads(row["document"])
    diagnosis = document["diagnosis"]
    culprit = diagnosis.get("culprit") or {}
    onset, recovered = _moment(diagnosis["onset_at"]), _moment(document.get("recovered_at"))
    detected, mitigated = _moment(diagnosis["detected_at"]), _moment(document.get("mitigated_at"))
    spans = {"detect_s": detected, "mitigate_s": mitigated, "recover_s": recovered}
    new = {
        "id": row["id"],
        "title": document["title"],
        "origin": "watched",
        "state": "resolved" if recovered else "mitigated" if mitigated else "triggered",
        "target": row["target"],
        **dict.fromkeys(("services", "labels"), "[]"),
        "roles": "{}",
        "cause": row["cause"],
        "trigger": next((link["id"] for link in diagnosis["chain"] if link["kind"] == "trigger"), None),
        "fingerprint": culprit.get("fingerprint"),
        "relations": json.dumps(culprit.get("relations", [])),
        "revision": 1,
        **{name: (end - onset).total_seconds() if onset and end else None for name, end in spans.items()},
    }
    instants = {"onset_at": onset, "detected_at": detected, "mitigated_at": mitigated, "recovered_at": recovered}
    stored = {name: at and _stored(at) for name, at in {**instants, "opened_at": onset}.items()}
    _insert(connection, "incidents", {**new, **stored})
    _insert(connection, "measurements", {"incident_id": row["id"], "document": row["document"]})
    for relation in dict.fromkeys(culprit.get("relations", [])):
        _insert(connection, "facets", {"kind": "relation", "value": relation, "incident_id": row["id"]})
    log.add("incident.saved", row["id"], {"title": document["title"]})


def _timeline(connection: Connection, incident_id: str, entries: list[dict[str, Any]], log: _Log) -> None:
    before = chain.START
    for number, row in enumerate(sorted(entries, key=lambda r: r["id"]), start=1):
        content = {
            "incident_id": incident_id,
            "number": number,
            "happened_at": _read(row["happened_at"]),
            "recorded_at": _read(row["recorded_at"]),
            "kind": row["kind"],
            "text": row["text"],
            "author": "failonce",
            "supersedes": None,
        }
        before = chain.link(before, content)
        stored = {"happened_at": row["happened_at"], "recorded_at": row["recorded_at"], "hash": before}
        _insert(connection, "timeline_entries", {**content, **stored})
        log.add("timeline.told", incident_id, {"entry": number, "hash": before})


def _postmortem(connection: Connection, incident_id: str, versions: list[dict[str, Any]], log: _Log) -> None:
    for row in sorted(versions, key=lambda r: r["version"]):
        _insert(connection, "postmortem_versions", {**row, "author": "failonce"})
        detail = {"version": row["version"], "hash": chain.digest(row["markdown"])}
        log.add("postmortem.written", incident_id, detail)
    newest = max(versions, key=lambda r: r["version"])
    first = newest["markdown"].lstrip().partition("\n")[0]
    review = {
        "incident_id": incident_id,
        "title": first.lstrip("# ")[:200] or "Postmortem",
        "state": "draft",
        "version": newest["version"],
        "updated_at": newest["written_at"],
        "agenda": "",
        "revision": 1,
    }
    _insert(connection, "postmortems", review)


def _action(connection: Connection, row: dict[str, Any], log: _Log) -> None:
    document = json.loads(row["document"])
    names = ("id", "incident_id", "text", "kind", "state", "owner", "due", "reason")
    new = {name: document.get(name) for name in names}
    due_key = document.get("due") or "9999-12-31"
    _insert(connection, "action_items", {**new, "proofs": "[]", "revision": 1, "due_key": due_key})
    log.add("action.added", row["incident_id"], {"id": row["id"], "text": document["text"]})


def _document(connection: Connection, row: dict[str, Any], log: _Log) -> None:
    """Make the incident that a document tells of. Importing it again, once it has changed, finds its instants."""
    incident_id = f"undated-{chain.digest(row['path'])[:6]}"
    facts = json.loads(row["facts"])
    new = {
        "id": incident_id,
        "title": row["title"],
        "origin": "imported",
        "opened_at": row["imported_at"],
        "state": "resolved",
        "services": json.dumps(facts.get("services") or []),
        **dict.fromkeys(("labels", "relations"), "[]"),
        "roles": "{}",
        "cause": facts.get("cause_category"),
        "revision": 1,
    }
    _insert(connection, "incidents", new)
    log.add("incident.added", incident_id, {"title": row["title"]})
    version = {"incident_id": incident_id, "version": 1, "written_at": row["imported_at"], "markdown": row["text"]}
    _postmortem(connection, incident_id, [version], log)
    kept = {name: value for name, value in row.items() if name != "text"}
    _insert(connection, "documents", {**kept, "incident_id": incident_id, "version": 1})


def _texts(connection: Connection) -> None:
    """Fill the search index."""
    connection.execute(
        text(
            "INSERT INTO texts (incident_id, title, timeline, postmortem, actions) SELECT i.id, i.title"
            " || coalesce(' · ' || i.cause, '') || coalesce(' · ' || i.target, '') || ' · ' || i.id,"
            " coalesce((SELECT group_concat(text, char(10)) FROM timeline_entries WHERE incident_id = i.id), ''),"
            " coalesce((SELECT markdown FROM postmortem_versions WHERE incident_id = i.id"
            " ORDER BY version DESC LIMIT 1), ''),"
            " coalesce((SELECT group_concat(text, char(10)) FROM action_items WHERE incident_id = i.id), '')"
            " FROM incidents i"
        )
        if connection.dialect.name == "sqlite"
        else text("SELECT 1")
    )


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


def _by_incident(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["incident_id"], []).append(row)
    return found.items()


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _read(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _stored(at: datetime) -> str:
    """Return an instant as SQLite keeps it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")

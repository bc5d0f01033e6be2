"""A guard that plans the statement of an outage on a twin: red as on that day, green with the fix.

Kept as plain files in the user's repository; what is in them, and nothing else, decides what the guard says.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from failonce import sqltext
from failonce.model.action import ActionItem
from failonce.model.errors import UsageError
from failonce.model.incident import Incident

ID = "query-review"
#: The files of a guard, all in its folder.
ABOUT, STATEMENT, FIX, FAILURE, PROOF = "guard.toml", "statement.sql", "fix.sql", "failure.twin", "proof.json"


@dataclass(frozen=True, slots=True)
class About:
    """What a guard is for: its guard.toml."""

    incident: str
    title: str
    fingerprint: str
    relations: tuple[str, ...]
    kind: str = ID
    #: The action item that its proof verifies.
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A guard as made from an incident, before it is proven."""

    name: str
    about: About
    #: The texts of its files by name; the twin is beside them.
    files: dict[str, str]


def draft(incident: Incident, actions: Iterable[ActionItem] = (), *, name: str | None = None) -> Draft:
    """Return the guard against an incident. Raises UsageError when no statement was to blame."""
    culprit = incident.diagnosis.culprit
    if culprit is None or culprit.query is None or culprit.fingerprint is None:
        raise UsageError(
            f"No statement was to blame for {incident.id}: there is none to review.",
            hint="A review guards against statements; for a session or a dependency set a timeout and an alert.",
        )
    action = next((item.id for item in actions if culprit.fingerprint in item.text and " in CI " in item.text), None)
    about = About(incident.id, incident.title, culprit.fingerprint, culprit.relations, action=action)
    fix = incident.remedy.sql if incident.remedy and incident.remedy.sql else ""
    files = {
        ABOUT: written(about),
        STATEMENT: f"-- {incident.title}.\n{sqltext.numbered(culprit.query)};\n",
        FIX: f"{fix};\n" if fix else "",
    }
    return Draft(name or _name(incident, culprit.relations), about, files)


def written(about: About) -> str:
    """Return a guard's guard.toml."""
    facts = msgspec.to_builtins(about)
    # A JSON text is a TOML string, a JSON list of texts a TOML array.
    lines = [f"{key} = {json.dumps(value)}" for key, value in facts.items() if value is not None]
    return "# A guard of failonce: docs/how-to/guards.md\n" + "\n".join(lines) + "\n"


def read(text: str, where: str) -> About:
    """Return what a guard.toml says. Raises UsageError."""
    try:
        about = msgspec.convert(tomllib.loads(text), About)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise UsageError(
            f"{where} is no guard: {problem}.", hint="Make it again: failonce guard add INCIDENT"
        ) from None
    if about.kind != ID:
        raise UsageError(f"{where} is of a kind not known here: {about.kind}.", hint=f"Known: {ID}")
    return about


def _name(incident: Incident, relations: tuple[str, ...]) -> str:
    """Return a name people can say: the cause and the relation."""
    words = "-".join(filter(None, (incident.diagnosis.cause, *relations[:1])))
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "guard"

"""Who looks, who acts, and when: every question to the book is asked by a Viewer, every change carries a Stamp."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account may do, each more than the one before it."""

    #: Read what is not private to a group it is not in.
    VIEWER = "viewer"
    #: Write incidents, postmortems and action items.
    EDITOR = "editor"
    #: Manage accounts, and read the audit log.
    ADMIN = "admin"

    def covers(self, other: Role) -> bool:
        """Tell whether this role may do what the other may."""
        order = tuple(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks the book something. What may not be seen is not there: in lists, counts and search alike."""

    name: str
    role: Role
    #: The groups whose private incidents may be seen. Being admin alone opens none.
    groups: frozenset[str] = frozenset()
    #: True for whoever has the store's file itself at hand: the command line and the watch.
    sees_all: bool = False

    @classmethod
    def machine(cls) -> Viewer:
        """Failonce itself: the watch, a migration, a scheduled check."""
        return cls("failonce", Role.ADMIN, sees_all=True)

    @classmethod
    def operator(cls, name: str) -> Viewer:
        """Return the person at the command line, who has the store at hand anyway."""
        return cls(name, Role.ADMIN, sees_all=True)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whose hand wrote something, and when: what the audit log keeps of every change."""

    by: Viewer
    at: datetime

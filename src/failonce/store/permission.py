"""Who may see and do what. Every query of the store passes here: what a viewer may not see is not there for them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Select, or_, select, true

from failonce.model.errors import NotAllowed, NotFound
from failonce.model.viewer import Role, Viewer
from failonce.store.tables import incidents

# How many incidents a hint names.
_NAMED_IN_HINTS = 5


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition under which an incident may be seen."""
    if viewer.sees_all:
        return true()
    if not viewer.groups:
        return incidents.c.private_to.is_(None)
    return or_(incidents.c.private_to.is_(None), incidents.c.private_to.in_(sorted(viewer.groups)))


def hidden(viewer: Viewer) -> Select[tuple[str]] | None:
    """Return the incidents that may not be seen, None when all may: for tables that only name their incident.

    Few are private, so leaving these out costs less than looking up the incident of every row.
    """
    if viewer.sees_all:
        return None
    column = incidents.c.private_to
    query = select(incidents.c.id).where(column.is_not(None))
    return query.where(column.not_in(sorted(viewer.groups))) if viewer.groups else query


def allow(viewer: Viewer, role: Role) -> None:
    """Refuse whoever has less than the role."""
    if not viewer.role.covers(role):
        raise NotAllowed(
            f"{viewer.name} is {viewer.role}; this takes {'an' if role is not Role.VIEWER else 'a'} {role}.",
            hint=f"Ask an admin for the role {role}.",
        )


def allow_hiding(viewer: Viewer, group: str | None) -> None:
    """Refuse to make an incident private to a group that one is not in: one could not undo it."""
    if group is not None and not viewer.sees_all and group not in viewer.groups:
        names = ", ".join(sorted(viewer.groups)) or "none"
        raise NotAllowed(f"{viewer.name} is not in the group {group}.", hint=f"Your groups: {names}")


def require(connection: Connection, viewer: Viewer, incident_id: str) -> None:
    """Refuse an incident that does not exist, or that the viewer may not see: both read the same."""
    wanted = select(incidents.c.id).where(incidents.c.id == incident_id, visible(viewer))
    if connection.execute(wanted).first() is None:
        raise no_incident(connection, viewer, incident_id)


def no_incident(connection: Connection, viewer: Viewer, incident_id: str) -> NotFound:
    """Return the refusal, which names the newest incidents that the viewer may see."""
    newest = select(incidents.c.id).where(visible(viewer)).order_by(incidents.c.opened_at.desc())
    names = ", ".join(connection.execute(newest.limit(_NAMED_IN_HINTS)).scalars())
    return NotFound(
        f"There is no incident {incident_id}.",
        hint=f"The newest are: {names}" if names else "There is none yet: failonce watch opens one when it sees one.",
    )

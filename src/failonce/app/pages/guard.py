"""*Guard*: what one guard keeps from happening twice: its proofs, and the action items that rest on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from failonce.app.pages.desk import Desk
from failonce.model.action import ActionFilter, ActionItem, Proof
from failonce.model.errors import NotFound
from failonce.model.page import Page
from failonce.model.viewer import Viewer


@dataclass(frozen=True, slots=True)
class GuardPage:
    """The page."""

    name: str
    #: What may be seen of it, by due date.
    items: Page[ActionItem]
    #: Those of these items, the newest first, each with its item.
    proofs: tuple[tuple[Proof, ActionItem], ...]


def guard_page(desk: Desk, viewer: Viewer, name: str, *, after: str | None = None, limit: int = 50) -> GuardPage:
    """Return a guard. Raises NotFound when no action item that the viewer may see rests on it."""
    found = desk.book.actions.page(viewer, ActionFilter(guard=name), after=after, limit=limit)
    if not found.total:
        raise NotFound(
            f"No action item rests on a guard {name}.",
            hint="failonce guard add INCIDENT makes one, prove shows it holds.",
        )
    proofs = sorted(_proofs(found.items, name), key=lambda pair: pair[0].proved_at, reverse=True)
    return GuardPage(name, found, tuple(proofs))


def _proofs(items: tuple[ActionItem, ...], name: str) -> Iterator[tuple[Proof, ActionItem]]:
    for item in items:
        yield from ((proof, item) for proof in item.proofs if proof.guard == name)

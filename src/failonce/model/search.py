"""What a search of the book finds."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.model.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Hit:
    """One incident that a search found, and where in it."""

    dossier: Dossier
    #: `title`, `timeline`, `postmortem` or `actions`.
    where: str
    #: The words around, as (text, is_match) pieces in order.
    excerpt: tuple[tuple[str, bool], ...]

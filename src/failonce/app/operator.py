"""Whoever sits at the command line: who has the store at hand sees all of it. The audit log has their name."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

from failonce.model.viewer import Stamp, Viewer


def operator() -> Viewer:
    """Return the person at the command line, by the name the system knows them by."""
    try:
        return Viewer.operator(getpass.getuser())
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return Viewer.operator("operator")


def stamp() -> Stamp:
    """Return the person's stamp: their hand, now."""
    return Stamp(operator(), datetime.now(UTC))

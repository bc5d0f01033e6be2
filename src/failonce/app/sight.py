"""Poor sight: the same snapshots as somebody sees them who lacks a source, or looks less often.

A managed database has no host metrics, a stranger's has no application metrics; the verdict must then be right or
silent. Taking the parts away from a recording is the same as never having seen them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from failonce.app.investigation import Investigation
from failonce.model.diagnosis import Diagnosis
from failonce.model.snapshot import Snapshot
from failonce.observe.recording import roll_up

View = Callable[[Iterable[Snapshot]], Iterator[Snapshot]]


def _without(*parts: str) -> View:
    unseen: dict[str, Any] = dict.fromkeys(parts)

    def view(snapshots: Iterable[Snapshot]) -> Iterator[Snapshot]:
        return (replace(snapshot, **unseen) for snapshot in snapshots)

    return view


SIGHTS: Mapping[str, View] = {
    "without-application": _without("application"),
    "without-host": _without("host"),
    "without-statements": _without("statements"),
    "without-tables": _without("tables"),
    "without-catalog": _without("catalog"),
    "without-probe": _without("probe"),
    "without-log": _without("errors"),
    "without-server": _without("server", "database"),
    "managed": _without("host", "errors"),
    "managed-and-foreign": _without("application", "host", "errors"),
    "every-5-s": partial(roll_up, interval_s=5),
}


def verdict(snapshots: Iterable[Snapshot]) -> Diagnosis | None:
    """Return the final word on the last incident in these snapshots; None when none was opened."""
    investigation = Investigation()
    for snapshot in snapshots:
        investigation.step(snapshot)
    return investigation.diagnosis

"""Diagnose once: a database in trouble that was never seen before, an answer within fifteen seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable

from failonce.app.events import Diagnosed, Event, GapSeen, Ticked
from failonce.app.investigation import Investigation
from failonce.app.repair import propose
from failonce.model.diagnosis import Diagnosis
from failonce.model.remedy import Remedy
from failonce.model.snapshot import Gap
from failonce.model.target import Target
from failonce.observe.observer import Observer

#: Snapshots to look at, at most, before answering with what there is.
LIMIT = 12


def diagnose_once(target: Target, listener: Callable[[Event], None]) -> Diagnosis:
    """Look for some seconds and return the verdict, or an abstention. Raises DatabaseUnreachable."""
    stop = threading.Event()
    observer = Observer(target)
    observer.hasten(True)
    investigation = Investigation(in_trouble=True)
    told: set[Gap] = set()
    try:
        for count, snapshot in enumerate(observer.snapshots(stop), start=1):
            listener(Ticked(snapshot))
            for gap in set(snapshot.gaps) - told:
                told.add(gap)
                listener(GapSeen(gap))
            if any(isinstance(e, Diagnosed) for e in investigation.step(snapshot)) or count >= LIMIT:
                stop.set()
    finally:
        observer.close()
    return investigation.diagnosis or investigation.abstention()


def remedy_for(target: Target, diagnosis: Diagnosis, listener: Callable[[Event], None]) -> Remedy | None:
    """Return the remedy that fits the diagnosis."""
    return None if diagnosis.abstained else propose(target, diagnosis, listener)

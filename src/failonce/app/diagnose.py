"""Diagnose once: a database in trouble that was never seen before, an answer within fifteen seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice

from failonce.app.events import Diagnosed, Event, GapSeen, Ticked
from failonce.app.investigation import Investigation
from failonce.model.diagnosis import Diagnosis
from failonce.model.snapshot import Gap
from failonce.model.target import Target
from failonce.observe.observer import Observer

#: Snapshots to look at, at most, before answering with what there is.
LIMIT = 12


def diagnose_once(target: Target, listener: Callable[[Event], None]) -> Diagnosis:
    """Look for some seconds and return the verdict, or an abstention. Raises DatabaseUnreachable."""
    investigation = Investigation(in_trouble=True)
    told: set[Gap] = set()
    with closing(Observer(target)) as observer:
        observer.hasten(True)
        for snapshot in islice(observer.snapshots(threading.Event()), LIMIT):
            listener(Ticked(snapshot))
            for gap in sorted(set(snapshot.gaps) - told, key=lambda g: g.source):
                told.add(gap)
                listener(GapSeen(gap))
            for event in investigation.step(snapshot):
                if isinstance(event, Diagnosed):
                    listener(event)
                    return event.diagnosis
    abstention = investigation.abstention()
    listener(Diagnosed(datetime.now(UTC), abstention))
    return abstention

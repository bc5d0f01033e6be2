"""The timeline's entries stand in the order in which they happened.

What it sees
    An entry whose time is before the entry above it, midnights and notes of other days taken into account.

Why it matters
    Out of order, an effect stands before its cause, and readers draw the wrong lesson; or a time is mistyped.

What to do
    Move the entry, or correct its time or its date.

Example
    Fails: 14:20 UTC - Rolled back. 14:05 UTC - The alert fired.
    Passes: 14:05 UTC - The alert fired. 14:20 UTC - Rolled back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from failonce.model.finding import Finding
from failonce.postmortem.chronology import Entry
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject

ID = "timeline-order"

# With more entries than this out of order, the timeline is ordered by something else: newest first, or by team.
_MOST_SHARE = 0.25


def check(subject: Subject) -> Iterator[Finding]:
    lists: dict[tuple[int, ...], list[Entry]] = defaultdict(list)
    for entry in subject.entries:
        lists[tuple(title.line for title in entry.node.path)].append(entry)
    for entries in lists.values():
        back = [(a, b) for a, b in pairwise(entries) if b.minutes < a.minutes]
        if len(back) > max(1, _MOST_SHARE * len(entries)):
            continue
        for before, entry in back:
            yield finding(
                ID,
                entry.line,
                message=f"{entry.written} stands after {before.written} (line {before.line}).",
                instead=f'Move the entry to its time, or correct "{entry.written}" or "{before.written}".',
                quote=entry.written,
            )

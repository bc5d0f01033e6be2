"""The timeline's entries carry their times.

What it sees
    A timeline of three or more points, most of which have no time.

Why it matters
    Without times nobody can tell what cost how long, and which wrong lead is worth preventing.

What to do
    Begin each entry with its time: "14:05 UTC - An alert fired." About is good enough; say so where it is.

Example
    Fails: Actions taken: server logs were investigated; a network fault was suspected.
    Passes: 10:20 UTC - Server logs investigated. 10:40 UTC - Network suspected; ruled out, ping as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.read.clocks import clocks
from failonce.postmortem.read.dates import dates
from failonce.postmortem.read.lines import Kind
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import brief

ID = "entries-timed"

_FEWEST = 3
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def check(subject: Subject) -> Iterator[Finding]:
    nodes = [n for n in subject.parts.timeline if n.section is Role.TIMELINE and n.kind is not Kind.CODE]
    top = [node for node in nodes if node.kind is Kind.ITEM and node.depth <= 2] or nodes
    if sum(_timed(node) for node in nodes if node.kind is Kind.TEXT) > 1:
        return  # its entries are headings or paragraphs, the points tell more of them
    untimed = [node for node in top if not _timed(node)]
    if len(top) >= _FEWEST and len(untimed) > len(top) / 2:
        first = untimed[0]
        yield finding(
            ID,
            first.line,
            message=f"{len(untimed)} of the timeline's {len(top)} points have no time.",
            instead=f'Begin each with its time: "10:20 UTC - {brief(first.text)}"',
            quote=first.text,
        )


def _timed(node: Node) -> bool:
    """Tell whether a point, or a title it stands under, carries a time or a date."""
    return any(
        clocks(text) or dates(text) or _YEAR.search(text) for text in (node.text, *(title.text for title in node.path))
    )

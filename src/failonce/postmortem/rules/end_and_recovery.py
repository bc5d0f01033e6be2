"""The stated end is when the timeline says that the service was back.

What it sees
    A service restored in the timeline after the stated end, or well before it with nothing said of the outage since.

Why it matters
    Readers take the outage for shorter or longer than it was, and so does every report on availability.

What to do
    Let the outage end when its users were served again; what came after (analysis, watching) is not part of it.

Example
    Fails: End: 15:30 UTC. 15:15 - Performance restored. 15:30 - Analysis began.
    Passes: End: 15:15 UTC. 15:15 - Performance restored. 15:30 - Analysis began.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem import instants
from failonce.postmortem.chronology import DAY, Entry
from failonce.postmortem.durations import length_text
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject

ID = "end-and-recovery"

_BACK = re.compile(
    r"\b(?:(?:service|performance|traffic|site|website|application|operations?|functionality|access|systems?"
    r"|api)\b[^.]{0,30}?\b(?:restored|recovered|resumed|back (?:up|online|to normal)|(?:returned|back) to normal)"
    r"|(?:fully|completely) (?:restored|recovered|resolved|operational)|normal operations?|outage ends?"
    r"|(?:issue|incident|outage|problem) (?:was |is |has been |declared |fully )*(?:resolved|over|fixed|closed))\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:partial\w*|began|begins|start\w*|gradual\w*|some|initiat\w+|temporar\w+|again|not|until|would"
    r"|to (?:be|get|restore|resolve|fix|recover|return))\b",
    re.IGNORECASE,
)
# What may follow an outage without being part of it.
_AFTERMATH = re.compile(
    r"\bpost-? ?(?:incident|mortem|outage)|\b(?:retrospective|lessons?|long-term|root cause analysis|debrief\w*"
    r"|documented|after (?:an? |some |further )?(?:\w+ ){0,3}(?:observation|monitoring|watching))\b",
    re.IGNORECASE,
)
# Summaries round; entries do not.
_CLOSE = 5


def check(subject: Subject) -> Iterator[Finding]:
    start, end = instants.start(subject.facts), instants.end(subject.facts)
    length = instants.minutes_between(start, end)
    if not subject.has_one_clock or start is None or end is None or not length or not 0 < length < DAY // 2:
        return
    began = instants.time_of_day(str(start.value))
    entries = [(entry, (entry.minutes - began + _CLOSE) % DAY - _CLOSE) for entry in subject.entries]
    back = [(entry, at) for entry, at in entries if at < DAY // 2 and _says_back(entry.node.text)]
    if not back:
        return
    if back[0][1] > length + _CLOSE:
        yield _finding(*back[0], f"{length_text(back[0][1] - length)} after the stated end, {instants.said(end)}")
    last, at = back[-1]
    since = [entry for entry, later in entries if at < later < DAY // 2 and not _AFTERMATH.search(entry.node.text)]
    if at < length - _CLOSE and not since:
        yield _finding(last, at, f"{length_text(length - at)} before the stated end, {instants.said(end)}")


def _says_back(text: str) -> bool:
    return bool(_BACK.search(text)) and not _NOT_YET.search(text) and not _AFTERMATH.search(text)


def _finding(entry: Entry, at: int, apart: str) -> Finding:
    return finding(
        ID,
        entry.line,
        message=f"By {entry.written} the service is back, {apart}.",
        instead=f"Write {entry.written} as the end, {length_text(at)} after the start, or tell what was still wrong.",
        quote=entry.written,
    )

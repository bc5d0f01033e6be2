"""What was told of an incident and in which order: the timeline as the book keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.model.incident import TimelineEntry


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """A timeline entry in the book. It is never changed; a later one may supersede it."""

    #: Its number in the incident's timeline, in the order in which entries were written down.
    number: int
    entry: TimelineEntry
    author: str
    #: The number of the entry that this one corrects.
    supersedes: int | None
    #: The number of the entry that corrects this one.
    superseded_by: int | None
    #: SHA-256 over this entry and the hash of the one before it.
    hash: str

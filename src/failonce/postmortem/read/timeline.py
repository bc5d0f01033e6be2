"""The timeline's entries: what carries a time or a date, one by one, also where they run together in one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from failonce.postmortem.read.clocks import Clock, begins_with_time, clocks
from failonce.postmortem.read.dates import Date, dates
from failonce.postmortem.read.lines import Kind
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.sections import Sections


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry."""

    node: Node
    clock: Clock | None
    day: date | None
    column: int
    text: str
    #: The text and what follows on lines without a time of their own.
    told: str = ""

    @property
    def brief(self) -> str:
        """The entry's first words: its own line and the one after a bare time."""
        return "\n".join(self.told.split("\n", 2)[:2]) if len(self.text) < 60 else self.text


#: How far after the time an entry begins with its day may stand; a date further on is one of its facts.
_BESIDE = 12
#: What may stand before an entry's time where several share a paragraph: the end of a sentence.
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d(*])")


def entries(parts: Sections) -> tuple[Entry, ...]:
    """Return the entries in order, each with its day where that is known."""
    found = list(_entries(parts))
    return tuple(_with_rest(found, parts.timeline))


def _entries(parts: Sections) -> Iterator[Entry]:
    leading = [n for n in parts.timeline if begins_with_time(n.text)]
    shallow = min((n.depth for n in leading), default=9)
    sectioned = any(n.section is Role.TIMELINE for n in parts.timeline)
    for node, following in zip(parts.timeline, (*parts.timeline[1:], None), strict=False):
        if sectioned and node.section is not Role.TIMELINE:
            continue
        for column, piece in _pieces(node):
            times = clocks(piece)
            days = dates(piece)
            if not times and (not days or _only_a_day(piece, following)):
                continue
            if not begins_with_time(piece) and not (node.depth <= shallow or node.kind is Kind.ROW):
                continue
            yield Entry(node, times[0] if times else None, _day(piece, times, days), column, piece)


def _day(piece: str, times: Sequence[Clock], days: Sequence[Date]) -> date | None:
    """Return an entry's day: one that stands by the time it begins with, or any where it begins otherwise."""
    ends = times[0].end + _BESIDE if times and begins_with_time(piece) else len(piece)
    return next((day.full for day in days if day.full and day.start <= ends), None)


def _only_a_day(piece: str, following: Node | None) -> bool:
    """Tell a line that gives the day of the entries after it from an entry of its own."""
    timed = following is not None and begins_with_time(following.text) and bool(clocks(following.text[:40]))
    return timed and len(piece.split()) <= 12


def _pieces(node: Node) -> Iterator[tuple[int, str]]:
    """Split a paragraph where a sentence begins with a time, or prose at each sentence that has one."""
    text = node.text
    cuts = sorted(
        {m.end() for m in _SENTENCE.finditer(text) if begins_with_time(text[m.end() : m.end() + 80])}
        | set(_run_on(text))
    )
    if not cuts and node.kind is Kind.TEXT and not begins_with_time(text):
        cuts = _timed_sentences(text)
    for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        if text[begin:end].strip():
            yield node.column + begin, text[begin:end].strip()


def _timed_sentences(text: str) -> list[int]:
    """Return where sentences with a time begin; one without belongs to the sentence before it."""
    starts = [m.end() for m in _SENTENCE.finditer(text)]
    return [at for at, end in zip(starts, (*starts[1:], len(text)), strict=False) if clocks(text[at:end])]


_COLON_AFTER = re.compile(r"\s*(?:\(?[A-Z]{2,4}\)?)?\s*(?::|\s[-–—])\s*[A-Z]")


def _run_on(text: str) -> Iterator[int]:
    """Yield where `12:05 UTC: Then` stands inside a line, without a full stop before it."""
    for clock in clocks(text):
        if clock.start > 12 and text[clock.start - 1] == " " and _COLON_AFTER.match(text, clock.end):
            yield clock.start


def _with_rest(found: list[Entry], timeline: tuple[Node, ...]) -> Iterator[Entry]:
    """Give each entry the untimed lines that follow it."""
    firsts = {id(e.node) for e in found}
    follow: dict[int, list[str]] = {}
    current: Node | None = None
    for node in timeline:
        if id(node) in firsts:
            current = node
        elif current is not None and node.path == current.path:
            follow.setdefault(id(current), []).append(node.text)
    last = {id(e.node): n for n, e in enumerate(found)}
    for number, entry in enumerate(found):
        rest = follow.get(id(entry.node), []) if last[id(entry.node)] == number else []
        told = "\n".join((entry.text, *rest))[:3000]
        yield Entry(entry.node, entry.clock, entry.day, entry.column, entry.text, told)


def dated(found: tuple[Entry, ...], begun: date | None) -> dict[int, date]:
    """Return the day of each entry by its number, going on to the next when the clock goes far back."""
    days: dict[int, date] = {}
    day, before = begun, None
    for number, entry in enumerate(found):
        if entry.day is not None:
            day = entry.day
        elif day and before and entry.clock and entry.clock.minutes < before - 360:
            day += timedelta(days=1)
        if entry.clock:
            before = entry.clock.minutes
        if day is not None:
            days[number] = day
    return days

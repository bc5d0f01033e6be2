"""When the outage began and ended, and how long it was: from the summary; days and zones from where they are written.

Values are as written even when they cannot be right; that they cannot is a Doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from failonce.postmortem.read.clocks import begins_with_time
from failonce.postmortem.read.dates import Date, dates, month_comes_first
from failonce.postmortem.read.duration import stated_duration
from failonce.postmortem.read.facts import Doubt, Fact
from failonce.postmortem.read.lines import Kind
from failonce.postmortem.read.moments import Moment, moments
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.sections import Sections
from failonce.postmortem.read.zones import find_zone


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment and the line it was read from."""

    moment: Moment
    node: Node

    @property
    def fact(self) -> Fact:
        return self.said(self.moment.local)

    def said(self, value: str) -> Fact:
        column = self.node.column + max(self.node.text.find(self.moment.as_written[:12]), 0)
        return Fact(value, self.node.line, column, self.moment.as_written)


@dataclass(frozen=True, slots=True)
class Outage:
    """The outage in time."""

    start: Instant | None
    end: Instant | None
    zone: Fact | None
    duration: Fact | None
    doubts: tuple[Doubt, ...]
    #: The day it began, where the document says it in full.
    day: date | None
    in_summary: tuple[bool, bool]
    #: Where only the days are stated, those.
    days: tuple[Fact | None, Fact | None] = (None, None)


def outage(parts: Sections) -> Outage:
    """Read the outage's times."""
    zone = _zone(parts)
    habit = _Habit(parts)
    start, end = _stated(parts.summary)
    in_summary = (start is not None, end is not None)
    if start is None:
        start = _marked(parts.timeline, _BEGINS)
    if end is None:
        end = _marked(parts.timeline, _ENDS)
    if not any(in_summary) and start is None and end is None:
        start, end = _from_timeline(parts, zone)
    fallback = _day(parts, habit)
    start = _complete(start, habit, fallback, zone)
    begun = start.moment.day.full if start and start.moment.day else None
    end = _complete(end, habit, begun or fallback, zone)
    if start and end:
        start, end = _settle(start, end)
    doubts: list[Doubt] = list(_either_way(start, habit))
    stated = stated_duration(parts.summary)
    return Outage(
        start,
        end,
        zone,
        _duration(start, end, stated, doubts),
        tuple(doubts),
        begun or fallback,
        in_summary,
        _days_alone(parts, habit),
    )


# -- which of the summary's times are start and end

_CONNECTED = re.compile(
    r"[-–—~→]|\b(?:to|until|till|til|through|thru|ending|ended|ends?|lasted|resolved|restored|fixed"
    r"|stopped|finished)\b",
    re.IGNORECASE,
)
_OPENED = re.compile(r"\b(?:between|from|start\w*|began)\b[^.]{0,60}$", re.IGNORECASE)
_END_BEFORE = re.compile(
    r"\b(?:until|till|end(?:ed|ing|s)?(?: time)?|resolved|restored|fixed|recovered|mitigated"
    r"|back (?:up|online)|over|finished|solved|repaired)\b[^.\d]{0,40}$|\bto\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_END_AFTER = re.compile(
    r"^[^.\d]{0,60}\b(?:restored|resolved|recovered|fixed|back (?:to|online|up)|normal|solved|ended)\b", re.IGNORECASE
)
_DETECTED = re.compile(r"\b(?:detected|noticed|alert(?:ed)?|discovered|reported)\b[^.\d]{0,30}$", re.IGNORECASE)


def _stated(summary: Iterable[Node]) -> tuple[Instant | None, Instant | None]:
    """Return start and end as the summary states them: labelled, as a range, or told in its sentences."""
    start = end = None
    found: list[Instant] = []
    for node in summary:
        told = [Instant(m, node) for m in moments(node.text)]
        found.extend(told)
        if not told:
            continue
        label = node.label
        if label is Role.END:
            end = end or told[0]
            continue
        if label is Role.START:
            start = start or told[0]
            if len(told) > 1 and _is_range(told[0], told[1]):
                end = end or told[1]
            continue
        pair = next((pair for pair in pairwise(told) if _is_range(*pair)), None)
        if pair and start is None and end is None:
            start, end = pair
    if start and end:
        return start, end
    return _told(found, start, end)


def _is_range(first: Instant, second: Instant) -> bool:
    text = first.node.text
    gap = text[first.moment.end : max(second.moment.start, first.moment.end)]
    if len(gap) > 90 or ". " in gap or any(c.isdigit() for c in gap):
        return False
    opened = _OPENED.search(text[max(0, first.moment.start - 80) : first.moment.clock.start]) is not None
    return _CONNECTED.search(gap) is not None or (opened and " and " in f" {gap} ")


def _told(found: list[Instant], start: Instant | None, end: Instant | None) -> tuple[Instant | None, Instant | None]:
    for instant in found:
        text, moment = instant.node.text, instant.moment
        ends = _END_BEFORE.search(text[max(0, moment.start - 80) : moment.start]) or (
            start is not None and _END_AFTER.search(text[moment.end : moment.end + 90])
        )
        if ends and instant is not start:
            end = end or instant
        elif start is None and not _DETECTED.search(text[max(0, moment.start - 60) : moment.start]):
            start = instant
    return start, end


_BEGINS = re.compile(r"\b(?:outage|incident|downtime) (?:begins?|began|starts?|started)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:outage|downtime) (?:ends?|ended|is over|over)\b", re.IGNORECASE)


#: Less plain words, believed where date and time stand with them.
_UP = re.compile(
    r"\b(?:returns? to normal|back to (?:100|normal)|service (?:was |is |were )?(?:fully )?restored"
    r"|back online|fully (?:restored|recovered|operational)|outage (?:is )?over|solved the issue"
    r"|incident (?:was )?closed)\b|^resolved\b",
    re.IGNORECASE,
)


_SEEN = re.compile(
    r"\b(?:identified|noticed|reported|detected|discovered|released|merged|deployed|commit|tickets?|complain\w*)\b",
    re.IGNORECASE,
)


def _from_timeline(parts: Sections, zone: Fact | None) -> tuple[Instant | None, Instant | None]:
    """Return the first and the resolving entry, where date and time stand with them and no summary says otherwise."""
    end = _marked(parts.timeline, _UP, dated=True)
    for node, following in zip(parts.timeline, (*parts.timeline[1:], None), strict=False):
        told = moments(node.text) if begins_with_time(node.text) else []
        if told:
            says = node.text + (following.text if following else "") if len(node.text) < 30 else node.text
            known = told[0].dated and told[0].day is not None and told[0].day.full is not None
            first = Instant(told[0], node) if known and zone and not _SEEN.search(says) else None
            return first, end
    return None, end


def _marked(timeline: Iterable[Node], words: re.Pattern[str], *, dated: bool = False) -> Instant | None:
    """Return the entry that says in so many words that the outage begins or ends."""
    last: Instant | None = None
    for node in timeline:
        told = moments(node.text) if _is_entry(node) or not dated else []
        last = Instant(told[0], node) if told else last
        if words.search(node.text) and last is not None and (told or dated):
            if dated and not (last.moment.day and last.moment.day.full and last.moment.dated):
                continue
            return last
    return None


def _is_entry(node: Node) -> bool:
    """Tell an entry, or a key event such as `Resolved 2022-01-22 14:38`, from a sentence with a time."""
    return begins_with_time(node.text) or (node.kind is Kind.ITEM and len(node.text.split()) <= _KEY_EVENT)


_KEY_EVENT = 6


def _either_way(start: Instant | None, habit: _Habit) -> Iterator[Doubt]:
    """Doubt a date whose day and month nothing in the document tells apart."""
    day = start.moment.day if start else None
    if start is not None and day is not None and day.ambiguous and habit.month_first is None:
        yield Doubt(
            "start", start.node.line, f'"{start.moment.as_written}" is read day first; it could be month first.'
        )


# -- days and zones


class _Habit:
    """How this document writes dates: whether the month comes first, and the year where it is left out."""

    def __init__(self, parts: Sections) -> None:
        told = (*(t.text for t in parts.titles), *(n.text for n in parts.all))
        found = [day for text in told for day in dates(text)]
        self.month_first = month_comes_first(found)
        self.years = {day.year for day in found if day.year}

    def settle(self, day: Date) -> Date:
        if day.ambiguous and self.month_first:
            day = day.swapped()
        if not day.year and len(self.years) == 1:
            day = replace(day, year=next(iter(self.years)))
        return day


def _day(parts: Sections, habit: _Habit) -> date | None:
    """Return the day of the outage where it is written apart from its times."""
    labelled = (n for n in parts.all if n.section is Role.DURATION or n.label in (Role.DURATION, Role.START))
    places: tuple[Iterable[str], ...] = (
        (n.text for n in parts.summary),
        (n.text for n in labelled),
        (t.text for t in parts.titles if t.role is Role.TIMELINE),
        _lone_day(parts, habit),
        (t.text for t in parts.titles[:3]),
        (n.text for n in parts.all[:3]),
    )
    for texts in places:
        for text in texts:
            full = next((f for d in dates(text) if (f := habit.settle(d).full)), None)
            if full:
                return full
    return None


def _days_alone(parts: Sections, habit: _Habit) -> tuple[Fact | None, Fact | None]:
    """Return the days under `Start` and `End` where no time is given with them."""
    span = _span_of_days(parts, habit)
    if span:
        return span
    found: list[Fact | None] = []
    for role in (Role.START, Role.END):
        told = ((n, d) for n in parts.summary if n.label is role for d in dates(n.text) if habit.settle(d).full)
        node, day = next(told, (None, None))
        full = habit.settle(day).full if day else None
        found.append(None if node is None or day is None or full is None else _day_fact(node, day, full))
    return found[0], found[1]


def _day_fact(node: Node, day: Date, full: date) -> Fact:
    return Fact(full.isoformat(), node.line, node.column + day.start, node.text[day.start : day.end])


def _span_of_days(parts: Sections, habit: _Habit) -> tuple[Fact, Fact] | None:
    """Return `29 April 2022 - 30 April 2022` where the summary gives no time of day at all."""
    if any(moments(node.text) for node in parts.summary):
        return None
    for node in parts.summary:
        for first, last in pairwise(habit.settle(d) for d in dates(node.text)):
            if first.full and last.full and _TO.fullmatch(node.text, first.end, last.start):
                return _day_fact(node, first, first.full), _day_fact(node, last, last.full)
    return None


_TO = re.compile(r"\s*(?:-|–|—|to|until|till|through|and)\s*(?:the )?", re.IGNORECASE)


def _lone_day(parts: Sections, habit: _Habit) -> Iterator[str]:
    """The timeline's lines, if they are all of one day: of several, which is the outage's is not known."""
    days = {habit.settle(d).full for n in parts.timeline for d in dates(n.text)}
    if len(days) == 1:
        yield from (n.text for n in parts.timeline)


def _complete(instant: Instant | None, habit: _Habit, fallback: date | None, zone: Fact | None) -> Instant | None:
    """Fill in what stands elsewhere: the year, the day, the zone."""
    if instant is None:
        return None
    moment = instant.moment
    day = habit.settle(moment.day) if moment.day else None
    if day is None and fallback is not None:
        day = Date(fallback.year, fallback.month, fallback.day, 0, 0)
    zone_text = moment.zone or (str(zone.value) if zone else "")
    return replace(instant, moment=replace(moment, day=day, zone=zone_text))


def _settle(start: Instant, end: Instant) -> tuple[Instant, Instant]:
    """Read start and end by each other: the half of the day, the day after midnight."""
    first, last = start.moment, end.moment
    if not first.clock.certain and last.clock.half and first.clock.minutes + 720 <= last.clock.minutes:
        start = _afternoon(start)
    elif (
        not last.clock.certain
        and first.clock.half
        and last.clock.minutes < first.clock.minutes <= last.clock.minutes + 720
    ):
        end = _afternoon(end)
    first, last = start.moment, end.moment
    begun = first.day.full if first.day else None
    if begun and not last.dated and last.clock.minutes < first.clock.minutes:
        end = replace(end, moment=last.on(begun + timedelta(days=1)))
    return start, end


def _afternoon(instant: Instant) -> Instant:
    clock = instant.moment.clock
    later = replace(clock, hour=clock.hour + 12 if clock.hour < 12 else clock.hour, certain=True)
    return replace(instant, moment=replace(instant.moment, clock=later))


def _zone(parts: Sections) -> Fact | None:
    """Return the zone that governs the times: the summary's, else the timeline's, else any."""
    for nodes in (parts.summary, parts.timeline):
        for node in nodes:
            zone = find_zone(node.text) or find_zone(node.path[-1].text if node.path else "")
            if zone:
                return Fact(zone[0].strip(), node.line, node.column + zone.start(), zone[0].strip())
        for title in parts.titles:
            zone = find_zone(title.text) if title.role is not None else None
            if zone:
                return Fact(zone[0].strip(), title.line, 1, zone[0].strip())
    for node in parts.all:
        zone = find_zone(node.text)
        if zone:
            return Fact(zone[0].strip(), node.line, node.column + zone.start(), zone[0].strip())
    return None


# -- how long


def _duration(start: Instant | None, end: Instant | None, stated: Fact | None, doubts: list[Doubt]) -> Fact | None:
    """Return end minus start where both are known, else what is stated."""
    if start is None or end is None:
        return stated
    minutes = _minutes(start.moment, end.moment)
    if minutes is None:
        return stated
    if minutes < 0:
        doubts.append(Doubt("end", end.node.line, f'"{end.moment.as_written}" is before "{start.moment.as_written}".'))
        return stated
    if stated and abs(float(stated.value) - minutes) > max(5, 0.1 * minutes):
        doubts.append(
            Doubt(
                "duration_minutes",
                stated.line,
                f'"{stated.as_written}" is not the {minutes} minutes from start to end.',
            )
        )
    return Fact(minutes, start.node.line, start.fact.column, f"{start.moment.as_written} – {end.moment.as_written}")


def _minutes(first: Moment, last: Moment) -> int | None:
    begun, over = (m.day.full if m.day else None for m in (first, last))
    if begun and over:
        a = datetime.combine(begun, datetime.min.time()) + timedelta(minutes=first.clock.minutes)
        b = datetime.combine(over, datetime.min.time()) + timedelta(minutes=last.clock.minutes)
        return int((b - a).total_seconds() // 60)
    if first.day and last.day and (first.day.month, first.day.day) != (last.day.month, last.day.day):
        return None
    minutes = last.clock.minutes - first.clock.minutes
    return minutes if minutes >= 0 else minutes + 1440

"""Which lines belong to which part of the postmortem, once what is not the postmortem is set aside.

Set aside: an assignment's text before it, a second telling after it, the second of two incidents told side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from failonce.postmortem.read.clocks import begins_with_time, clocks
from failonce.postmortem.read.lines import Kind
from failonce.postmortem.read.outline import Node, Outline, Title
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.template import first_line, instructs

Nodes = tuple[Node, ...]

_LATER = frozenset({Role.TIMELINE, Role.CAUSE_AND_RESOLUTION, Role.MEASURES, Role.TASKS, Role.RESOLUTION})
_OPENING = frozenset({Role.SUMMARY, Role.IMPACT, Role.DURATION, Role.START, Role.END})


@dataclass(frozen=True, slots=True)
class Sections:
    """The postmortem by its parts; prose only, no code."""

    titles: tuple[Title, ...]
    all: Nodes
    #: The summary, or the opening that stands in for it.
    summary: Nodes
    timeline: Nodes
    cause: Nodes
    resolution: Nodes
    #: Improvements and tasks together.
    measures: Nodes
    present: dict[str, bool]


def sections(outline: Outline) -> Sections:
    """Sort a document's lines into the parts."""
    first = first_line(outline)
    end = _end(outline, first)
    titles = tuple(t for t in outline.titles if first <= t.line < end)
    told = tuple(n for n in outline.nodes if first <= n.line < end and _tells(n))
    told = tuple(_first_incident(_own_titles(told, first)))
    summary = _summary(told, titles)
    inside = {id(n) for n in summary}
    rest = tuple(n for n in told if id(n) not in inside)
    cause = tuple(n for n in rest if _tells_cause(n))
    resolution = tuple(n for n in rest if _tells_resolution(n))
    measures = tuple(
        n
        for n in rest
        if n.section in (Role.MEASURES, Role.IMPROVEMENTS, Role.TASKS) or n.under(Role.IMPROVEMENTS, Role.TASKS)
    )
    present = {
        "issue_summary": bool(summary),
        "timeline": any(t.role is Role.TIMELINE for t in titles),
        "root_cause_and_resolution": bool(cause) or any(n.section is Role.CAUSE_AND_RESOLUTION for n in rest),
        "corrective": bool(measures),
    }
    return Sections(titles, told, summary, _timeline(rest), cause, resolution, measures, present)


def _tells(node: Node) -> bool:
    return node.kind is not Kind.CODE and not (node.kind is Kind.TEXT and instructs(node.text))


def _own_titles(told: Nodes, first: int) -> Nodes:
    """Forget the titles of what comes before the postmortem."""
    if first == 1:
        return told
    return tuple(replace(n, path=tuple(t for t in n.path if t.line >= first)) for n in told)


def _tells_cause(node: Node) -> bool:
    if node.section is Role.CAUSE:
        return node.label is not Role.RESOLUTION and not node.under(Role.IMPROVEMENTS, Role.OTHER)
    return node.section is Role.CAUSE_AND_RESOLUTION and node.label in (
        Role.CAUSE,
        Role.CAUSE_AND_RESOLUTION,
        Role.TIMELINE,
        Role.IMPACT,
    )


def _tells_resolution(node: Node) -> bool:
    if node.section is Role.CAUSE_AND_RESOLUTION:
        return node.label is not Role.CAUSE
    return node.section is Role.RESOLUTION or (
        node.section in (Role.TIMELINE, Role.CAUSE) and node.under(Role.RESOLUTION)
    )


def _summary(told: Nodes, titles: tuple[Title, ...]) -> Nodes:
    """The summary's lines with the impact and duration beside it; without a summary, what comes before the rest."""
    later = min((t.line for t in titles if t.role in _LATER), default=None)
    if any(n.section is Role.SUMMARY for n in told):
        found = tuple(n for n in told if n.section is Role.SUMMARY)
        last = max(n.line for n in found)
        timed = {id(n) for n in told if n.line < found[0].line and n.section is None and clocks(n.text)}
        near = max(last, later or last)
        return tuple(
            n for n in told if n.section is Role.SUMMARY or id(n) in timed or (n.section in _OPENING and n.line <= near)
        )
    if later is None:
        return tuple(n for n in told if len(n.text.split()) > 3)[:2]
    opening = tuple(n for n in told if n.line < later and n.section is not Role.OTHER)
    return opening or tuple(n for n in told if n.section in _OPENING)


def _timeline(rest: Nodes) -> Nodes:
    """The timeline's lines and the sections that carry it on; without one, the lines that begin with a time."""
    carried = (Role.DETECTION, Role.ACTIONS_TAKEN, Role.MISLEADING, Role.ESCALATION)
    if any(n.section is Role.TIMELINE for n in rest):
        return tuple(n for n in rest if n.section is Role.TIMELINE or n.section in carried)
    timed = tuple(n for n in rest if begins_with_time(n.text) or n.section in carried)
    return timed or tuple(n for n in rest if n.section is None and clocks(n.text))


_SECTIONS = frozenset({Role.TIMELINE, Role.MEASURES, Role.CAUSE_AND_RESOLUTION})


def _end(outline: Outline, first: int) -> int:
    """The line on which a second telling begins: a summary after a whole first postmortem."""
    seen: set[Role | None] = set()
    before: Title | None = None
    for title in outline.titles:
        if title.line < first:
            continue
        if title.role is Role.SUMMARY and Role.TIMELINE in seen and len(seen & _SECTIONS) >= 2 and title.level <= 8:
            fresh = before is not None and before.role is None and title.line - before.line < 6
            return before.line if fresh and before is not None else title.line
        seen.add(title.role)
        before = title
    return 10**9


_INCIDENT = re.compile(r"\(?(?:incident |issue |case |outage )?#?([12])[.):]?\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"\(([12])\)")


def _first_incident(told: Nodes) -> Iterator[Node]:
    """Leave out what is told of a second incident, where both are told in every part under their numbers."""
    marks = [n for n in told if _INCIDENT.fullmatch(n.text) and "2" in n.text]
    if len(marks) < 2:
        yield from told
        return
    which, part = 1, None
    for node in told:
        if node.section is not part:
            which, part = 1, node.section
        number = _INCIDENT.fullmatch(node.text)
        told_as = number or _NUMBERED.fullmatch(node.mark)
        if told_as:
            which = int(told_as[1])
        if which == 1 and not number:
            yield node

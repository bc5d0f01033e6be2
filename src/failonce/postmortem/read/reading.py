"""Read a postmortem: its outline, its parts, and from them every fact, each by the file that knows it."""

from __future__ import annotations

from datetime import date

from failonce.postmortem.read import actions, causes, impact, misleading, people
from failonce.postmortem.read.detection import Detection, detection
from failonce.postmortem.read.facts import Doubt, Fact, Facts
from failonce.postmortem.read.outage import Outage, outage
from failonce.postmortem.read.outline import LONGEST, Outline, outline
from failonce.postmortem.read.requirements import requirements
from failonce.postmortem.read.resolution import instant, resolved
from failonce.postmortem.read.sections import Sections, sections
from failonce.postmortem.read.timeline import Entry, dated, entries
from failonce.postmortem.read.title import title
from failonce.postmortem.words import count_words


def read(text: str) -> Facts:
    """Return what a postmortem says."""
    return read_parts(text)[1]


def read_parts(text: str) -> tuple[Sections, Facts]:
    """Return a postmortem's parts, and what they say."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = outline(text)
    parts = sections(lines)
    return parts, _facts(text, lines, parts)


def _facts(text: str, lines: Outline, parts: Sections) -> Facts:
    words = count_words(text)
    times = outage(parts)
    found = entries(parts)
    days = dated(found, times.day)
    seen = detection(parts, found, times)
    facts: dict[str, object] = {
        "title": title(text, lines, parts),
        "start": _absolute(times, "start"),
        "end": _absolute(times, "end"),
        "start_local": times.start.fact if times.start else times.days[0],
        "end_local": times.end.fact if times.end else times.days[1],
        "duration_minutes": times.duration,
        "timezone_as_written": times.zone,
        "services": impact.services(parts.summary),
        "percent_users_affected": impact.percent_of_users(impact.impact_nodes(parts)),
        "user_experience": impact.experience(impact.impact_nodes(parts)),
        "root_cause_summary": causes.summary_sentence(parts),
        "cause_category": causes.category(parts),
        "detected_at": _detected(seen, found, days, times),
        "detection_method": seen.method,
        "timeline_entries": tuple(Fact(e.text, e.node.line, e.column, e.text) for e in found),
        "misleading_paths": misleading.misleading_paths(parts),
        "escalated_to": people.escalations(parts),
        "resolved_at": resolved(found, days, times),
        "action_items": actions.action_items(parts),
    }
    met = requirements(parts, facts, times, words)
    doubts = (*times.doubts, *_cut(text))
    return Facts(**facts, sections_present=parts.present, requirements_met=met, words=words, doubts=doubts)  # type: ignore[arg-type]


def _absolute(times: Outage, which: str) -> Fact | None:
    told = times.start if which == "start" else times.end
    if told is None or told.moment.absolute is None:
        return None
    return told.said(told.moment.absolute)


def _detected(seen: Detection, found: tuple[Entry, ...], days: dict[int, date], times: Outage) -> Fact | None:
    """The time of detection, with its day where that is not the day the outage began."""
    if seen.at is None or seen.entry is None:
        return seen.at
    number = next((n for n, e in enumerate(found) if e is seen.entry), -1)
    day = days.get(number, seen.entry.day)
    return Fact(instant(seen.entry, day, times.day), seen.at.line, seen.at.column, seen.at.as_written)


def _cut(text: str) -> tuple[Doubt, ...]:
    if len(text) <= LONGEST:
        return ()
    line = text.count("\n", 0, LONGEST) + 1
    return (
        Doubt(
            "words", line, f"Only the first {LONGEST:,} characters were read for facts; the document has {len(text):,}."
        ),
    )

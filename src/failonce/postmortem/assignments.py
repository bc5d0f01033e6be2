"""Who was given each action item of a document, and until when: only as it is written there, never guessed.

An owner stands in a table's column, behind a label (`Owner: Ada`), as a mention that begins or ends the task, or where
failonce writes it; on the task's own line or on those indented below it. A date counts when it is labelled as due or
follows `by`, has its year, and can be read one way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from failonce.postmortem.read.dates import Date, dates, month_comes_first
from failonce.postmortem.read.facts import Fact


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a document says of a task besides the task. None: it does not say."""

    owner: str | None = None
    due: date | None = None


_OWNER = re.compile(
    r"\b(?:owners?|owned by|assignees?|assigned to|responsible|dri)\b[*_]*\s*[:=][*_\s]*", re.IGNORECASE
)
_DUE = re.compile(
    r"\b(?:due(?: date| by| on)?|deadline|eta|target date|by when|(?:complete|finish) by)\b[*_]*\s*[:=]?[*_\s]*"
    r"|\bby (?:the )?(?=\d|[A-Z][a-z]{2,8}\.? \d)",
    re.IGNORECASE,
)
#: What ends a name: the next label or date, the end of the bracket or of the sentence.
_NAME_ENDS = re.compile(
    r"\s*(?:[;|()\[\]\n]|(?<=\w\w)\.(?:\s|$)|\s[–—-]\s|,?\s*\b(?:due|deadline|eta|by|priority|status|tracking|type|target"
    r"|ticket|guard)\b|,?\s*\d{1,4}[-/.]\d)",
    re.IGNORECASE,
)
_MENTION = re.compile(r"^\(?@(?P<first>[\w.-]*\w)\b|(?<![\w/.])\(?@(?P<last>[\w.-]*\w)\)?[.:]?$")
#: As `sections.measures` writes an item.
_OURS = re.compile(
    r"\((?:prevent|detect|mitigate)(?:; (?!due )(?P<who>[^;()]{1,60}))?(?:; due (?P<due>\d{4}-\d\d-\d\d))?\):"
)
_NOBODY = re.compile(
    r"(?:tb[adc]|n/?a|none|nobody(?: yet)?|no ?one|unassigned|unknown|to be \w+|todo|\?+|-+|[–—]+|\.+|x+"
    r"|@?(?:user)?name|owner|assignee|<.*|\{.*|\[.*|_+)",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\]]{1,80})\]\([^)]{0,300}\)")
_MARKS = "*_`\"'“” \t"
_LONGEST_NAME, _MOST_WORDS = 60, 6
#: Lines below a task that may be about it.
_BELOW = 12
_DIVIDER = re.compile(r"\s*\|?[\s|:-]*-[\s|:-]*$")
_OWNERS = re.compile(r"\b(?:owners?|assignees?|assigned|responsible|dri|who)\b", re.IGNORECASE)
_DUES = re.compile(r"\b(?:due|deadline|eta|target date|by when|complet\w+ (?:by|date)|finish by)\b", re.IGNORECASE)
_INDENT = re.compile(r"\s*")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])\s")


def assignments(text: str, tasks: Sequence[Fact]) -> tuple[Assignment, ...]:
    """Return what a document says of each of its tasks, in their order.

    >>> text = "- Add the index. Owner: Ada. Due: 2026-10-01"
    >>> assignments(text, [Fact("Add the index.", 1, 1, text)])
    (Assignment(owner='Ada', due=datetime.date(2026, 10, 1)),)
    """
    lines = text.split("\n")
    is_month_first = month_comes_first(dates(text))
    return tuple(_of(lines, task.line - 1, is_month_first) for task in tasks)


def _of(lines: Sequence[str], at: int, is_month_first: bool | None) -> Assignment:
    if not 0 <= at < len(lines):
        return Assignment()
    if "|" in lines[at] and (head := _head(lines, at)) is not None:
        return _in_row(head, _cells(lines[at]), is_month_first)
    told = [lines[at], *_below(lines, at)]
    ours = _OURS.search(lines[at])
    if ours:
        return Assignment(_name(ours["who"] or ""), date.fromisoformat(ours["due"]) if ours["due"] else None)
    owners = (_labelled(line) for line in told)
    days = (_due(line, is_month_first) for line in told)
    return Assignment(next(filter(None, owners), None) or _mentioned(lines[at]), next(filter(None, days), None))


def _below(lines: Sequence[str], at: int) -> Iterator[str]:
    """Yield the lines that belong to a task: indented deeper, or below the heading that it is."""
    is_heading, depth = lines[at].lstrip().startswith("#"), _depth(lines[at])
    for line in lines[at + 1 : at + 1 + _BELOW]:
        if line.lstrip().startswith("#") or (not is_heading and line.strip() and _depth(line) <= depth):
            return
        yield line


def _depth(line: str) -> int:
    found = _INDENT.match(line.expandtabs(4))
    return len(found[0]) if found else 0


def _head(lines: Sequence[str], at: int) -> list[str] | None:
    """Return the names of the columns of the table that a line is in."""
    while at > 1 and "|" in lines[at - 1]:
        at -= 1
        if _DIVIDER.fullmatch(lines[at]):
            return _cells(lines[at - 1])
    return None


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _in_row(head: Sequence[str], cells: Sequence[str], is_month_first: bool | None) -> Assignment:
    named = list(zip(head, cells, strict=False))
    owner = next((cell for name, cell in named if _OWNERS.search(name)), "")
    due = next((cell for name, cell in named if _DUES.search(name)), "")
    return Assignment(_name(owner), _day(dates(due)[:1], is_month_first))


def _labelled(line: str) -> str | None:
    found = _OWNER.search(line)
    if not found:
        return None
    rest = _LINK.sub(r"\1", line[found.end() :])
    ends = _NAME_ENDS.search(rest)
    return _name(rest[: ends.start()] if ends else rest)


def _mentioned(line: str) -> str | None:
    text = _ITEM.sub("", line, count=1).removeprefix("[ ] ").removeprefix("[x] ").strip(_MARKS)
    found = _MENTION.search(text)
    return _name(found["first"] or found["last"]) if found else None


def _name(told: str) -> str | None:
    """Return a name; None where the place for it is empty or still a template's."""
    name = _LINK.sub(r"\1", told).strip(_MARKS).rstrip(".,:").lstrip("@").strip(_MARKS)
    is_one = 0 < len(name) <= _LONGEST_NAME and len(name.split()) <= _MOST_WORDS and any(map(str.isalpha, name))
    return name if is_one and not _NOBODY.fullmatch(name) else None


def _due(line: str, is_month_first: bool | None) -> date | None:
    for label in _DUE.finditer(line):
        found = [day for day in dates(line[label.end() :]) if day.start <= 1][:1]
        if day := _day(found, is_month_first):
            return day
    return None


def _day(found: Sequence[Date], is_month_first: bool | None) -> date | None:
    """Return the day that is written; None where day and month could be the other way round."""
    if not found:
        return None
    day = found[0]
    if not day.ambiguous:
        return day.full
    return None if is_month_first is None else (day.swapped() if is_month_first else day).full

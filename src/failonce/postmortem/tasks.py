"""What makes an action item one that can be found done or not: a verb, an owner, a date, an end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from failonce.postmortem.imperatives import VERBS
from failonce.postmortem.read.facts import Fact
from failonce.postmortem.subject import Subject

_SAYS_DOING = re.compile(
    r"\b(?:was|were|has|have|is|are|be|will|must|should|need\w*|can|do|let|\w{3,}(?:ed|ing|i[sz]e))\b", re.I
)
_LABEL = re.compile(r"^[^:]{2,60}:\s+(?=\S)")
_BOX = re.compile(r"^\s*\[[ xX]\]\s*")
_VAGUE = re.compile(
    r"^(?:we (?:will|should|need to|must) |to )?(?P<verb>improve|enhance|strengthen|better|ensure|consider|explore"
    r"|evaluate|optimi[sz]e|increase|promote|foster|encourage|raise awareness|review|monitor|improving|enhancing"
    r"|strengthening|improved|enhanced|increased|improvement|be more)\b",
    re.IGNORECASE,
)
_ENDLESS = re.compile(
    r"\b(?P<word>regularly|continuously|constantly|periodically|as needed|where(?:ver)? (?:necessary|possible"
    r"|appropriate)|if (?:necessary|needed)|appropriate|more (?:often|careful\w*|robust\w*|granular|comprehensive)"
    r"|(?:comprehensive"
    r"|thorough) review)\b",
    re.IGNORECASE,
)
#: What pins a task down: a number, code, a quotation, a ticket, the means.
_SPECIFIC = re.compile(r"\d|`|[\"“]|\b[A-Z]{2,10}-\d+\b|https?://|\b(?:by \w+ing|using|via|to include|including)\b")
_CHECKABLE = re.compile(
    r"\b(?:is|are) (?:\w+ )?(?:enabled|installed|integrated|configured|connected|encrypted|set)\b|\bevery (?:hour|day"
    r"|week|month)",
    re.IGNORECASE,
)
#: A task told as done, or that there is none; `the limit was too low` tells neither.
_DONE = re.compile(
    r"^(?:no (?:\w+ )?(?:tasks?|actions?|action items?)|none|nothing)\b"
    r"|\b(?:has|have) been (?:\w+ )?\w+(?:ed|en|t)\b"
    r"|\b(?:was|were) (?:updated|added|removed|fixed|sent|created|deployed|installed|configured|replaced|enabled|placed"
    r"|rebuilt|restored|upgraded|patched|changed|increased)\b|^we (?!will|should|must|need)\w+ed\b",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?<![\w/])@\w|\b(?i:owners?|assignees?|assigned|responsible|accountable|dri)\b"
    r"|\b[A-Z]{2,10}-\d+\b|\bhttps?://\S{0,200}/(?:issues|browse|pull|jira)/|\b(?:jira|ticket|github issue|issue #)\b"
    r"|#\d+\b|\bteam (?:will|shall|to|is to)\b|\((?:[A-Z][\w.-]+ ?){1,3}\)\s*$|[–—-] [A-Z][a-z]+(?: [A-Z][a-z]+)?\s*$",
    re.MULTILINE,
)
_DATE = re.compile(
    r"\b\d{4}-\d\d?-\d\d?\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b(?:due|deadline|eta)\b|\bQ[1-4]\b|\b(?:jan|feb|mar|apr"
    r"|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.? \d|\d(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec)|\b(?:by|before|until|within) (?:the )?(?:end|next|this|monday|tuesday|wednesday|thursday|friday"
    r"|tomorrow|\d+ (?:days?|weeks?|months?)|(?:one|two|three|four) (?:days?|weeks?|months?))\b|\bthis (?:week|month"
    r"|sprint|quarter)\b|\b(?:next|coming) (?:week|month|sprint|quarter)\b|\b(?:jira|ticket|github issue|issue #)\b"
    r"|\b[A-Z]{2,10}-\d+\b|\bhttps?://\S{0,200}/(?:issues|browse|pull|jira)/|#\d+\b|\[x\]|\b(?:done|completed"
    r"|in progress)\b",
    re.IGNORECASE,
)
_TICKED = re.compile(r"[\s>]*(?:[-*+]|\d+[.)])?\s*\[[xX]\]")
_FRONT = 80
_SHORT = 6
#: Things that are wished for by their bare names.
_THINGS = re.compile(
    r"\b(?:checks|alerts|alarms|tests|dashboards?|documentation|runbooks?|playbooks?|limits?|backups|redundancy"
    r"|failover|capacity|polic(?:y|ies)|procedures?|guidelines|audits|drills|metrics|thresholds|staging|replicas?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Vague:
    """A task without an end, and the word that makes it so."""

    task: Fact
    word: str


def tasks(subject: Subject) -> tuple[Fact, ...]:
    """Return the action items that are still to be done."""
    lines = subject.text.split("\n")
    return tuple(
        task
        for task in subject.facts.action_items
        if not _DONE.search(str(task.value)) and not _TICKED.match(lines[task.line - 1][:_FRONT])
    )


def vague(subject: Subject) -> Iterator[Vague]:
    """Yield the tasks that nobody can find done."""
    for task in tasks(subject):
        text = _body(str(task.value))
        if _SPECIFIC.search(text) or _CHECKABLE.search(text):
            continue
        match = _VAGUE.match(text) or _ENDLESS.search(text)
        if match:
            yield Vague(task, match[1])


def without_verb(subject: Subject) -> Iterator[Fact]:
    """Yield the tasks that name a thing and nothing to be done with it."""
    for task in tasks(subject):
        words = [word.strip(".,;:()!?").lower() for word in str(task.value).split()]
        if (
            len(words) <= _SHORT
            and _THINGS.search(str(task.value))
            and not VERBS & set(words)
            and not _SAYS_DOING.search(str(task.value))
        ):
            yield task


def says_owner(subject: Subject) -> bool:
    """Tell whether any line of the measures names somebody, or a ticket that will."""
    return any(_OWNER.search(line) for line in _lines(subject))


def says_date(subject: Subject) -> bool:
    """Tell whether any line of the measures says until when, or is tracked or done."""
    return any(_DATE.search(line) for line in _lines(subject))


def _lines(subject: Subject) -> Iterator[str]:
    """Yield the measures' lines as they stand, from the first task to the end of the last."""
    lines = subject.text.split("\n")
    numbers = [node.line for node in subject.parts.measures] + [task.line for task in tasks(subject)]
    if numbers:
        yield from lines[max(min(numbers) - 3, 0) : max(numbers) + 5]


def _body(text: str) -> str:
    """Return a task without its box and its label."""
    return _LABEL.sub("", _BOX.sub("", text)).strip()

"""A setting that was changed for the time being has a task that takes it back or makes it last.

What it sees
    A limit raised or a feature switched off "temporarily", and tasks of which none speaks of it again.

Why it matters
    What was meant for an hour stays for years, and nobody remembers what it guards against or what it costs.

What to do
    Add the task: take the setting back, or decide on its value and put it where it is kept.

Example
    Fails: Temporarily increased the connection pool limit. Tasks: Review the queries.
    Passes: Temporarily increased the connection pool limit. Tasks: Set the pool limit back to 20 after the fix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.sentence import Sentence
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import stem

ID = "temporary-stays"

_CHANGED = (
    r"(?:increas|rais|lower|reduc|disabl|enabl|scal|block|turn|switch|limit|stopp|paus|skipp|bypass|redirect)\w*"
    r"(?: (?:up|down|off|on|out))?"
)
_TEMPORARY = re.compile(
    rf"\btemporarily (?P<first>{_CHANGED} (?P<what>[^,.;()]{{3,70}}))"
    rf"|(?P<second>\b{_CHANGED} (?P<thing>[^,.;()]{{3,70}}?)) (?:as a temporary|temporarily)",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r"\b(?:to|for|as|while|until|so that|in order|and)\b.*", re.IGNORECASE | re.DOTALL)
_SETTLED = re.compile(
    r"\b(?:revert\w*|undo|undone|(?:set|put|chang\w+|brought|turned) (?:\w+ ){0,4}back|permanent\w*|temporary"
    r"|workaround|re-?enabl\w*|remov\w+ the (?:limit|block)|unblock\w*)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    tasks = " ".join(str(task.value) for task in subject.facts.action_items)
    changed = next(_changes(subject), None)
    if not tasks or changed is None:
        return
    words, thing, sentence = changed
    told = " ".join((tasks, *(s.text for s in subject.sentences if s.line > sentence.line)))
    if _SETTLED.search(told) or _speaks_of(thing, tasks):
        return
    yield finding(
        ID,
        sentence.line,
        message=f'"{words}" was for the time being, and no task takes it back or makes it last.',
        instead="Add a task with an owner and a date: take it back, or settle its value and where that is kept.",
        quote=words,
    )


def _changes(subject: Subject) -> Iterator[tuple[str, str, Sentence]]:
    """Yield what was changed for the time being, the thing itself, and where it is told."""
    for sentence in subject.sentences:
        for match in _TEMPORARY.finditer(sentence.text):
            thing = _PURPOSE.sub("", match["what"] or match["thing"]).strip()
            if thing:
                yield (match["first"] or match["second"]).split(thing)[0] + thing, thing, sentence


def _speaks_of(thing: str, tasks: str) -> bool:
    """Tell whether the tasks name the thing by its last word, as `limit` of `the connection pool limit`."""
    last = re.findall(r"[A-Za-z]+", thing.lower())[-1:]
    return bool(last) and stem(last[0]) in {stem(word) for word in re.findall(r"[A-Za-z]+", tasks.lower())}

"""Each action item has an end that somebody can see.

What it sees
    Tasks that improve, enhance, ensure or review, regularly or as needed, without a number, a name or a means.

Why it matters
    What nobody can find done is never done, and stays on the list until the outage happens again.

What to do
    Say what will be there when it is done: an alert with its limit, a test with its place, a page with its name.

Example
    Fails: Improve monitoring.
    Passes: Alert the on-call engineer when connections are above 80 % of max_connections for 2 minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.tasks import vague
from failonce.postmortem.terms import brief

ID = "action-vague"

#: What a task of its kind can end in.
_ENDS = (
    (
        r"monitor|alert|observab|dashboard|logging",
        'Name the measurement, its limit and whom it calls: "Page the on-call engineer when ... is above ... for ..."',
    ),
    (
        r"capacit|scal|resource|pool",
        'Give the present and the future size: "Raise ... from ... to ..., by load test of ..."',
    ),
    (
        r"quer(?:y|ies)|index|sql|schema",
        'Say which and how it is checked: "Run EXPLAIN on the ten slowest queries; index what reads whole tables."',
    ),
    (
        r"test|staging|ci/cd",
        'Name the test, its limit and its place: "In CI, load ... with ... users; fail above ... ms."',
    ),
    (
        r"train|aware|educat|knowledge|practice",
        'Say whom, in what and until when: "By ..., each on-call engineer has done ..."',
    ),
    (r"document|runbook|playbook", 'Name the page and what it will say: "Runbook ...: how to ..., tried out by ..."'),
    (r"review|process|polic", 'Say what will be refused from now on: "A merge without ... is refused by ..."'),
)
_KINDS = tuple((re.compile(words, re.IGNORECASE), end) for words, end in _ENDS)
_OTHER = "Say what will be there when it is done, so that somebody else can check it."


def check(subject: Subject) -> Iterator[Finding]:
    for found in vague(subject):
        told = str(found.task.value)
        yield finding(
            ID,
            found.task.line,
            message=f'"{brief(told)}" cannot be found done: "{found.word.lower()}" has no end.',
            instead=next((end for kind, end in _KINDS if kind.search(told)), _OTHER),
            quote=found.task.as_written,
        )

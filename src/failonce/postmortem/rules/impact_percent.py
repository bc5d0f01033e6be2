"""The issue summary says what percent of the users was affected.

What it sees
    A percentage beside users in the issue summary, or a plain statement that it is not known and why.

Why it matters
    How bad an outage was, and what its prevention may cost, depends on how many people it met.

What to do
    Write the percentage of users. If only requests are counted, give theirs and say that users are not counted.

Example
    Fails: Many users were affected.
    Passes: 75 % of the users were affected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject

ID = "impact-percent"

# That it is not known is an answer too.
_NOT_COUNTED = re.compile(r"\busers\b[^.]{0,30}\b(?:are|is|were|was) not (?:counted|known|measured)\b", re.IGNORECASE)
_PERCENT = re.compile(r"\d+(?:\.\d+)?\s?(?:%|per ?cent\b)[^.\n]{0,40}", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Finding]:
    met = subject.facts.requirements_met["impact_percent"]
    if met or subject.says(_NOT_COUNTED):
        return
    node, other = next(((n, m) for n in subject.parts.summary if (m := _PERCENT.search(n.text))), (None, None))
    yield finding(
        ID,
        node.line if node else met.line,
        message=f'"{other[0].strip()}" is not a percentage of users.'
        if other
        else "The issue summary does not say what percent of the users was affected.",
        instead='Write "75 % of the users were affected", or that users are not counted and what is known instead.',
        quote=other[0].strip() if other else "",
    )

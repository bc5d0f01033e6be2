"""A release is not blamed whose rollback did not help.

What it sees
    A rollback after which the outage went on, and a root cause that came with the latest release, update or deployment.

Why it matters
    If undoing the release changed nothing, either the cause is older than it, or the rollback did not undo it.

What to do
    Say which release brought the cause and which one was rolled back, or why the rollback left the cause in place.

Example
    Fails: 14:30 - Rollback completed, issue persisted. Root cause: a query introduced in the latest update.
    Passes: 14:30 - v42 rolled back to v41, issue persisted. Root cause: a query introduced in v40, three days before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.causes import blamed_release
from failonce.postmortem.findings import finding
from failonce.postmortem.sentence import Sentence
from failonce.postmortem.subject import Subject

ID = "rolled-back-release"

_ROLLBACK = re.compile(r"\broll(?:ed|ing)?[- ]?back\b|\brevert(?:ed|ing)?\b", re.IGNORECASE)
_NO_HELP = re.compile(
    r"\b(?:persist\w*|did(?: not|n.t) (?:help|resolve|fix|change)|no (?:effect|improvement|change)|to no avail"
    r"|(?:still|remained) (?:down|slow|present|failing|unresponsive))\b",
    re.IGNORECASE,
)
_HELPED = re.compile(
    r"\b(?:restored|recover\w*|resolved|normal|normali[sz]ed|success\w*|alleviat\w+|partial\w*)\b", re.I
)


def check(subject: Subject) -> Iterator[Finding]:
    rollback, blamed = _vain_rollback(subject), blamed_release(subject)
    if rollback is None or blamed is None:
        return
    release, sentence = blamed
    yield finding(
        ID,
        sentence.line,
        message=f'The cause was "{release}", but line {rollback.line} says its rollback did not help.',
        instead="Say which release brought the cause and which was rolled back, or why the rollback left it.",
        quote=release,
    )


def _vain_rollback(subject: Subject) -> Sentence | None:
    """Return the rollback that did not help; None when there was none, or when another one helped."""
    told = [s for s in subject.sentences if _ROLLBACK.search(s.text)]
    if any(_HELPED.search(s.text) and not _NO_HELP.search(s.text) for s in told):
        return None
    return next((s for s in told if _NO_HELP.search(s.text)), None)

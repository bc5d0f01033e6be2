"""The document says what set the cause off.

What it sees
    Words for a trigger in the summary or with the root cause: after, since, introduced, deployed, a spike, full.

Why it matters
    A flaw can sleep for years. What woke it tells when it will happen again, and what else it may wake.

What to do
    Say what was different from the moment the outage began: a release, more traffic, a limit reached, a date passed.

Example
    Fails: A query lacked an index.
    Passes: A query lacked an index; since the import at 13:50 the table held ten times the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.causes import causes
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import brief

ID = "trigger-named"

_TRIGGER = re.compile(
    r"\b(?:after|since|when|following|recent\w*|latest|new|newly|introduc\w+|deploy\w*|releas\w+|updat\w+|upgrad\w+"
    r"|migrat\w+|chang\w+|modif\w+|commit\w*|merg\w+|edit\w*|surge|spikes?|peak\w*|sudden\w*|influx|burst|growth|grew"
    r"|increas\w+|traffic|load|expir\w+|renew\w*|reach\w+|exceed\w*|full|filled|ran out|trigger\w*|attack\w*|failed"
    r"|failure|fault|crash\w*|power|reboot\w*|restart\w*|maintenance|scheduled|cron|accident\w*|mistak\w+|typo\w*"
    r"|misspel\w+|human|removed|deleted|dropped|gradual\w*|over time|accumulat\w+|leak\w*|day|week|month|year|yesterday"
    r"|[ap]m|UTC|\d{1,2}:\d\d)\b",
    re.IGNORECASE,
)
# Behind the cause itself: what it did.
_BEYOND = re.compile(r",? (?:which|that|causing|leading|resulting)\b.*", re.DOTALL)


def check(subject: Subject) -> Iterator[Finding]:
    named = list(causes(subject))
    told = [*(node.said for node in subject.parts.cause), *(sentence.text for _, sentence in named)]
    if not named or _TRIGGER.search("\n".join(told)):
        return
    cause, sentence = named[0]
    itself = _BEYOND.sub("", cause) or cause
    yield finding(
        ID,
        sentence.line,
        message=f'Nothing says what set "{brief(itself)}" off.',
        instead="Say what was different from the start of the outage on: a release, more traffic, a limit reached.",
        quote=itself,
    )

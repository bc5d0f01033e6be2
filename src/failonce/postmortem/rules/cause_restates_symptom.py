"""The root cause says more than what users met.

What it sees
    A root cause made of nothing but words for the symptom: down, slow, errors, crashed, unavailable.

Why it matters
    A symptom under the name of a cause ends the search for the cause, and nothing that is then done prevents it.

What to do
    Ask why once more: what changed, ran out or was wrong, so that the symptom followed.

Example
    Fails: Root cause: the database server was down.
    Passes: Root cause: the database server had no memory left, because a report sorted 40 GB in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.causes import causes
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import brief, stem, terms

ID = "cause-restates-symptom"

_SYMPTOM = frozenset(
    stem(word)
    for word in "down downtime outage crash slow slowness slowdown unavailable unavailability inaccessible unreachable "
    "unresponsive timeout latency error fail failure broken interruption disruption degraded degradation offline hang "
    "stopped responding respond working response time 500 502 503 504 internal gateway page load".split()
)
_GENERIC = frozenset(
    stem(word)
    for word in "server service site website web application app system database db api platform main primary "
    "production backend frontend issue problem incident complete total partial sudden unexpected major our user "
    "customer went became high increased experienced suffered root cause".split()
)
_WHY = re.compile(r"\b(?:due to|because|caused by|after|since|when|following|as a result|by an?|from an?)\b|:", re.I)
_UNKNOWN = re.compile(r"\b(?:unknown|not (?:yet )?(?:known|determined|identified|found)|unclear)\b", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Finding]:
    for told, sentence in causes(subject):
        meant = terms(told)
        symptom = meant & _SYMPTOM
        if symptom and meant <= _SYMPTOM | _GENERIC and not _WHY.search(told) and not _UNKNOWN.search(told):
            yield finding(
                ID,
                sentence.line,
                message=f'The root cause "{brief(told)}" only repeats the symptom.',
                instead=f'Ask why once more: what changed, ran out or was wrong before "{brief(told)}"?',
                quote=told,
            )

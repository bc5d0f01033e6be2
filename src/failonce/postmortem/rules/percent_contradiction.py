"""The percentage of users affected is the same wherever it is told.

What it sees
    Two different percentages of the users affected, in two places, neither of which speaks of a part of them.

Why it matters
    The size of the outage decides what its prevention may cost, and who has to be told.

What to do
    Keep the one that was measured, and say what it counts; name the group where another one counts something else.

Example
    Fails: The search was unavailable for all users. 80% of users who tried were affected.
    Passes: 80% of the users who searched got no answer; the others did not search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.subject import Subject

ID = "percent-contradiction"

_USERS = r"(?:users?|customers?|clients?|visitors?|subscribers?)"
_PERCENT = re.compile(
    rf"(?P<percent>\d{{1,3}}(?:\.\d+)?)\s?(?:%|per ?cent) of (?:(?:the|our|all|its|their|active"
    rf"|total) ){{0,3}}{_USERS}\b|\b(?P<all>(?:all|every|100 ?% of) (?:of )?(?:the |our |its )?{_USERS})\b",
    re.IGNORECASE,
)
_AFFECTED = re.compile(
    r"\b(?:affect\w*|impact\w*|unable|could(?: not|n.t)|cannot|unavailab\w+|inaccessib\w+|down|experienc\w+|fac(?:ed"
    r"|ing)|encounter\w*|slow|errors?|los[et]\w*|denied|locked out)\b",
    re.IGNORECASE,
)
_A_PART = re.compile(
    r"\b(?:reported|complain\w+|of (?:those|them|these|whom)|another|others?|remaining|rest|while|whereas|in the"
    r"|(?-i:in [A-Z]\w+)|region|mobile"
    r"|premium|new|existing|logged|initially|at (?:first|the height|its (?:height|peak))|peak\w*|up to|by \d|normal"
    r"|restored|recover\w*|back|no longer|again|not affected|unaffected|resolved)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    told: list[tuple[frozenset[float], str, Node]] = list(_told(subject))
    if not told:
        return
    first, words, where = told[0]
    for percents, other, node in told[1:]:
        if percents.isdisjoint(first) and node is not where:
            yield finding(
                ID,
                node.line,
                message=f'"{other}" does not agree with "{words}" (line {where.line}).',
                instead="Keep the one that was measured, and say what it counts.",
                quote=other,
            )
            return


def _told(subject: Subject) -> Iterator[tuple[frozenset[float], str, Node]]:
    """Yield each place that says what percentage was affected: the percentages, the words, the place."""
    for sentence in subject.sentences:
        matches = list(_PERCENT.finditer(sentence.text))
        whole = _AFFECTED.search(sentence.node.said) and not _A_PART.search(sentence.text)
        if matches and whole and sentence.node.section is not Role.TIMELINE:
            percents = frozenset(float(match["percent"]) if match["percent"] else 100.0 for match in matches)
            yield percents, matches[0][0], sentence.node

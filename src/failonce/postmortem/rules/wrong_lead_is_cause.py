"""A lead called wrong is not what is named as the root cause.

What it sees
    A suspicion that is called misleading, a red herring or ruled out, and that names what the root cause names.

Why it matters
    Whoever meets the same symptoms again would skip the right lead, because the document calls it a wrong one.

What to do
    Say what exactly was wrong about the lead: the wrong query, the wrong measure, or only the order of the work.

Example
    Fails: Query bottlenecks were ruled out. Root cause identified: an inefficient query.
    Passes: Optimizing the search query changed nothing. Root cause identified: the report query locked the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.causes import causes
from failonce.postmortem.findings import finding
from failonce.postmortem.sentence import Sentence
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import brief, stem, terms

ID = "wrong-lead-is-cause"

_LEADS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:misleading|mistaken|wrong|incorrect|false)\b(?: \w+){0,2}? (?:assumption|lead|path|belief|suspicion)s?"
        r"(?: (?:of|about|on|was|were)|:) (?P<lead>[^,.;:]{3,60})",
        r"\bruled out (?P<lead>[^,.;:]{3,60})",
        r"(?:^|[,;:] )(?P<lead>[^,.;:]{3,50}?) (?:was|were|is|are)? ?ruled out",
        r"(?:^|[,;:] )(?P<lead>[^,.;:]{3,50}?) (?:was|were|is|are|proved to be|turned out to be) "
        r"(?:a red herring|not the (?:root )?(?:cause|culprit)|unrelated)",
    )
)
# What follows the lead itself: what it led to, or why it was believed.
_TAIL = re.compile(
    r"\b(?:led|leading|caus\w+|was|were|but|which|that|before|after|as|because|while|by|in|on)\b.*", re.I
)
# The cause itself, without what it did and where it was.
_HEAD = re.compile(
    r"(?:,|\b(?:which|that|causing|caus\w+|leading|led|resulting|within|introduced|on|in)\b).*", re.I | re.S
)
_GENERIC = frozenset(
    stem(word)
    for word in "issue problem bottleneck failure error fault cause possible potential recent initial general "
    "underlying high slow overload assumption path lead bug database db server service application system web code "
    "team it".split()
)


def check(subject: Subject) -> Iterator[Finding]:
    named = [(told, terms(_HEAD.sub("", told)), sentence) for told, sentence in causes(subject)]
    for lead, sentence in _leads(subject):
        wanted = terms(lead) - _GENERIC
        told = next((told for told, meant, where in named if wanted and wanted <= meant and where != sentence), None)
        if told:
            yield finding(
                ID,
                sentence.line,
                message=f'"{brief(lead)}" is called a wrong lead, and the root cause is "{brief(told)}".',
                instead=f'Say what was wrong about "{brief(lead)}": which one was suspected, and which one it was.',
                quote=lead,
            )


def _leads(subject: Subject) -> Iterator[tuple[str, Sentence]]:
    for sentence in subject.sentences:
        for pattern in _LEADS:
            for match in pattern.finditer(sentence.text):
                lead = _TAIL.sub("", match["lead"]).strip()
                if lead:
                    yield lead, sentence

"""Which of a document's sentences name the root cause, and which of those a release. Linear in the text's length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.postmortem.read.roles import Role
from failonce.postmortem.sentence import Sentence, sentences
from failonce.postmortem.subject import Subject

_NAMES = re.compile(
    r"\broot causes?\b[^.:]{0,60}?\b(?:was|were|is|identified|found|determined|traced|pinpointed)\b"
    r"(?:(?: as| to be| to| that| in)\b)*:?"
    r"|\b(?:outage|incident|issue|problem|error|downtime|failure)s? (?:was|were) (?:\w+ly )?caused by|\broot cause:",
    re.IGNORECASE,
)
_ASSUMED = re.compile(
    r"\b(?:assum\w+|suspect\w*|initially|hypothes\w+|thought|believed|potential\w*|possibl[ey]|might|may|could"
    r"|not (?:yet )?(?:known|found|identified)|unknown|misleading|to identify|to find|by identifying)\b",
    re.IGNORECASE,
)


def causes(subject: Subject) -> Iterator[tuple[str, Sentence]]:
    """Yield what the document names as the root cause, the words after "was", and the sentence they stand in."""
    labelled: set[tuple[int, ...]] = set()
    for sentence in subject.sentences:
        match = _NAMES.search(sentence.text)
        titles = tuple(title.line for title in sentence.node.path)
        if match and not _ASSUMED.search(sentence.text):
            told = sentence.text[match.end() :].strip(" :-")
            if told:
                labelled.add(titles)
                yield told, sentence
        elif sentence.node.label is Role.CAUSE and titles not in labelled:
            labelled.add(titles)
            yield sentence.text, sentence


_RELEASE = re.compile(
    r"\b(?:introduced|shipped|released|deployed|came|added|brought)\b[^.;]{0,20}?\b(?:in|with|by|during|through)\b"
    r"[^.;]{0,12}?\b(?:latest|recent|new|newest|last)\b[^.;]{0,30}?\b(?:updates?|releases?|deployments?|versions?"
    r"|deploys?|changes?|upgrades?)\b",
    re.IGNORECASE,
)


def blamed_release(subject: Subject) -> tuple[str, Sentence] | None:
    """Return the words that blame a release, and the sentence with the root cause they stand in."""
    for sentence in (*(s for _, s in causes(subject)), *sentences(subject.parts.cause)):
        release = _RELEASE.search(sentence.text)
        if release:
            return release[0], sentence
    return None

"""What a template or an assignment says to its writer, left in the document: no part of what happened.

Two kinds: instructions where the telling should stand ("Give a summary of what caused the incident.", a quoted
question), and an assignment's whole text before the postmortem, known by several of its phrases.
"""

from __future__ import annotations

import re

from failonce.postmortem.read.outline import Outline
from failonce.postmortem.read.roles import Role

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_INSTRUCTION = re.compile(
    r"\W*(?:to be (?:done|filled|completed|written|added)\b"
    r"|give (?:a|an|the|any|your) (?:\w+ ){0,2}(?:summary|overview|description|account|explanation|details?|list)\b"
    r"|(?:describe|explain|summari[sz]e|copy|paste|fill in)"
    r" (?:a|an|the|any|these|here|your|how|what|when|who|which|why|all)\b"
    r"|include (?:when|who|what|how|why|whether)\b|(?:did|does|do|was|were|could|can|what|how|who|why|which"
    r"|when)\b.*\?)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 5


def instructs(text: str) -> bool:
    """Tell whether a paragraph does nothing but ask or instruct its writer.

    >>> instructs("To be done pre-meeting. Give a summary of what caused the incident.")
    True
    >>> instructs("Why did it fail? The pool was exhausted."), instructs("Give the pool 20 connections")
    (False, False)
    """
    if len(text) > 600 or len(text.split()) < _FEWEST_WORDS:
        return False
    return all(_INSTRUCTION.match(sentence) for sentence in _SENTENCE.split(text))


_ASSIGNMENT = re.compile(
    r"must contain|format bullet point|often what executives|be brief and straight to the point"
    r"|be very specific, like a todo"
    r"|what service was down/slow\?|start and end times? \(including time ?-?zone\)|between 400 (?:to|and) 600 words"
    r"|prerequisites: you must|explain in detail (?:what was|how the)",
    re.IGNORECASE,
)
_FEWEST_MARKS = 3


def first_line(outline: Outline) -> int:
    """The line on which the postmortem itself begins: after an assignment's text, if that was left in."""
    if not _ASSIGNMENT.search("\n".join((*(n.text[:300] for n in outline.nodes), *(t.text for t in outline.titles)))):
        return 1
    marks = sorted(
        {n.line for n in outline.nodes if _ASSIGNMENT.search(n.text[:300])}
        | {t.line for t in outline.titles if _ASSIGNMENT.search(t.text)}
    )
    if len(marks) < _FEWEST_MARKS:
        return 1
    last = marks[-1]
    own = next(
        (t.line for t in outline.titles if t.line > last and t.role in (Role.SUMMARY, None, Role.DURATION)), None
    )
    return own or 1

"""Misleading paths: statements that voice a wrong assumption or work on one, ruling it out included.

That a step brought no improvement is no misleading path by itself, nor is a suspicion that the root cause proves right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.postmortem.read.causes import cause_lines
from failonce.postmortem.read.clocks import begins_with_time
from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.sections import Sections

_WRONG = re.compile(
    r"\bmis-?lead\w*|\bmis-?led\b|\brul(?:ed|ing) (?:\w+ ){0,4}?out\b|\bred herrings?\b"
    r"|\bfalse (?:leads?|trails?|assumptions?|summit)\b|\bdead[- ]ends?\b|\bwrong (?:path|track|street"
    r"|lead|direction|assumption)\b"
    r"|\bincorrect\w* (?:assum|attribut|believ)\w*|\bmistakenly\b|\bwild goose\b|\bchas(?:ed"
    r"|ing) (?:a )?ghosts?\b|\bturned out (?:to be )?(?:\w+ )?(?:unrelated|not|wrong|false)\b|\b(?:was"
    r"|were|is) unrelated\b"
    r"|\bnot the (?:cause|culprit|root)\b|\bwasn.t the (?:cause|culprit|issue|problem)\b"
    r"|\binitial (?:hypothes[ie]s|theory|assumptions?|suspicions?|thoughts?|focus)\b"
    r"|\bfalse positives?\b|\b(?:explor|consider|examin|investigat)\w* [^.]{0,60} as (?:a|the) (?:potential"
    r"|possible) cause\b"
    r"|\b(?:assumption|hypothesis|theory|suspicion|idea) (?:\w+ )?(?:was|were|is) (?:\w+ )?(?:discarded|dismissed"
    r"|disprov\w+|rejected|abandoned|wrong|incorrect|false)\b"
    r"|\bsuspect\w+ [^.;]{0,40}\binitially\b"
    r"|\binitially (?:\w+ )?(?:thought|believed|assumed|suspected|blamed|attributed|focus\w*"
    r"|pointed)\b"
    r"|\bfirst (?:thought|assum\w+|suspect\w*|suspicion|theory|tried)\b|\bpresum\w+|\bunnecessary\b"
    r"|\b(?:found|finds?|but|reveal(?:ed|s)|confirm(?:ed|s)|show(?:ed|s)) no (?:anomal\w+|issues?|problems?|evidence)\b"
    r"|\bno (?:abnormal|anomal\w+|unusual|suspicious|signs?|evidence|indications?)\b[^.]{0,60}\b(?:detected|found"
    r"|seen|observed)\b"
    r"|\binnocent\b|\bnot to blame\b|\balibis?\b|\bexonerat\w+",
    re.IGNORECASE,
)
#: What counts outside the timeline, where a wrong thing is mostly the cause itself.
_SURELY = re.compile(
    r"\bmis-?lead\w*|\bmis-?led\b|\brul(?:ed|ing) (?:\w+ ){0,4}?out\b|\bred herrings?\b"
    r"|\binitially (?:\w+ )?(?:thought|believed|assumed|suspected|blamed)\b|\bdead[- ]ends?\b",
    re.IGNORECASE,
)
_VOICED = re.compile(
    r"\b(?:assum(?:ed|ing|ptions?|es)|suspect(?:ed|ing|s)?|suspicions?|hypothes\w+|theor(?:y|ies|ized)"
    r"|thought (?:it|that|the|this|to be)|thinking (?:it|that|the)|believ(?:ed|ing)|guess\w*"
    r"|speculat\w+|might be (?:caused|related|due)|must be the|attribut\w+ (?:it )?to|possibly (?:due"
    r"|caused|related))\b",
    re.IGNORECASE,
)
_NOT_VOICED = re.compile(
    r"\b(?:than|as) (?:\w+ )?(?:assumed|suspected|thought)\b|\bas suspected\b"
    r"|\bconfirm\w* (?:\w+ ){0,3}(?:suspicion|hypothesis)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]{4,}|\b[A-Z]{2,3}\b")
_COMMON = frozenset(
    (
        "this that with from were been have which issue issues problem problems server servers system systems "
        "cause caused causing root recent service services outage error errors application investigation initial "
        "initially team engineer engineers engineering assumed assuming suspected suspecting suspects believed "
        "might could possible potential related likely determined because there their into being when while after "
        "more than some also code began started incident high performance user users failure failed response "
        "responses leading behind between investigated traffic data database hypothesized thought"
    ).split()
)
_MOST_WORDS = 9


def misleading_paths(parts: Sections) -> tuple[Fact, ...]:
    """Return the statements, in order."""
    labelled = [n for n in parts.all if n.label is Role.MISLEADING and not _denied(n.text)]
    listed = {id(n) for n in labelled}
    cause = {w for node, _ in list(cause_lines(parts))[:6] for w in map(str.lower, _WORD.findall(node.text[:600]))}
    others = [n for n in parts.timeline if id(n) not in listed and n.label is not Role.RESOLUTION]
    if len(labelled) >= 2:
        others = [n for n in others if begins_with_time(n.text)]
    found = [*labelled, *(n for n in others if _misleads(n, cause))]
    if not found:
        inside = {id(n) for n in (*parts.timeline, *parts.summary)}
        rest = [
            n
            for n in parts.all
            if id(n) not in inside and n.section not in (Role.MEASURES, Role.TASKS, Role.IMPROVEMENTS, Role.OTHER)
        ]
        found = [n for n in rest if _SURELY.search(n.text)]
    return tuple(Fact(n.text, n.line, n.column, n.text) for n in sorted(_whole(found), key=lambda n: n.line))


def _denied(text: str) -> bool:
    return re.match(r"\W*(?:none|no misleading|n/a|there (?:were|was) no)\b", text, re.IGNORECASE) is not None


def _misleads(node: Node, cause: set[str]) -> bool:
    if _WRONG.search(node.text):
        return True
    voiced = _VOICED.search(node.text)
    if not voiced or _NOT_VOICED.search(node.text):
        return False
    clause = re.split(r"[.;!?]", node.text[voiced.end() :], maxsplit=1)[0]
    about = _subjects(_GROUNDS.split(clause, maxsplit=1)[0]) or _subjects(clause)
    return not about or sum(_same(word, cause) for word in about) * 2 <= len(about)


#: What follows is why it was assumed, not what.
_GROUNDS = re.compile(r"\b(?:due to|because|based on|given|since)\b", re.IGNORECASE)


def _subjects(clause: str) -> list[str]:
    """What an assumption is about: its first words that say something."""
    return [w for w in map(str.lower, _WORD.findall(clause)) if w not in _COMMON][:_MOST_WORDS]


def _same(word: str, cause: set[str]) -> bool:
    stem = word[:6]
    return any(other.startswith(stem) for other in cause if other not in _COMMON)


def _whole(nodes: list[Node]) -> Iterator[Node]:
    """Yield each statement once: wrapped or intro lines under one label are one."""
    for node in nodes:
        if not node.text.rstrip().endswith(":"):
            yield node

"""Whom the incident was escalated to: a team or person called in by people, not the alarm that woke somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.sections import Sections

_TEAM = (
    r"(?:teams?|engineers?|developers?|devs?|dbas?|administrators?|admins?|sres?|devops|leads?"
    r"|managers?|management|support|vendor|provider|specialists?|experts?|supervisors?|boss"
    r"|department|architects?|operators?|technicians?|staff|consultants?|owners?|on-?call|sleuths"
    r"|wizards|students?|mentors?|colleagues?|friends?|peers?|cto|group|@\w+)"
)
_END = (
    r"(?=[.;:!?\n]|,(?! (?:and |[A-Z]))|$| (?:for|after|because|since|due|as|when|who|which|that|at|on"
    r"|with|via|through|once|while|by|in|so|where|were|was|is|has|had|occurred|involving)\b(?!-)"
    r"| and (?=\w+ed\b)| to (?=[a-z]))"
)
_WHO = rf"(?P<who>[^.;:!?\n]{{2,90}}?){_END}"
_ESCALATED = re.compile(
    rf"\bescalat\w*\b(?:,? (?!due\b|order\b|to\b)[\w'’\"“”-]{{1,24}}){{0,10}}? (?:up )?to (?!(?:be"
    rf"|resolve|fix|find|get|identify|investigate|address)\b){_WHO}",
    re.IGNORECASE,
)
_ESCALATED_LABEL = re.compile(rf"\bescalation to {_WHO}", re.IGNORECASE)
_ESCALATED_COLON = re.compile(rf"\bescalated: {_WHO}", re.IGNORECASE)
_JOINED = re.compile(
    rf"(?P<who>(?:[\w&-]{{1,20}} ){{0,3}}?{_TEAM}\b(?: team)?) (?:joined|jumped in|stepped in|entered the|took over)\b",
    re.IGNORECASE,
)
_HANDED = re.compile(
    rf"\b(?:sen(?:t|d|ds|ding)|forwarded|handed(?: over)?|assigned|referred|passed|transferred|delegated|raised"
    rf"|reported|turned|redirected|tasked|relat(?:ed|ing)|pass(?:ed|ing)? on)\b(?: (?:out|over|on|it"
    rf"|this|the|an?|issue|ticket|incident"
    rf"|case|problem|matter|task|\w*-?signals?|messages?|emails?|ravens|calls?|were"
    rf"|was)\b){{0,5}} to (?P<who>(?:the |our "
    rf"|an? )?(?:[\w&-]{{1,20}} ){{0,4}}?{_TEAM}\b(?: team)?)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    rf"\b(?:informed|notified|contact(?:ed|s|ing)|called(?: in| upon)?|engaged(?: with)?|involv(?:ed"
    rf"|ing)|summon(?:ed|s)|consult(?:ed|ing)|looped in|brought in|reach(?:ed|ing) out to|asked"
    rf"|pulled in|enlisted|collaborat(?:ed|ing) with|roped in|pinged|invited|alerted)\s*"
    rf"(?P<who>(?:the |our |an? |another |some |their |his |her |my )?(?:[\w&-]{{1,20}} ){{0,4}}?{_TEAM}\b(?: team)?)",
    re.IGNORECASE,
)
_CONTACTS = re.compile(
    r"\b(?:contacts|calls in|pulls in|pages(?= (?:the|an?|our|on-?call|@|[A-Z]))"
    r"|summons)\s+(?P<who>[^.;\n]{2,60}?)(?= to\b| for\b|[.,;\n]|$)",
    re.IGNORECASE,
)
_WAS_CALLED = re.compile(
    rf"(?P<who>(?:the |our |an? )?(?:[\w&-]{{1,20}} ){{0,4}}?{_TEAM}\b(?: team)?)\s+(?:was|were|is|are"
    rf"|got|has been|have been)\s+(?:\w+ )?(?:called|brought|summoned|engaged|involved|looped|contacted"
    rf"|consulted|informed|pulled|assembled|tasked|assigned|notified and (?:joined|took|got|started))\b",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    rf"\bassigned (?:an? |the )?(?P<who>(?:[\w&-]{{1,20}} ){{0,3}}?{_TEAM}\b(?: team)?) to (?=[a-z])", re.IGNORECASE
)
_INVOLVED = re.compile(
    rf"(?P<who>(?:the |our )?(?:[\w&-]{{1,20}} ){{0,3}}?{_TEAM}\b(?: team)?) (?:involved|engaged|looped in"
    rf"|brought in)[.;,]?\s*$",
    re.IGNORECASE,
)
_HANDLED = re.compile(r"\b(?:handled|taken over) by (?P<who>[^.;\n]{3,60}?)(?= who\b| when\b|[.;\n]|$)", re.IGNORECASE)
_ALARM = re.compile(
    r"\b(?:monitor\w*|alarms?|alerts?|automated|automatic\w*|triggered|pagerduty|datadog|systems?)\b[^.]{0,60}$"
    r"|\b(?:users?|customers?|clients?)\s(?:who |then |also |immediately )?$",
    re.IGNORECASE,
)
_ANY_TEAM = re.compile(rf"\b(?:the |our |an? )?(?:[A-Za-z&-]{{2,20}} ){{0,3}}?{_TEAM}\b(?: team)?", re.IGNORECASE)
_NOBODY = re.compile(r"\b(?:not|no|never|nobody|none|n/a|wasn.t)\b", re.IGNORECASE)
_EMPTY = re.compile(r"(?:a |the )?(?:higher|next|further|resolution|this|them|(?-i:it))\b", re.IGNORECASE)


#: Each pattern with the word stems without which it cannot match: most lines are spared all of them.
_VERBS = (
    "inform notif contact call engag involv summon consult loop brought reach asked pull enlist collab roped ping invit"
)
_PATTERNS = (
    (("escalat",), _ESCALATED),
    (("escalation",), _ESCALATED_LABEL),
    (("escalated:",), _ESCALATED_COLON),
    (("joined", "jumped in", "stepped in", "entered the", "took over"), _JOINED),
    (
        tuple("sen forward hand assign refer pass transfer delegat rais report turn redirect task relat".split()),
        _HANDED,
    ),
    ((*_VERBS.split(), "alerted"), _CALLED),
    (("contacts", "calls in", "pulls in", "pages", "summons"), _CONTACTS),
    (
        tuple(
            "called brought summon engag involv loop contact consult inform notif pulled assembl task assign".split()
        ),
        _WAS_CALLED,
    ),
    (("assigned",), _ASSIGNED),
    (("involved", "engaged", "looped in", "brought in"), _INVOLVED),
    (("handled by", "taken over by"), _HANDLED),
)


_ANY_STEM = re.compile("|".join(sorted({re.escape(stem) for stems, _ in _PATTERNS for stem in stems})))


def escalations(parts: Sections) -> tuple[Fact, ...]:
    """Return who was called in, each with where."""
    nodes = [n for n in parts.timeline if len(n.text) < 4000 and (n.label is not Role.DETECTION or "scalat" in n.text)]
    inside = {id(n) for n in nodes}
    found = list(_found(nodes))
    if not found:
        found = list(_found([n for n in parts.all if id(n) not in inside and not _future(n)]))
    seen: dict[str, Fact] = {}
    for fact in found:
        seen.setdefault(str(fact.value).lower(), fact)
    return tuple(seen.values())


def _future(node: Node) -> bool:
    return node.label is Role.DETECTION or node.section in (
        Role.MEASURES,
        Role.TASKS,
        Role.IMPROVEMENTS,
        Role.OTHER,
    )


def _found(nodes: list[Node]) -> Iterator[Fact]:
    for node in nodes:
        named = list(_named(node))
        if not named and node.label is Role.ESCALATION and not _NOBODY.search(node.text[:60]):
            match = _ANY_TEAM.search(node.text)
            words = (
                match[0]
                if match
                else node.text
                if len(node.text) < 60 and "?" not in node.text and "." not in node.text[:-1]
                else ""
            )
            named = [_fact(node, words, node.text.find(words))] if words else []
        yield from named


def _named(node: Node) -> Iterator[Fact]:
    text = node.text
    low = text.lower()
    if _ANY_STEM.search(low) is None:
        return
    for stems, pattern in _PATTERNS:
        if not any(stem in low for stem in stems):
            continue
        for match in pattern.finditer(text):
            who = match["who"].strip(" ,")
            automatic = pattern in (_CALLED, _CONTACTS, _WAS_CALLED, _HANDED) and _ALARM.search(
                text[max(0, match.start() - 80) : match.start()]
            )
            denied = _NOBODY.search(text[max(0, match.start() - 16) : match.start()])
            if automatic or denied or _EMPTY.match(who) or not who:
                continue
            yield _fact(node, who, match.start("who"))


def _fact(node: Node, who: str, at: int) -> Fact:
    said = re.sub(r"^(?:the|our|an?|their|his|her|my)\s+", "", who.strip(), flags=re.IGNORECASE)
    return Fact(said, node.line, node.column + max(at, 0), who.strip())

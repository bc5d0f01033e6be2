"""What part of a postmortem a title or label announces, in the many words people have for each.

A title is judged by itself; what it means where it stands is the outline's business.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Role(StrEnum):
    """What the lines under a title tell."""

    SUMMARY = "summary"
    START = "start"
    END = "end"
    DURATION = "duration"
    IMPACT = "impact"
    TIMELINE = "timeline"
    DETECTION = "detection"
    ACTIONS_TAKEN = "actions taken"
    MISLEADING = "misleading paths"
    ESCALATION = "escalation"
    CAUSE = "cause"
    RESOLUTION = "resolution"
    CAUSE_AND_RESOLUTION = "cause and resolution"
    MEASURES = "measures"
    IMPROVEMENTS = "improvements"
    TASKS = "tasks"
    OTHER = "other"


#: The roles that are sections of their own wherever they stand.
SECTION_ROLES = frozenset({Role.SUMMARY, Role.TIMELINE, Role.CAUSE_AND_RESOLUTION, Role.MEASURES})

#: Tried in this order; the first that is found in the title names it.
_WORDS: tuple[tuple[Role, str], ...] = (
    (
        Role.OTHER,
        r"^(?:authors?|resources?|references?|conclusions?|closing|fun facts?|(?:humorous )?notes?|info"
        r"|background(?: context)?"
        r"|acknowledge?ments?|requirements|appendix|supporting information|status|diagrams?|glossary|disclaimer"
        r"|(?:key )?takeaways?|final thoughts|in conclusion|what went well|where we got lucky|things that went well"
        r"|contact|links|about .*|copyright|license|blameless .*|table of contents|read or watch)$",
    ),
    (
        Role.START,
        r"^(?:the )?(?:outage |incident |issue |time of |of )*(?:start(?:ed|s|ing)?|began|begin(?:ning)?"
        r"|from|commence[ds]?|onset)\b(?: (?:date|time|of|the|outage|incident|at|and))*$",
    ),
    (
        Role.END,
        r"^(?:the )?(?:outage |incident |issue |time of |of )*(?:end(?:ed|s|ing)?|finish(?:ed)?|until"
        r"|stop(?:ped)?|to|(?:resolved|restored|recovered)(?= at| on| time))"
        r"\b(?: (?:date|time|of|the|outage|incident|at))*$",
    ),
    (
        Role.MISLEADING,
        r"mis-?lead|false (?:leads?|paths?|assumption)|wrong (?:paths?|leads?|turns?)|dead[ -]?ends?|red herring",
    ),
    (Role.ESCALATION, r"escalat|who was (?:involved|notified)|team.{0,20}involved"),
    (Role.CAUSE_AND_RESOLUTION, r"cause.{0,24}(?:resol|solution|fix|remed|recover)|resolution.{0,8}(?:root )?cause"),
    (
        Role.TASKS,
        r"\btasks?\b|to-? ?do\b|\btodos?\b|action (?:items?|points?|plan)|follow-?ups?|next steps"
        r"|(?:resulting|review|remedial) actions?|(?:specific|concrete) actions?|homework",
    ),
    (
        Role.MEASURES,
        r"correct(?:ive|ion)|prevent(?:at)?i(?:ve|on)\b|counter-?measures|measures|mitigation and"
        r"|future (?:prevention|actions?|plans?)|how (?:we|to) (?:will )?(?:prevent|avoid)|moving forward"
        r"|avoid.{0,20}future",
    ),
    (
        Role.IMPROVEMENTS,
        r"improve|improvements?|lessons?|what went (?:wrong|poorly)|things that went (?:wrong|poorly)"
        r"|opportunit|recommendation|learn(?:ed|t|ings)|broadly",
    ),
    (Role.TIMELINE, r"time ?-?line|chronolog|sequence of events|^(?:key )?events?$|what happened when"),
    (Role.DETECTION, r"\bdetect|\bnoticed\b|\bdiscover(?:y|ed)\b|^identified$"),
    (
        Role.ACTIONS_TAKEN,
        r"actions? (?:taken|performed)|actions? that were taken|investigation|debugging|steps taken"
        r"|troubleshoot|^response$|diagnosis",
    ),
    (Role.IMPACT, r"\bimpact|affected|user experience|users? experienc|what service|symptoms?\b|\bscope\b|^severity$"),
    (
        Role.CAUSE,
        r"\bcaus(?:e|es|ing)\b|^trigger$|^contributing|what went wrong|why (?:did )?(?:it|this) happen"
        r"|culprit|underlying (?:issue|problem)|^reasons?\b",
    ),
    (
        Role.RESOLUTION,
        r"\bresol(?:ution|ved|ving|ve)\b|\bfix(?:ed|es)?\b|\bsolution\b|\brecovery\b|\bmitigation\b"
        r"|\bremediation\b|\bremedy\b|\bhotfix\b|\brestoration\b",
    ),
    (
        Role.SUMMARY,
        r"summary|synopsis|overview|abstract|\btl ?;? ?dr\b|^(?:issue|incident|problem)(?: description)?$"
        r"|what happened|^description|^introduction$|resume of",
    ),
    (
        Role.DURATION,
        r"duration|^time to (?:resol\w+|recover\w*|restore)$|time ?-?frame|time ?-?span"
        r"|time period|^(?:outage )?(?:date|time|when|period"
        r"|window)(?: and time)?$|outage (?:date|time|period|window)|^date (?:and|&) time|incident (?:date"
        r"|time)",
    ),
)
_PATTERNS = tuple((role, re.compile(words)) for role, words in _WORDS)
_MOST_WORDS = 14
_ASIDE = re.compile(r"\([^()]{0,200}\)?")
_NOISE = re.compile(r"[^a-z0-9 &;'/-]+")
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[ivx]+[.)]|[a-z][.)])\s+")
_ANNOUNCES_ALL = re.compile(r"post-? ?mortem|incident report|\breport\b")


@lru_cache(maxsize=2048)
def role_of(title: str) -> Role | None:
    """Return what a title announces.

    >>> role_of("🕒 Root Causes:"), role_of("Root Cause & Resolution"), role_of("Tasks to address the issue")
    (<Role.CAUSE: 'cause'>, <Role.CAUSE_AND_RESOLUTION: 'cause and resolution'>, <Role.TASKS: 'tasks'>)
    >>> role_of("Postmortem: how we lost the summary table") is None
    True
    """
    words = bare(title)
    if not words or len(words.split()) > _MOST_WORDS:
        return None
    if _ANNOUNCES_ALL.search(words) and not words.endswith(("summary", "overview")):
        return None
    return next((role for role, pattern in _PATTERNS if pattern.search(words)), None)


@lru_cache(maxsize=2048)
def bare(title: str) -> str:
    """Return a title's words without number, pictures, punctuation and what is in brackets."""
    lowered = _ASIDE.sub(" ", title[:300].lower().replace("’", "'"))
    cleaned = " ".join(_NOISE.sub(" ", lowered).split()).strip("-/&;' ")
    return _NUMBER.sub("", cleaned)


#: The names the specification gives its parts, and their nearest kin: a line of nothing else is a title.
_OWN = re.compile(
    r"(?:the )?(?:(?:issue|incident|outage|executive|problem)s? (?:summary|synopsis|overview)|summary"
    r"|overview|(?:incident |event |events )?time ?line"
    r"|(?:root )?causes?(?: analysis)?(?: (?:and|&|and its) (?:the )?(?:resolutions?|solutions?|fix))?"
    r"|cause and its resolution|resolution(?: and recovery)?|(?:the )?(?:impact|root cause|duration)"
    r"|(?:corrective|preventi?ve|preventative|corrections?)(?: ?(?:and|&|/) ?(?:corrective|preventi?ve"
    r"|preventative))?(?: (?:measures?|actions?))?"
    r"|(?:specific )?(?:tasks?|to-?do)(?: list)?(?: to address the issue)?|action items?"
    r"|improvements?(?: ?/ ?fixes)?|conclusions?|final thoughts|lessons learned|closing (?:thoughts|remarks)"
    r"|timeframe of the outage)"
)


@lru_cache(maxsize=2048)
def is_own_name(line: str) -> bool:
    """Tell whether a line is nothing but the name of a part."""
    return len(line) < 80 and _OWN.fullmatch(bare(line)) is not None

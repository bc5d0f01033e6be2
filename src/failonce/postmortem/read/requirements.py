"""The specification's demands, each judged on the document as read: met by which words, or where they belong.

Start, end, impact and the cause in brief are judged in the summary or the opening that stands in for it; the time zone
anywhere it governs the times; the rest anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from failonce.postmortem.read import actions, causes, impact
from failonce.postmortem.read.facts import Fact, Met
from failonce.postmortem.read.outage import Outage
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.sections import Sections
from failonce.postmortem.words import count_words

FEWEST_WORDS, MOST_WORDS = 400, 600

_DONE = re.compile(
    r"\b(?:investigat\w+|check\w*|review\w*|analy[sz]\w+|inspect\w*|examin\w+|compar\w+|diagnos\w+"
    r"|debug\w*|trac(?:ed|ing)"
    r"|restart\w*|reboot\w*|roll(?:ed|ing)?[- ]?back|revert\w*|deploy\w*|appl(?:y|ied)|add(?:ed)?|updat\w+|fix(?:ed)?"
    r"|replac\w+|edit\w*|ran|tested|tried|attempt\w*|chang\w+|increas\w+|scal\w+|identif\w+|look(?:ed"
    r"|ing)|patched|switched|removed|created|converted|div(?:es?|ing)|connected|reinstall\w*)\b",
    re.IGNORECASE,
)
_RESOLVED = re.compile(
    r"\b(?:resol\w+|restor\w+|recover\w*|fix(?:ed|es)?|roll(?:ed|ing)?[- ]?back|mitigat\w+|revert\w*|normal\w*"
    r"|stabili[sz]\w+|back (?:up|online|to)|up and running|patched|restart\w*|repaired|solved|remed\w+"
    r"|replac\w+|squashed|destroyed|serving|respond|running|started)\b",
    re.IGNORECASE,
)
_ONGOING = re.compile(
    r"\b(?:on-?going|still (?:open|down|in progress)|not (?:yet )?(?:over|recovered|resolved))\b", re.IGNORECASE
)
_FIX = re.compile(
    r"\b(?:resol(?:ution|ved?|ving)|fix(?:ed|es|ing)?|remed\w+|roll(?:ed|ing)?[- ]?back|revert\w*"
    r"|restor\w+|restart\w*|repair\w*|patch\w*|replac\w+|optimi[sz]\w+"
    r"|increas\w+|added|chang\w+|correct\w*|updat\w+|applied|recover\w*|mitigat\w+|solv\w+"
    r"|reinstall\w*|removed|deployed|configur\w+|re-?creat\w*|squashed|starting|redirected|edited)\b",
    re.IGNORECASE,
)
_FEWEST_CAUSE, _FEWEST_FIX = 10, 7


def requirements(parts: Sections, facts: dict[str, object], times: Outage, words: int) -> dict[str, Met]:
    """Judge every demand."""
    summary, timeline, cause, measures = (
        _first(nodes) for nodes in (parts.summary, parts.timeline, parts.cause, parts.measures)
    )
    start_told, end_told = times.in_summary
    return {
        "start": _met(times.start.fact if times.start and start_told else None, summary),
        "end": _met(times.end.fact if times.end and end_told else _ongoing(parts.summary), summary),
        "timezone": _met(times.zone, summary),
        "impact_service": _met(_one(facts["services"]), summary),
        "impact_experience": _met(impact.experience(parts.summary), summary),
        "impact_percent": _met(impact.percent_of_users(impact.impact_nodes(parts)), summary),
        "root_cause_in_summary": _met(causes.in_summary(parts), summary),
        "when_detected": _met(_one(facts["detected_at"]), timeline),
        "how_detected": _met(_one(facts["detection_method"]), timeline),
        "actions_taken": _met(_said(parts.timeline, _DONE) or _said(parts.all, _DONE), timeline),
        "misleading_paths": _met(_one(facts["misleading_paths"]), timeline),
        "escalation": _met(_one(facts["escalated_to"]), timeline),
        "how_resolved": _met(
            _said((*parts.timeline, *parts.resolution) or parts.all, _RESOLVED) or _said(parts.all, _RESOLVED), timeline
        ),
        "cause_explained": _met(_explained(parts), cause),
        "fix_explained": _met(_fixed(parts), cause),
        "improvements": _met(_improvements(parts), measures),
        "todo_list": _met(_tasks(parts, facts), measures),
        "length_400_600": Met(FEWEST_WORDS <= words <= MOST_WORDS, 1, f"{words} words"),
    }


def _met(fact: Fact | None, where: int) -> Met:
    return Met(True, fact.line, fact.as_written[:120]) if fact else Met(False, where)


def _one(value: object) -> Fact | None:
    if isinstance(value, tuple):
        return value[0] if value else None
    return value if isinstance(value, Fact) else None


def _first(nodes: Iterable[Node]) -> int:
    return next((n.line for n in nodes), 1)


def _said(nodes: Iterable[Node], pattern: re.Pattern[str]) -> Fact | None:
    for node in nodes:
        match = pattern.search(node.said)
        if match:
            return Fact(node.text, node.line, node.column, match[0])
    return None


def _ongoing(summary: Iterable[Node]) -> Fact | None:
    return _said(summary, _ONGOING)


def _explained(parts: Sections) -> Fact | None:
    """A mechanism, not one noun phrase."""
    told = parts.cause or tuple(n for n in parts.all if n.under(Role.CAUSE))
    if not told:
        told = tuple(n for n in parts.all if re.search(r"\b(?:root )?cause", n.text, re.IGNORECASE))
    words = sum(count_words(n.text) for n in told)
    if words < _FEWEST_CAUSE or (not parts.cause and any(_UNKNOWN.search(n.text) for n in parts.all)):
        return None
    return Fact(told[0].text, told[0].line, told[0].column, told[0].text[:80])


_UNKNOWN = re.compile(
    r"\bcause (?:is|was|remains) (?:still |yet )?(?:unknown|unclear|not (?:yet )?(?:known|clear|determined))",
    re.IGNORECASE,
)


def _fixed(parts: Sections) -> Fact | None:
    """The change that was made, in more than a few words."""
    told = [n for n in (*parts.resolution, *parts.cause) if n.under(Role.RESOLUTION) or _FIX.search(n.text)]
    if sum(count_words(n.text) for n in told) < _FEWEST_FIX:
        told = [n for n in (*parts.timeline, *parts.summary) if _FIX.search(n.text)]
    words = sum(count_words(n.text) for n in told)
    return Fact(told[0].text, told[0].line, told[0].column, told[0].text[:80]) if words >= _FEWEST_FIX else None


_PAST = re.compile(
    r"(?:\w+ ){0,12}?(?:was|were|has been|have been)\s+(?:\w+ly )?(?:\w+(?:ed|en|t)|made|put|built|done)\b",
    re.IGNORECASE,
)
_TICKET = re.compile(r"\bjira\b|#\d{2,}|\b[A-Z]{2,8}-\d{1,6}\b|\b(?:PR|issue|ticket|bug) ?#?\d+", re.IGNORECASE)


def _improvements(parts: Sections) -> Fact | None:
    """What can be improved, broadly; a bare list of tasks done or ticketed says only what was ordered."""
    told = parts.measures
    if not told:
        return _said(
            (n for n in parts.all if n.section not in (Role.TIMELINE, Role.OTHER)),
            re.compile(
                r"\b(?:may|can|could|should) be (?:prevented|avoided|improved)\b|\bin the future\b"
                r"|\bimprovements? (?:have|has|were|was|are|is)\b|\bmoving forward\b",
                re.IGNORECASE,
            ),
        )
    items = actions.action_items(parts)
    divided = actions.is_divided(parts) or any(n.under(Role.IMPROVEMENTS) for n in told)
    ordered = items and sum(bool(_PAST.match(str(i.value)) or _TICKET.search(str(i.value))) for i in items) * 2 > len(
        items
    )
    if ordered and not divided:
        return None
    words = sum(count_words(n.said) for n in told)
    return Fact(told[0].text, told[0].line, told[0].column, told[0].text[:80]) if words >= 5 else None


_VAGUE = re.compile(r"\b(?:always|keep an eye|best|be careful|make sure (?:you|that)|your|choose)\b", re.IGNORECASE)


def _tasks(parts: Sections, facts: dict[str, object]) -> Fact | None:
    """A list of tasks that can be found done or not."""
    items = facts["action_items"]
    if not isinstance(items, tuple) or not items:
        return None
    vague = sum(bool(_VAGUE.search(str(i.value))) for i in items)
    return _one(items) if vague * 2 <= len(items) else None

"""When and how the outage was noticed: by monitoring, by an engineer or by a customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.moments import moments
from failonce.postmortem.read.outage import Outage
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.sections import Sections
from failonce.postmortem.read.timeline import Entry

_ALARM = re.compile(
    r"\b(?:detect\w*|alerts?\b(?! (?:the|our|us)\b)|alerted|alarms?|paged|pager\w*|complain\w*"
    r"|first report|raised the alarm|rings? the alarm|sirens?|monitoring (?:system|tool|service"
    r"|software|alert)s?|health ?checks? fail\w*|flagged)\b",
    re.IGNORECASE,
)
_SEEN = re.compile(
    r"\b(?:notic\w+|discover\w*|observ\w+|report\w*|reali[sz]\w+|saw|seen|sees|finds?|found|(?<!the )identified"
    r"|spotted|aware|notif\w+|informed|opened a ticket|ticket\w*|encounter\w*|monitor\w*|experienc\w+"
    r"|received|receives|rec[ei]+ved|appear\w*|show\w*|indicat\w+)\b",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"\b(?:issues?|problems?|outage|errors?|fail\w*|crash\w*|down(?:time)?|slow\w*|spikes?|latency"
    r"|un\w*available|unable|not|complain\w*|[45]\d\d|high|increas\w*|degrad\w*|incident|unresponsive"
    r"|inaccessible|missing|block\w*"
    r"|anomal\w*|drop\w*|time-?outs?|abnormal\w*|unusual|lagging|can.t|cannot|couldn.t|inability"
    r"|wasn.t|aren.t|weren.t|isn.t|stopped|alert|broken|wrong|lost|impossib\w*|surge|under root"
    r"|disappear\w*|trouble|rejected|denied)\b|n['’]t\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:merged|released|deploy(?:ed|ment) (?:of|begins|started)|push begins"
    r"|update (?:was )?(?:applied|deployed)|news reports)\b",
    re.IGNORECASE,
)

_CUSTOMER = re.compile(
    r"\b(?:customers?|clients?|visitors?|end[- ]users?|users?|subscribers?|shoppers"
    r"|students)\b[^.\n]{0,60}\b(?:report\w*|complain\w*|notic\w+|opened|contact\w*|call(?:ed|s)"
    r"|flag\w*|rais\w+|rings?|alert(?:ed|s)|submitted|told|tweet\w*|message[ds]|email\w*|sen[dt])\b"
    r"|\bcomplaints?\b|\bsupport tickets?\b|\b(?:reports?|tickets?|feedback|calls?|messages?|emails?"
    r"|inquiries) (?:\w+ ){0,3}?(?:from|by) (?:\w+ ){0,3}?(?:users?|customers?|clients?)\b|\b(?:user"
    r"|customer|client)s?['’]? (?:reports?|complaints?|feedback|tickets?)\b"
    r"|\b(?:reported|noticed|detected|discovered|raised|observed) by (?:\w+ ){0,3}?(?:users?"
    r"|customers?|clients?|visitors?)\b|\bfirst report\b|\bpeople (?:telling|told|complain\w*"
    r"|report\w*|were (?:telling|complaining|reporting))|\bcustomer (?:support|service) (?:rec\w+|got)",
    re.IGNORECASE,
)
#: Believed where nobody else is named.
_CUSTOMER_MET = re.compile(
    r"\b(?:users?|customers?|clients?|visitors?) (?:\w+ )?(?:encounter|experienc|could|were un|got)\w*", re.IGNORECASE
)
_MONITORING = re.compile(
    r"\b(?:monitor(?:ing|s|ed)?\b|alarms?|alerts?|alerted|dashboards?|pager\w*|paged|uptime\w*|datadog"
    r"|pingdom|nagios|prometheus|grafana|sentry|new ?relic|cloudwatch|zabbix|automated|automatic\w*"
    r"|health ?-?checks?|telemetry|metrics?|borgmon|wavefront|application (?:deployment )?logs?"
    r"|notification (?:from|system))\b",
    re.IGNORECASE,
)
_ENGINEER = re.compile(
    r"\b(?:engineers?|developers?|devs?|sysadmins?|admin\w*|interns?|technician|operators?|staff|sre"
    r"|devops|(?:it|ops|operations|qa|team)\b|i\b|we\b|me\b|my\b|myself|mr|student|tester|testing|curl"
    r"|browser)\b",
    re.IGNORECASE,
)


#: Before a time among several: this is the one.
_FIRED = re.compile(r"\b(?:detected|noticed|alert\w*|fire[ds]?|paged)\b[^.]{0,40}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Detection:
    """The moment of detection and the line that tells it."""

    entry: Entry | None
    at: Fact | None
    method: Fact | None


def detection(parts: Sections, found: tuple[Entry, ...], times: Outage) -> Detection:
    """Return when and how it was noticed."""
    entry, at = _labelled(parts)
    if at is None:
        entry = _first(found, times)
        if entry and entry.clock:
            at = Fact(str(entry.clock), entry.node.line, entry.column, entry.text[:60])
    if at is None:
        at = _in_prose(parts)
    return Detection(entry, at, _method(parts, entry, found))


def _labelled(parts: Sections) -> tuple[Entry | None, Fact | None]:
    """A line under `Detection time` or `When was the issue detected`."""
    for node in parts.all:
        if node.label is Role.DETECTION:
            told = moments(node.text)
            if told:
                when = next((m for m in told if _FIRED.search(node.text[max(0, m.start - 60) : m.start])), told[0])
                entry = Entry(node, when.clock, when.day.full if when.day else None, node.column, node.text, node.text)
                return entry, Fact(str(when.clock), node.line, node.column + when.start, when.as_written)
    return None, None


def _first(found: tuple[Entry, ...], times: Outage) -> Entry | None:
    """The first entry that tells of an alarm, or of somebody seeing that something is wrong."""
    timed = [e for e in found if e.clock is not None]
    start_minutes = times.start.moment.clock.minutes if times.start else None
    if start_minutes is not None and any(e.clock and e.clock.minutes == start_minutes for e in timed):
        while (
            timed
            and timed[0].clock
            and timed[0].clock.minutes < start_minutes
            and timed[0].clock.minutes > start_minutes - 360
            and not _ALARM.search(timed[0].text)
        ):
            timed.pop(0)
    for entry in timed:
        if _NOT_YET.search(entry.told):
            continue
        if _ALARM.search(entry.told) or (_SEEN.search(entry.told) and _TROUBLE.search(entry.told)):
            return entry
    stated = times.in_summary[0]
    return next((e for e in timed if stated and _at(e) == start_minutes and _TROUBLE.search(e.text)), None)


def _at(entry: Entry) -> int | None:
    return entry.clock.minutes if entry.clock else None


def _in_prose(parts: Sections) -> Fact | None:
    """A sentence such as "It was first detected at 15:30"."""
    for node in parts.all:
        if node.section in (Role.MEASURES, Role.TASKS, Role.OTHER, Role.IMPROVEMENTS):
            continue
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", node.text[:4000]):
            if re.search(r"\b(?:detected|noticed|discovered|alert\w*|reported|realized)\b", sentence, re.IGNORECASE):
                told = moments(sentence)
                if told:
                    return Fact(str(told[0].clock), node.line, node.column, told[0].as_written)
    return None


def _method(parts: Sections, entry: Entry | None, found: tuple[Entry, ...]) -> Fact | None:
    """Read how from the lines most likely to say it, in turn."""
    for node, text in _tellings(parts, entry, found):
        hits = [
            (match.start(), name, match)
            for name, pattern in (("customer", _CUSTOMER), ("monitoring", _MONITORING), ("engineer", _ENGINEER))
            if (match := pattern.search(text))
        ]
        strong = [hit for hit in hits if hit[1] != "engineer"]
        met = _CUSTOMER_MET.search(text) if entry is not None and node is entry.node else None
        if met and not strong:
            return Fact("customer", node.line, node.column, met[0])
        if strong or hits:
            _, name, match = min(strong or hits, key=lambda hit: hit[0])
            return Fact(name, node.line, node.column, match[0])
    for node in parts.summary:
        met = _CUSTOMER_MET.search(node.text)
        if met and entry is not None:
            return Fact("customer", node.line, node.column, met[0])
    noticed = next(
        (
            n
            for n in (*parts.timeline, *parts.summary)
            if re.search(r"\b(?:detected|noticed|discovered)\b", n.text, re.IGNORECASE)
        ),
        None,
    )
    if entry is None and noticed is not None:
        return Fact("engineer", noticed.line, noticed.column, noticed.text[:60])
    if entry is not None:
        return Fact("engineer", entry.node.line, entry.column, entry.text[:60])
    return None


def _tellings(parts: Sections, entry: Entry | None, found: tuple[Entry, ...]) -> Iterator[tuple[Node, str]]:
    for node in parts.all:
        if node.label is Role.DETECTION:
            yield node, node.said
    for node in parts.summary:
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", node.text[:3000]):
            if not node.under(Role.CAUSE) and re.search(
                r"\b(?:we|i|engineers?|team|users?|customers?) (?:\w+ )?(?:noticed|detected|discovered)\b",
                sentence,
                re.IGNORECASE,
            ):
                yield node, sentence
    if entry is not None:
        yield entry.node, entry.text
        yield entry.node, entry.told
    for node in (*parts.summary, *parts.timeline[:3]):
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", node.text[:3000]):
            if re.search(
                r"\b(?:detected|noticed|discovered|reported|alert(?:ed)?|realized|found out)\b", sentence, re.IGNORECASE
            ):
                yield node, sentence
    for later in found[:3]:
        yield later.node, later.told

"""What the outage meant: which service, what users lived through, and how many per cent of them.

Per cent of users only: of requests, sales or activity is another measure, and taking it for users is the usual mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.sections import Sections

_USERS = (
    r"(?:end[- ]?)?(?:users?|customers?|clients?|visitors?|subscribers?|members|shoppers|students"
    r"|employees|people|tenants|accounts"
    r"|user[- ]?base|customer[- ]?base|userbase|audience)\b"
)
_NOT_USERS = (
    r"(?:decreas|increas|drop|reduc|declin|request|traffic|sales|transaction|attempt|fail|error|in\b"
    r"|revenue|server|and\b|while\b|slow|more\b|less\b|of the time)"
)
_NOT_AFTER = (
    r"(?!['’]?s?\s+(?:engagement|activity|traffic|requests?|sessions?|satisfaction|complaints?|logins?|interactions?))"
)
_PERCENT = r"(?P<percent>\d{1,3}(?:\.\d{1,2})?)\s?(?:%|per ?cent\b)(?:\s\([^()%]{1,30}\))?"
_OF_USERS = re.compile(
    rf"{_PERCENT}(?:[ -](?!{_NOT_USERS})[\w'’()-]{{1,20}}){{0,5}}?[ -]{_USERS}{_NOT_AFTER}", re.IGNORECASE
)
_USERS_ARE = re.compile(
    rf"{_USERS}{_NOT_AFTER}[^.\d%]{{0,40}}?(?:affected|impacted|experienc\w+|were|was|:"
    rf"|\()[^.\d%]{{0,25}}{_PERCENT}(?!\s+(?:of|decrease|drop|increase)\b)",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"(?<!apologize to )(?<!informed )(?<!notified )\b(?P<all>(?:every|any)(?:one|body) (?:visiting|using|who"
    rf"|trying|accessing)\b"
    rf"|(?:all|every|entire|100 percent)\b(?: of)?(?: (?:the|our|its"
    rf"|my))?(?: (?!{_NOT_USERS})[\w-]+){{0,2}}? {_USERS}{_NOT_AFTER})",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"\b(?P<part>half|a third|one third|a quarter|one quarter|two thirds|three quarters|none"
    rf"|no)(?: of)?(?: (?:the|our|its))?(?: \w+)? {_USERS}{_NOT_AFTER}",
    re.IGNORECASE,
)
_PARTS = {
    "half": 50,
    "a third": 33,
    "one third": 33,
    "a quarter": 25,
    "one quarter": 25,
    "two thirds": 67,
    "three quarters": 75,
    "none": 0,
    "no": 0,
}
_TOLD_ALL = re.compile(r"^\s*(?:all|everyone|every one|100 ?%)\b", re.IGNORECASE)
_ASKED = re.compile(
    rf"{_USERS}.{{0,20}}(?:affected|impacted)|(?:affected|impacted).{{0,12}}{_USERS}|%.{{0,20}}{_USERS}", re.IGNORECASE
)
_BARE = re.compile(_PERCENT, re.IGNORECASE)
_CUSTOMERS_CELL = re.compile(rf"{_USERS} (?:affected|impacted): (?P<told>[^;]{{1,30}})", re.IGNORECASE)


def percent_of_users(nodes: Iterable[Node]) -> Fact | None:
    """Return the first per cent of users that the lines name."""
    return next((fact for node in nodes for fact in _percents(node)), None)


#: Without any of these no share is told.
_MAY_TELL = re.compile(r"\d|all|every|any|entire|half|third|quarter", re.IGNORECASE)


def _percents(node: Node) -> Iterator[Fact]:
    text = node.text
    if _MAY_TELL.search(text) is None:
        return
    for pattern in (_OF_USERS, _USERS_ARE):
        match = pattern.search(text)
        if match and float(match["percent"]) <= 100:
            yield _fact(node, match, float(match["percent"]))
    cell = _CUSTOMERS_CELL.search(text)
    if cell:
        bare = _BARE.search(cell["told"])
        if bare or _TOLD_ALL.match(cell["told"]):
            yield _fact(node, cell, float(bare["percent"]) if bare else 100.0)
    if node.path and _ASKED.search(node.path[-1].text):
        match = _BARE.search(text) or _TOLD_ALL.search(text)
        if match:
            yield _fact(node, match, float(match.groupdict().get("percent") or 100))
    match = _ALL.search(text)
    if match:
        yield _fact(node, match, 100.0)
    match = _PART.search(text)
    if match and match["part"].lower() not in ("no", "none"):
        yield _fact(node, match, float(_PARTS[match["part"].lower()]))


def _fact(node: Node, match: re.Match[str], percent: float) -> Fact:
    value = int(percent) if percent == int(percent) else percent
    return Fact(value, node.line, node.column + match.start(), match[0].strip())


_SERVICE = re.compile(
    r"\b(?:services?|apis?|web ?-?sites?|sites?|web ?-?apps?|apps?|applications?|platforms?|databases?"
    r"|web ?-?servers?|servers?|systems?"
    r"|portals?|(?:web|home|landing)? ?-?pages?|checkout|payments?|log-?in|search|stores?|shops?"
    r"|gateways?|proxy|clusters?|network|e-?mails?|dns|cdn|queues?"
    r"|endpoints?|dashboards?|pipelines?|registry|environments?|instances?|load ?balancers?|wordpress"
    r"|nginx|apache|mysql|postgres\w*|redis|kubernetes"
    r"|connection|project|web stack|infrastructure|machine|features?|pods?|nodes?|jobs?|\w+hub"
    r"|launches|deployments?|builds?|software|internet|backend|frontend|emojis?|domains?|hosts?)\b",
    re.IGNORECASE,
)
_ADJECTIVES = re.compile(
    r"(?:(?:[A-Z][\w.+-]*|main|primary|public|internal|whole|entire|web|e-commerce|customer|user"
    r"|mobile|company|production|online|authentication|payment)['’]?s?\s+){0,4}$"
)
_LOST = re.compile(
    r"\b(?:down|unavailab\w+|outage|unresponsive|slow\w*|inaccessible|affect\w+|impact\w*|fail\w*"
    r"|crash\w*|degrad\w+|disrupt\w*|experienced|stopped|interrupt\w*|error)\b",
    re.IGNORECASE,
)


def services(summary: Iterable[Node]) -> tuple[Fact, ...]:
    """Return the service that the impact names, as it is written."""
    nodes = sorted(summary, key=lambda n: (not n.under(Role.IMPACT), n.under(Role.CAUSE)))
    for wanted in (True, False):
        for node in nodes:
            if node.under(Role.CAUSE) or (wanted and not _LOST.search(node.text)):
                continue
            match = _SERVICE.search(node.text)
            if match:
                before = _ADJECTIVES.search(node.text[max(0, match.start() - 60) : match.start()])
                own = (before[0] if before else "") + match[0]
                own = re.sub(r"^(?:The|Our|A|An|This|On|In|At)\s+", "", own)
                follows = re.match(
                    r" (?:service|server|database|application|platform|site|page|api)s?\b",
                    node.text[match.end() :],
                    re.IGNORECASE,
                )
                own += follows[0] if follows else ""
                return (Fact(own.strip(), node.line, node.column + node.text.find(own.strip()), own.strip()),)
    return ()


_LIVED = re.compile(
    r"\b(?:slow(?:ly|er|ness|down)?|time-?outs?|timed out"
    r"|(?<!syntax )(?<!typing )(?<!configuration )(?<!human )(?<!synstax )errors?|latenc\w+|delay\w*"
    r"|(?:log-?in|request|transaction|payment|build|upload|download|connection|checkout)s? failures?"
    r"|unresponsive|degrad\w+|unable|inability|could(?:n.t| not)|cannot|can.t"
    r"|not able|prevent(?:ed|ing|s) (?!future|similar|recurr)|inaccessib\w+|intermittent\w*|sporadic|interrupt\w*"
    r"|denied|refused|rejected"
    r"|crash\w*|loading|stuck|hang(?:s|ing)?\b|n.t (?:work|load|respond|open|connect)\w*|froze\w*|freez\w+|blank"
    r"|stale|lost (?:access|data|their|the"
    r"|connect\w*)|none of .{0,40}could|stopped (?:responding|working|loading|serving)"
    r"|without access|locked out|complet\w+ (?:service )?outages?|saw|seeing"
    r"|experienc\w+(?! (?:an? )?(?:\w+ )?(?:outage|downtime|disruption|interruption)\b)|encounter\w+"
    r"|receiv\w+|received|greeted|met with|failed (?:to|trans\w+|request\w*|log\w*)|(?:was|were|are"
    r"|started) failing"
    r"|not (?:be )?(?:access\w*|load\w*|respond\w*|work\w*|connect\w*)|50[0-4]|40[0-9]|disconnect\w*"
    r"|inconsisten\w+|no (?:new )?data|(?:un)?reachable|display\w* the)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    rf"\b{_USERS}|\b(?:visitors|requests?|responses?|pages?|everyone|access\w*|connections?|clients"
    rf"|site|website|service|application|server|api|data|project)\b",
    re.IGNORECASE,
)


def experience(nodes: Iterable[Node]) -> Fact | None:
    """Return the sentence that tells what users lived through: more than that it was down."""
    told = [n for n in nodes if not n.under(Role.CAUSE)]
    told.sort(key=lambda n: not n.under(Role.IMPACT))
    for need_people in (True, False):
        for node in told:
            for sentence in re.split(r"(?<=[.!?])\s+", node.text):
                if _BLAMED.search(sentence):
                    continue
                match = _LIVED.search(sentence)
                if match and (_PEOPLE.search(sentence) or not need_people):
                    return Fact(sentence.strip(), node.line, node.column + max(node.text.find(sentence), 0), match[0])
    return None


_BLAMED = re.compile(r"\b(?:the|main|primary) (?:root )?cause (?:of|was|is|for)\b|\broot cause\b", re.IGNORECASE)


def impact_nodes(parts: Sections) -> tuple[Node, ...]:
    """The summary, and what stands under Impact elsewhere."""
    inside = {id(n) for n in parts.summary}
    return (*parts.summary, *(n for n in parts.all if n.under(Role.IMPACT) and id(n) not in inside))

"""When the outage was resolved: the resolution the timeline names, else the outage's end."""

from __future__ import annotations

import re
from datetime import date

from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.outage import Outage
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.timeline import Entry

_RESOLVED = re.compile(
    r"\b(?:resolved(?! to (?:the |an? |\d))|restored|recover(?:ed|s)|back (?:to normal|online|up|in service"
    r"|in business)"
    r"|return(?:ed|s|ing)? to (?:\w+ )?(?:normal\w*|100|active|service)|normal(?:ized| operations?| service"
    r"| functionality| levels?| performance)|fully (?:operational|functional|restored|recovered)"
    r"|up and running"
    r"|outage (?:ends?|ended|is over|resolved)|(?:problem|issue|bug|incident) (?:was |is "
    r"|has been )?(?:\w+ )?(?:solved|fixed|resolved|closed)|went back|running (?:again|normally"
    r"|smoothly|properly|successfully)|respond(?:s|ed|ing)? (?:properly|normally|successfully)"
    r"|was successful|solved|regain\w*|functioning (?:normally|properly)|accessible again|0 failed"
    r"|(?:is|are|was|were|now|site|page|everything) (?:\w+ )?working(?! on)|(?:restoration"
    r"|recovery) (?:was |is )?(?:achieved|confirmed|complete\w*)|(?:full"
    r"|service) (?:service )?(?:restoration|recovery)|confirmed (?:system )?stability|(?:cleared"
    r"|closed) the incident"
    r"|incident (?:was )?(?:cleared|closed|over)|operat(?:es|ing|ed) normally|now running|is live"
    r"|everything is (?:up|running|fine|back)|services? (?:is|are) running"
    r"|returns? to normal"
    r"|space has been recovered|(?:services?|(?:web)?sites?|servers?|systems?|everything) (?:was|were|is"
    r"|are) (?:\S+ )?(?:back|up)|serving the (?:new|right|correct)|works? (?:again|fine|perfectly)"
    r"|can (?:\w+ ){1,4}(?:again|successfully)"
    r"|working (?:again|fine|as expected)|stabili[sz]ed|back on ?line|resolution)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not (?:yet |fully |be )?(?:resolved|restored|recover)|partial\w*|temporar\w*|permanent\w*"
    r"|stopped working|n.t working|continued|working to|gradual\w*|attempt\w*|to be resolved"
    r"|unresolved|(?:appear|seem)(?:ed|s) to be|will be|until|post-?mortem|post-incident|retrospective|should be"
    r"|expected to"
    r"|for further analysis and resolution|investigation and resolution|but (?:the )?(?:issue|problem"
    r"|errors?) persist)\b",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:fixed|fix(?:es)? (?:the )?(?:errors?|issue|problem|bug)|rename[sd]?|deployed|rolled back"
    r"|restart(?:ed|s)|applied|patched|corrected|renewed|replaced|reverted)\b",
    re.IGNORECASE,
)


def resolved(found: tuple[Entry, ...], days: dict[int, date], times: Outage) -> Fact | None:
    """Return the last entry that says it is over; ISO with the day where the outage spans days."""
    number = _last(found)
    if number is None:
        end = times.end
        if end is None:
            return None
        spans = times.start and times.start.moment.local[:10] != end.moment.local[:10]
        return end.said(end.moment.local if spans and not end.moment.local.startswith("T") else str(end.moment.clock))
    entry = found[number]
    return Fact(instant(entry, days.get(number), times.day), entry.node.line, entry.column, entry.text[:80])


def instant(entry: Entry, day: date | None, begun: date | None) -> str:
    """`HH:MM`, with the day in front where it is not the day the outage began."""
    clock = str(entry.clock)
    return f"{day.isoformat()}T{clock}" if day and begun and day != begun else clock


def _over(told: str) -> bool:
    return _RESOLVED.search(told) is not None and _NOT.search(told) is None


def _last(found: tuple[Entry, ...]) -> int | None:
    """The number of the last entry with a time that says it is over."""
    timed = [n for n, entry in enumerate(found) if entry.clock is not None and entry.node.label is not Role.DETECTION]
    sure = [n for n in timed if _over(found[n].brief)] or [n for n in timed if _over(found[n].told)]
    if sure:
        ended = [n for n in sure if re.search(r"\boutage (?:ends|ended)\b", found[n].told, re.IGNORECASE)]
        return ended[-1] if ended else _recovered(found, sure)
    partly = [n for n in timed if _RESOLVED.search(found[n].told)]
    fixed = [n for n in timed[-3:] if _WEAK.search(found[n].told)]
    last = partly or fixed
    return last[-1] if last else None


_CLOSED = re.compile(r"\b(?:incident|ticket|case) (?:was |is )?(?:\w+ )?closed\b", re.IGNORECASE)
_REOPENED = re.compile(r"\bre-?open\w*|\bagain\b", re.IGNORECASE)


def _recovered(found: tuple[Entry, ...], sure: list[int]) -> int:
    """The last of them; where that only closes the incident on paper, the recovery before it."""
    last = sure[-1]
    if len(sure) > 1 and _CLOSED.search(found[last].text):
        between = found[sure[-2] + 1 : last + 1]
        return last if any(_REOPENED.search(entry.told) for entry in between) else sure[-2]
    return last

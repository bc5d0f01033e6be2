"""Facts as words of a sentence: spans, instants, amounts, names, and other people's sentences made safe to embed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from failonce.amount import amount
from failonce.model.diagnosis import Evidence

_SOURCES = {
    "application": "the application",
    "catalog": "the catalog",
    "database": "the database",
    "host": "the host",
    "lock_waits": "locks",
    "probe": "a probe's round trip",
    "releases": "releases",
    "sessions": "sessions",
    "statements": "statements",
    "tables": "tables",
}
_CODE = re.compile(r"(`[^`]*`)")
_MARKUP = re.compile(r"[\\*<\[]|(?<!\w)_|_(?!\w)|&(?=[#\w])|~(?=~)")


def span(start: datetime, end: datetime) -> str:
    """Return a length of time in words; clocks that disagree make it none, not negative."""
    return lasting(max(0.0, (end - start).total_seconds()))


def lasting(seconds: float) -> str:
    """Return a number of seconds in words.

    >>> lasting(1), lasting(21.4), lasting(0.44), lasting(95), lasting(7260)
    ('1 second', '21 seconds', '0.4 seconds', '1 minute 35 seconds', '2 hours 1 minute')
    """
    if seconds < 1:
        return f"{seconds:.1f} seconds" if seconds >= 0.05 else "less than a tenth of a second"
    if seconds < 59.5:
        return counted(round(seconds), "second")
    is_short = seconds < 3599.5
    small, large = ("second", "minute") if is_short else ("minute", "hour")
    whole, rest = divmod(round(seconds if is_short else seconds / 60), 60)
    return f"{counted(whole, large)} {counted(rest, small)}" if rest else counted(whole, large)


def counted(number: float, noun: str) -> str:
    """Return a number with its noun in the right form.

    >>> counted(1, "request"), counted(1683, "request"), counted(0, "request")
    ('1 request', '1,683 requests', 'no requests')
    """
    if number == 0:
        return f"no {noun}s"
    return f"{amount(number)} {noun}" if number == 1 else f"{amount(number)} {noun}s"


def clock(at: datetime) -> str:
    """Return the time of day with its zone."""
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"


def instant(at: datetime) -> str:
    """Return date and time of day with the zone."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def listed(names: Iterable[str]) -> str:
    """Return names as people list them.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


_BEGINNINGS = frozenset(
    "The A An Each No Every One It Its This That These Those All Some There Two Sessions Requests Statements Demand "
    "Work Release Session Transactions Connections Active Failed Waiting Reads Writes Roll "
    "End Build Set Give Let Restart Raise Lower Take Analyze Rebuild Reset Grant Widen Run With Without".split()
)


def inner(text: str) -> str:
    """Return a sentence as it goes on after a colon.

    >>> inner("The index was dropped."), inner("PostgreSQL was restarted.")
    ('the index was dropped.', 'PostgreSQL was restarted.')
    """
    first, blank, rest = text.partition(" ")
    return f"{first[:1].lower()}{first[1:]}{blank}{rest}" if first in _BEGINNINGS else text


_MOVED = re.compile(r"(?P<what>[^:]{2,80}): (?P<now>[^,:]{1,30}), was (?P<before>[^,:]{1,30}?)\.?")


def moved(text: str) -> str:
    """Return a signal's sentence as one that is spoken.

    >>> moved("Active sessions: 10, was 0."), moved("Something else.")
    ('Active sessions went from 0 to 10.', 'Something else.')
    """
    told = _MOVED.fullmatch(text.strip())
    return f"{told['what']} went from {told['before']} to {told['now']}." if told else text


def said(source: str) -> str:
    """Return a source of facts by a name for people."""
    return _SOURCES.get(source, source.replace("_", " "))


def lead(id: str) -> str:
    """Return the words of an ID such as `missing-index`."""
    return id.replace("-", " ")


def told(evidence: Evidence) -> str:
    """Return an evidence's sentence, with its numbers where the sentence has none."""
    if any(c.isdigit() for c in evidence.statement) or not isinstance(evidence.value, int | float):
        return evidence.statement
    before = f", {amount(evidence.baseline)} before" if isinstance(evidence.baseline, int | float) else ""
    return f"{evidence.statement.rstrip('. ')}: {amount(evidence.value, evidence.unit)}{before}."


def quoted(text: str, most_words: int) -> str:
    """Return somebody's sentence on one line, cut to so many words, closed, and with no markup in effect.

    >>> quoted("it  *was*\\nslow", 9), quoted("one two three", 2)
    ('it \\\\*was\\\\* slow.', 'one two …')
    """
    words = text.split()
    cut = " ".join(words[:most_words])
    if len(words) > most_words:
        cut = f"{cut} …"
    if cut.count("`") % 2:
        cut += "`"
    parts = (part if part.startswith("`") else _MARKUP.sub(r"\\\g<0>", part) for part in _CODE.split(cut))
    whole = re.sub(r"(?<!\.)\.\.$", ".", "".join(parts))
    return whole if whole.endswith((".", "!", "?", "…", ":", "…`")) or not whole else f"{whole}."

"""How long the outage was, as its summary claims: `3h 45m`, `1 hour, 25 minutes`, `approximately three hours`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role

_COUNT = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "sixty": 60,
    "ninety": 90, "half": 0.5, "half an": 0.5, "a half": 0.5,
}  # fmt: skip
_NUMBER = (
    r"(?:\d{1,4}(?:\.\d{1,2})?|half an|"
    + "|".join(sorted((w for w in _COUNT if " " not in w), key=len, reverse=True))
    + ")"
)
_SPAN = re.compile(
    rf"(?<![\d.:])(?:(?P<days>{_NUMBER})[\s-]?days?\b)?[\s,]*(?:and\s+)?(?:(?P<hours>{_NUMBER})[\s-]?(?:hours?"
    rf"|hrs?|h)\b(?P<half> and a half)?)?"
    rf"[\s,]*(?:and\s+)?(?:(?P<minutes>{_NUMBER})[\s-]?(?:minutes?|mins?|m)\b)?",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(\d{1,3})\s?h(?:rs?)?\s?(\d{1,2})\s?m(?:in)?s?\b", re.IGNORECASE)
_UNIT = re.compile(r"(?<![a-z])(?:days?|hours?|hrs?|h|minutes?|mins?|m)\b", re.IGNORECASE)
_LASTED = re.compile(
    r"\b(?:last(?:ed|ing)|for|duration|outage|down(?:time)?|total of|limited to|about|approximately"
    r"|experienced|took|span\w*|period)\b",
    re.IGNORECASE,
)
_PLAUSIBLE = 60 * 24 * 60


def stated_duration(summary: Iterable[Node]) -> Fact | None:
    """Return the outage's length in minutes as the summary claims it."""
    nodes = [node for node in summary if _UNIT.search(node.text)]
    nodes.sort(key=lambda node: node.label is not Role.DURATION)
    for node in nodes:
        for minutes, at, words in _spans(node.text):
            before = f"{node.path[-1].text if node.path else ''} {node.text[max(0, at - 60) : at + len(words) + 25]}"
            if node.label is Role.DURATION or _LASTED.search(before):
                return Fact(minutes, node.line, node.column + at, words)
    return None


def _spans(text: str) -> Iterator[tuple[float, int, str]]:
    for glued in _GLUED.finditer(text):
        yield float(int(glued[1]) * 60 + int(glued[2])), glued.start(), glued[0]
    for match in _SPAN.finditer(text):
        minutes = sum(_value(match[unit]) * size for unit, size in (("days", 1440), ("hours", 60), ("minutes", 1)))
        minutes += 30 if match["half"] else 0
        if 0 < minutes < _PLAUSIBLE:
            yield minutes, match.start(), match[0].strip(" ,")


def _value(number: str | None) -> float:
    if not number:
        return 0
    low = number.lower()
    return float(_COUNT[low]) if low in _COUNT else float(low)

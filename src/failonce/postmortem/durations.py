"""How long the document says that the outage lasted, in its own words: `90 minutes`, `3h 45m`, `about three hours`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role

_NUMBERS = {
    name: value
    for value, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"a": 1, "an": 1, "half an": 0.5, "half a": 0.5}
_NUMBER = rf"(?P<n{{0}}>\d{{{{1,4}}}}(?:\.\d{{{{1,2}}}})?|half an?|{'|'.join(_NUMBERS)})"
_HOURS = r"(?:hours?|hrs?|h)\b"
_MINUTES = r"(?:minutes?|mins?|m)\b"
_LENGTH = (
    rf"(?P<length>{_NUMBER.format(1)}(?P<half> and a half)?[\s-]*{_HOURS}(?P<after> and a half)?"
    rf"(?:,?\s*(?:and\s+)?{_NUMBER.format(2)}[\s-]*{_MINUTES})?|{_NUMBER.format(3)}[\s-]*{_MINUTES})"
)
_ABOUT = (
    r"(?P<about>approximately|approx\.?|about|around|roughly|nearly|almost|over|more than|less than|under|at least"
    r"|up to|some|~|an estimated)?\s*\*{0,2}"
)
# A length is the outage's only where the words say so.
_SAID = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:lasted|lasting|last|down|offline|unavailable|unusable|inaccessible|unreachable|outage|downtime"
        rf"|incident)(?: (?:for|of|time of|lasting|lasted|period of))*(?: (?:a |the )?total(?: of)?)?(?: for)?(?: an"
        rf"| a)? {_ABOUT}{_LENGTH}",
        rf"\bfor (?:a |the )?total of {_ABOUT}{_LENGTH}",
        rf"\b{_ABOUT}{_LENGTH}[\s-]+(?:long )?(?:\w+ )?(?:outage|downtime|disruption|interruption|failure)\b",
    )
)
_LABELLED = re.compile(rf"\W{{0,3}}(?:the (?:outage|incident) (?:was|lasted) )?{_ABOUT}{_LENGTH}", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:until|before|after|within|first|last|next|another|every|per|later|earlier|only|some users)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Stated:
    """One stated length."""

    minutes: float
    about: bool
    words: str
    node: Node

    def agrees(self, minutes: float) -> bool:
        """Tell whether the length may stand for the minutes counted: rounded as people round."""
        off = abs(self.minutes - minutes)
        share = 0.2 if self.about else 0.1 if self.minutes % 30 == 0 else 0.02
        return off <= max(share * max(self.minutes, minutes), 1.0)


def stated(nodes: Iterable[Node]) -> Iterator[Stated]:
    """Yield the lengths that are said to be the outage's."""
    for node in nodes:
        own = _LABELLED.match(node.text) if node.label is Role.DURATION else None
        matches = [own] if own else [match for said in _SAID if (match := said.search(node.text))]
        for match in matches[:1]:
            if not _PART.search(node.text[max(match.start() - 15, 0) : match.end() + 15]):
                yield Stated(_minutes(match), bool(match["about"]), match["length"], node)


def _minutes(match: re.Match[str]) -> float:
    hours, and_minutes, minutes = (_number(match[name]) for name in ("n1", "n2", "n3"))
    half = 30 if match["half"] or match["after"] else 0
    return hours * 60 + half + and_minutes + minutes


def _number(written: str | None) -> float:
    if not written:
        return 0
    return _NUMBERS[written.lower()] if written.lower() in _NUMBERS else float(written)


def length_text(minutes: float) -> str:
    """Return minutes as people say them.

    >>> length_text(90), length_text(45), length_text(120)
    ('1 h 30 min', '45 min', '2 h')
    """
    hours, rest = divmod(round(minutes), 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )

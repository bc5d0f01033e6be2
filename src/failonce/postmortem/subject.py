"""What a rule looks at: a document's text, its parts, and the facts read from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from failonce.postmortem.chronology import Entry, chronology
from failonce.postmortem.read.facts import Facts
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.reading import read_parts
from failonce.postmortem.read.sections import Sections
from failonce.postmortem.read.zones import ZONE, offset_minutes
from failonce.postmortem.sentence import Sentence, sentences

_ZONE = re.compile(ZONE)


@dataclass(frozen=True)
class Subject:
    """One postmortem, as its parts and as its facts."""

    text: str
    parts: Sections
    facts: Facts

    @cached_property
    def told(self) -> tuple[Node, ...]:
        """What happened, as opposed to what is to be done."""
        plans = {id(node) for node in self.parts.measures}
        return tuple(node for node in self.parts.all if id(node) not in plans)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of what happened."""
        return tuple(sentences(self.told))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The timeline's entries that carry a time of day."""
        return chronology(self.parts)

    @cached_property
    def has_one_clock(self) -> bool:
        """All zones named are one: times of day can be held against each other as they stand."""
        told = (*(title.text for title in self.parts.titles), *(node.text for node in self.parts.all))
        return len({offset_minutes(match[0]) for text in told for match in _ZONE.finditer(text)}) <= 1

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether any line of the postmortem matches."""
        return any(pattern.search(node.said) for node in self.parts.all)


def subject(text: str) -> Subject:
    """Read a postmortem. Any text is one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Subject(text, *read_parts(text))

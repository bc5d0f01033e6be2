"""What the written postmortem is made of: statements, each with the facts it says, on lines that give them their place.

Nothing is written that is not a Statement; what stands around it (headings, labels, times, bullets) is layout.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import chain

#: Statements of this rank always stand; higher ranks come in as far as there is room.
ALWAYS = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or two, in Markdown, that say one thing."""

    text: str
    #: Where the fact is: `diagnosis.chain[1].evidence[0]`, `timeline[3]`, `actions[0]`. A fact may be that it is None.
    sources: tuple[str, ...]
    rank: int = ALWAYS


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document: its layout and its statements."""

    prefix: str
    statements: tuple[Statement, ...]
    #: SQL that belongs beneath it.
    sql: str | None = None

    @property
    def markdown(self) -> str:
        """The line itself, without its SQL."""
        return self.prefix + " ".join(s.text for s in self.statements)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines beneath it."""

    heading: str
    lines: tuple[Line, ...] = ()


def statements(sections: tuple[Section, ...]) -> tuple[Statement, ...]:
    """Return every statement in its order."""
    return tuple(chain.from_iterable(line.statements for section in sections for line in section.lines))


def narrowed(sections: tuple[Section, ...], texts: Collection[str]) -> tuple[Section, ...]:
    """Return the sections with these texts only, each where it first stands; a line left with none is gone."""
    left = set(texts)

    def take(line: Line) -> Line:
        kept = []
        for statement in line.statements:
            if statement.text in left:
                left.remove(statement.text)
                kept.append(statement)
        return replace(line, statements=tuple(kept))

    return tuple(
        replace(section, lines=tuple(line for line in map(take, section.lines) if line.statements))
        for section in sections
    )

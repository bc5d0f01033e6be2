"""Write the postmortem of an incident: Markdown to the specification, 400 to 600 words, no sentence without a fact.

The sections offer ranked statements; here is decided how many of them have room. Nothing is invented to fill the page:
when facts are few, what is not known is a fact as well.
"""

from __future__ import annotations

from failonce.model.action import ActionItem
from failonce.model.incident import Incident
from failonce.postmortem.facts import Facts
from failonce.postmortem.markdown import markdown
from failonce.postmortem.rules.length import FEWEST_WORDS, MOST_WORDS
from failonce.postmortem.sections import cause, measures, resolution, summary, timeline
from failonce.postmortem.statement import ALWAYS, Section, Statement, narrowed, statements
from failonce.postmortem.words import count_words, prose_words

#: How many words of somebody else's sentence stand, tried in turn until what must stand has room.
_CUTS = (60, 40, 25, 15, 8)
#: Statements of a higher rank come in only to reach the fewest words.
_WORTH_READING = 3


def draft(incident: Incident, actions: tuple[ActionItem, ...]) -> str:
    """Return the postmortem in Markdown, with its typed facts as YAML front matter."""
    return markdown(incident, _fitted(incident, actions))


def sources(incident: Incident, actions: tuple[ActionItem, ...]) -> tuple[Statement, ...]:
    """Return the statements that the draft is made of, in its order, each with where its facts are."""
    return statements(_fitted(incident, actions))


def _fitted(incident: Incident, actions: tuple[ActionItem, ...]) -> tuple[Section, ...]:
    """Return the sections with as many statements as have room."""
    for most_words in _CUTS:
        offered = _sections(Facts(incident, actions, most_words))
        kept = {s.text for s in statements(offered) if s.rank == ALWAYS and s.text}
        if _words(incident, narrowed(offered, kept)) <= MOST_WORDS:
            break
    return _filled(incident, offered, kept)


def _filled(incident: Incident, offered: tuple[Section, ...], kept: set[str]) -> tuple[Section, ...]:
    """Add what has room, the more important first."""
    fitted = narrowed(offered, kept)
    for statement in sorted(statements(offered), key=lambda s: s.rank):
        if statement.text in kept or not statement.text:
            continue
        candidate = narrowed(offered, kept | {statement.text})
        # Some count the front matter and the SQL as well: stay below the limit for them, too, where that is possible.
        has_room = count_words(markdown(incident, candidate)) <= MOST_WORDS
        if (statement.rank <= _WORTH_READING and has_room) or _words(incident, fitted) < FEWEST_WORDS:
            kept.add(statement.text)
            fitted = candidate
        elif statement.rank > _WORTH_READING:
            break
    return fitted


def _words(incident: Incident, sections: tuple[Section, ...]) -> int:
    return prose_words(markdown(incident, sections))


def _sections(facts: Facts) -> tuple[Section, ...]:
    return (
        Section("## Issue Summary", tuple(summary.lines(facts))),
        Section("## Timeline", tuple(timeline.lines(facts))),
        Section("## Root Cause and Resolution"),
        Section("### Root Cause", tuple(cause.lines(facts))),
        Section("### Resolution", tuple(resolution.lines(facts))),
        Section("## Corrective and Preventative Measures"),
        Section("### Improvements", tuple(measures.improvement_lines(facts))),
        Section("### Tasks", tuple(measures.task_lines(facts))),
    )

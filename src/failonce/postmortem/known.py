"""What can be read of a document by anybody, as the head of its page: title, one sentence, and a few figures.

A figure stands there only when the document says it; nothing is guessed to fill the row.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.postmortem.article import parsed
from failonce.postmortem.format import duration, number
from failonce.postmortem.frontmatter import front
from failonce.postmortem.read import Fact, Facts, read
from failonce.postmortem.read.title import is_generic
from failonce.postmortem.view import KeyFigure

# A figure of more characters would break the row.
_SHORT = 22
_LONGEST_LEDE = 280


def title(markdown: str, facts: Facts | None = None) -> str:
    """Return the document's title: its heading, the front matter's, or the one read from it if those say nothing."""
    heading, _ = parsed(markdown)
    told = front(markdown).values.get("title")
    written = heading or (told if isinstance(told, str) else "")
    fact = None if written and not is_generic(written) else (facts or read(markdown)).title
    return (str(fact.value) if fact else written or "Postmortem")[:200]


def lede(facts: Facts) -> str:
    """Return the root cause as the document sums it up."""
    told = facts.root_cause_summary or facts.user_experience
    text = " ".join(str(told.value).split()) if told else ""
    return text if len(text) <= _LONGEST_LEDE else f"{text[:_LONGEST_LEDE].rsplit(' ', 1)[0]} …"


def figures(facts: Facts) -> tuple[KeyFigure, ...]:
    """Return the figures that the document gives."""
    return tuple(figure for figure in _figures(facts) if len(figure.value) <= _SHORT)


def _figures(facts: Facts) -> Iterator[KeyFigure]:
    minutes = facts.duration_minutes
    if minutes and isinstance(minutes.value, int | float):
        yield KeyFigure("Duration", duration(60 * minutes.value), _period(facts), is_failure=True)
    share = facts.percent_users_affected
    if share and isinstance(share.value, int | float):
        yield KeyFigure("Users affected", f"{number(share.value)} %", is_failure=True)
    if facts.services:
        yield KeyFigure("Service", str(facts.services[0].value), _more(len(facts.services) - 1))
    if facts.detected_at:
        yield KeyFigure("Detected", _clock(facts.detected_at))
    if facts.resolved_at:
        yield KeyFigure("Resolved", _clock(facts.resolved_at))
    if facts.action_items:
        yield KeyFigure("Action items", str(len(facts.action_items)))


def _period(facts: Facts) -> str:
    if not facts.start or not facts.end:
        return ""
    return f"{_clock(facts.start)} – {_clock(facts.end)}"


def _clock(fact: Fact) -> str:
    """Return the time of day as the document has it, without a date."""
    text = str(fact.value)
    return text.split("T", 1)[-1].split("+", 1)[0].removesuffix("Z")[:8] if "T" in text else text[:16]


def _more(others: int) -> str:
    return f"and {others} more" if others else ""

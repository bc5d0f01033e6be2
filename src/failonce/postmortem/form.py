"""A postmortem as its writer fills it in: typed facts and prose for every part the specification asks for.

Written as Markdown with front matter; what is not filled in stands as a comment that says what belongs there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields

from markdown_it import MarkdownIt

from failonce.postmortem.frontmatter import Value, front, scalar
from failonce.postmortem.save import WouldLose


@dataclass(frozen=True, slots=True)
class Form:
    """What a person has told of an incident; empty is what is still to be told."""

    title: str
    start: str = ""
    end: str = ""
    timezone: str = ""
    service: str = ""
    users_affected_percent: float | None = None
    experience: str = ""
    cause_summary: str = ""
    detected: str = ""
    detected_by: str = ""
    actions_taken: tuple[str, ...] = ()
    misleading: tuple[str, ...] = ()
    escalated_to: str = ""
    resolution_summary: str = ""
    cause: str = ""
    fix: str = ""
    improvements: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A part of the form: what to ask for, and what a good answer looks like."""

    field: str
    question: str
    example: str


ASKS = (
    Ask("start", "When did it start?", "2026-09-14T14:03"),
    Ask("end", "When did it end?", "2026-09-14T15:10"),
    Ask("timezone", "In which time zone?", "UTC"),
    Ask("service", "Which service was affected?", "checkout"),
    Ask("users_affected_percent", "How many percent of its users were affected?", "40"),
    Ask("experience", "What did they experience?", "Paying took over 30 seconds or failed with an error"),
    Ask("cause_summary", "What was the root cause, in one sentence?", "A migration dropped the index on orders"),
    Ask("detected", "When was it detected?", "2026-09-14T14:09"),
    Ask("detected_by", "How was it detected?", "An alert on p95 response time; a customer's call"),
    Ask("actions_taken", "What was done and assumed, each with its time?", "14:12 Suspected the network"),
    Ask("misleading", "Which leads were wrong, and how long did each cost?", "The network, 15 minutes"),
    Ask("escalated_to", "To whom was it escalated?", "The database team; nobody"),
    Ask("resolution_summary", "How was it resolved?", "The index was built again"),
    Ask("cause", "How did the cause lead to the outage, in detail?", "Each request scanned the whole table"),
    Ask("fix", "How does the fix work, in detail?", "With the index a request reads 5 blocks, not 29,000"),
    Ask("improvements", "What can be improved?", "Migrations are reviewed for dropped indexes"),
    Ask(
        "tasks",
        "Which tasks follow? Each with an owner and a date.",
        "Alert when the index is absent (Ada, 2026-10-01)",
    ),
)
_BLANKS = re.compile(r"\s+")


def missing(form: Form) -> tuple[Ask, ...]:
    """Return what is still to be told."""
    return tuple(ask for ask in ASKS if getattr(form, ask.field) in ("", (), None))


def written(form: Form) -> str:
    """Return the form as a document. Raises WouldLose when reading it back would not give the same."""
    text = "\n\n".join((_head(form), f"# Postmortem: {_line(form.title)}", *_body(form))) + "\n"
    _check(form, text)
    return text


def facts(form: Form) -> dict[str, Value]:
    """Return the typed facts for the front matter."""
    return {
        "title": _line(form.title),
        "start": form.start or None,
        "end": form.end or None,
        "timezone": form.timezone or None,
        "services": [form.service] if form.service else [],
        "users_affected_percent": form.users_affected_percent,
        "detected": form.detected or None,
        "detected_by": form.detected_by or None,
        "escalated_to": form.escalated_to or None,
    }


def _head(form: Form) -> str:
    return "\n".join(("---", *(f"{key}: {scalar(value)}" for key, value in facts(form).items()), "---"))


def _body(form: Form) -> Iterator[str]:
    yield "## Issue Summary"
    yield f"**Duration:** {_duration(form)}"
    yield f"**Impact:** {_impact(form)}"
    yield f"**Root cause:** {_told(form, 'cause_summary')}"
    yield "## Timeline"
    yield "\n".join(_timeline(form))
    yield "## Root Cause and Resolution"
    yield "### Root Cause"
    yield _told(form, "cause")
    yield "### Resolution"
    yield _told(form, "fix")
    yield "## Corrective and Preventative Measures"
    yield "### Improvements"
    yield _bullets(form, "improvements", "- ")
    yield "### Tasks"
    yield _bullets(form, "tasks", "- [ ] ")


def _duration(form: Form) -> str:
    zone = "" if form.timezone else f" {_to_fill('timezone')}"
    return f"From {_at(form, 'start')} to {_at(form, 'end')}{zone}."


def _impact(form: Form) -> str:
    share = form.users_affected_percent
    told = f"{share:g} % of its users were affected." if share is not None else _to_fill("users_affected_percent")
    return f"The service {_told(form, 'service')} was affected. {told} {_told(form, 'experience')}"


def _timeline(form: Form) -> Iterator[str]:
    yield f"- **{_at(form, 'start')}** - Start of the outage."
    yield f"- **{_at(form, 'detected')}** - Detected: {_told(form, 'detected_by')}"
    yield from _each(form, "actions_taken", "- ")
    yield from _each(form, "misleading", "- Misleading path: ")
    yield f"- Escalated to: {_told(form, 'escalated_to')}"
    yield f"- **{_at(form, 'end')}** - Resolved: {_told(form, 'resolution_summary')}"


def _bullets(form: Form, field: str, marker: str) -> str:
    return "\n".join(_each(form, field, marker))


def _each(form: Form, field: str, marker: str) -> Iterator[str]:
    told: tuple[str, ...] = getattr(form, field)
    yield from (f"{marker}{_line(text)}" for text in told or (_to_fill(field),))


def _at(form: Form, field: str) -> str:
    told: str = getattr(form, field)
    if not told:
        return _to_fill(field)
    return f"{told.replace('T', ' ')} {form.timezone}".strip()


def _told(form: Form, field: str) -> str:
    return _line(getattr(form, field)) or _to_fill(field)


def _to_fill(field: str) -> str:
    ask = next(ask for ask in ASKS if ask.field == field)
    return f"<!-- to fill in: {ask.question} Such as: {ask.example} -->"


def _line(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _check(form: Form, text: str) -> None:
    """Read the document back: each fact from the front matter, each answer in a paragraph or bullet of its own."""
    read = front(text)
    lost = [key for key, value in facts(form).items() if read.values.get(key) != value]
    found = "\n".join(token.content for token in MarkdownIt("commonmark").parse(read.body) if token.type == "inline")
    told = Counter(answer for field in fields(form) for answer in _answers(getattr(form, field.name)))
    lost += [repr(answer) for answer, times in told.items() if found.count(answer) < times]
    hidden = [answer for answer in told if "<!--" in answer or answer.startswith(("```", "~~~"))]
    if lost or hidden:
        raise WouldLose(
            f"Not written, because it could not be read back: {', '.join(lost + hidden)}.",
            hint="Write it as one plain sentence, without the characters that begin HTML or a block of code.",
        )


def _answers(value: object) -> Iterator[str]:
    match value:
        case str() if _line(value):
            # Instants are written with a blank for the T.
            yield (
                re.sub(r"(?<=\d)T(?=\d)", " ", _line(value))
                if re.fullmatch(r"[\d:T-]+", _line(value))
                else _line(value)
            )
        case tuple():
            yield from (_line(each) for each in value if _line(each))

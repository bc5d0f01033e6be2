"""Set a postmortem's sections as Markdown, with the incident's typed facts as YAML front matter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from failonce.model.incident import Incident
from failonce.postmortem.prose import quoted
from failonce.postmortem.statement import Line, Section

_LONGEST_SQL = 1200
_LONGEST_TITLE = 20


def markdown(incident: Incident, sections: tuple[Section, ...]) -> str:
    """Return the document."""
    title = quoted(incident.title, _LONGEST_TITLE).rstrip(".")
    blocks = (block for section in sections for block in _blocks(section))
    return "\n\n".join((_front_matter(incident), f"# Postmortem: {title}", *blocks)) + "\n"


def _front_matter(incident: Incident) -> str:
    """Return the facts a program asks for; JSON's strings are YAML's as well."""
    diagnosis = incident.diagnosis
    facts: dict[str, str | None] = {
        "incident": incident.id,
        "target": incident.target,
        "title": incident.title,
        "start": _iso(diagnosis.onset_at),
        "end": _iso(incident.recovered_at),
        "detected": _iso(diagnosis.detected_at),
        "diagnosed": _iso(diagnosis.diagnosed_at),
        "mitigated": _iso(incident.mitigated_at),
        "recovered": _iso(incident.recovered_at),
        "cause": diagnosis.cause,
        "culprit": diagnosis.culprit.fingerprint if diagnosis.culprit else None,
    }
    lines = (
        f"{name}: {json.dumps(value and ' '.join(value.split()), ensure_ascii=False)}" for name, value in facts.items()
    )
    return "\n".join(("---", *lines, "---"))


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _blocks(section: Section) -> Iterator[str]:
    """Yield the heading, paragraphs and SQL of a section; neighbouring bullets are one list."""
    yield section.heading
    bullets: list[str] = []
    for line in section.lines:
        if line.prefix.startswith("- "):
            bullets.append(line.markdown)
            continue
        if bullets:
            yield "\n".join(bullets)
            bullets = []
        yield from _paragraph(line)
    if bullets:
        yield "\n".join(bullets)


def _paragraph(line: Line) -> Iterator[str]:
    yield line.markdown
    if line.sql is not None:
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", line.sql)), default=0))
        sql = line.sql if len(line.sql) <= _LONGEST_SQL else f"{line.sql[:_LONGEST_SQL].rstrip()} …"
        yield f"{fence}sql\n{sql.strip()}\n{fence}"

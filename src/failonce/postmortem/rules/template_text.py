"""No text of a template or an assignment is left in.

What it sees
    Placeholders (lorem ipsum, [insert ...], HH:mm, YYYY-MM-DD) and sentences that instruct the writer.

Why it matters
    Readers cannot tell what is told from what is still to be told, and the summary starts below somebody else's text.

What to do
    Remove the instructions, and replace each placeholder or say that nothing is known.

Example
    Fails: Issue Summary (must contain): duration, impact, root cause.
    Passes: Issue Summary
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import brief

ID = "template-text"

_LEFT = re.compile(
    r"\bmust contain\b|\blorem ipsum\b|\bbetween 400 (?:to|and|-) 600 words\b|\bwrite a postmortem\b"
    r"|[\[<{](?:insert|your|describe|enter|fill in)\b[^\]>}\n]{0,60}[\]>}](?!\()"
    r"|\[(?:tbd|date|name|time|link|xx+)\](?!\()"
    r"|\bHH:mm\b|\bYYYY-MM-DD\b|\bDD/MM/YYYY\b|\bShort event description\b|\?\?:\?\?|\d\d:\?\?",
    re.IGNORECASE,
)
_CODE = re.compile(r"`[^`\n]*`")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for all that is left, at its first line."""
    found = [
        (number, match[0])
        for number, line in enumerate(subject.text.split("\n"), start=1)
        if (match := _LEFT.search(_CODE.sub("", line[:2000])))
    ]
    if not found:
        return
    line, words = found[0]
    lines = ", ".join(str(number) for number, _ in found[1:6])
    more = f" (also on line{'s' if len(found) > 2 else ''} {lines}{', ...' if len(found) > 6 else ''})" if lines else ""
    yield finding(
        ID,
        line,
        message=f'"{brief(words)}" is text of a template or an assignment{more}.',
        instead="Remove the instructions; replace each placeholder, or say that it is not known.",
        quote=words,
    )

"""Make a rule's finding: the rule says what, where and what to write; `completed` adds what all findings share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from failonce import plugins
from failonce.model.finding import Finding
from failonce.postmortem.subject import Subject

# A paragraph's words may stand some lines below the line it begins on.
_LINES_SEARCHED = 40
_LONGEST_LINE = 1000
#: What would be written last, were it written.
_AT_THE_END = ("improvements", "todo_list")


def finding(rule: str, line: int, *, message: str, instead: str, quote: str = "") -> Finding:
    """Return a finding at a line; `quote` are the words there that it is about, empty for what is missing."""
    return Finding(rule, "error", line, message, "", instead, quote)


def lacking(subject: Subject, requirement: str, rule: str, *, message: str, instead: str) -> Iterator[Finding]:
    """Yield a finding when the reader finds one of the specification's demands not met."""
    met = subject.facts.requirements_met[requirement]
    if not met:
        missing = requirement in _AT_THE_END and not subject.parts.measures
        line = subject.text.rstrip().count("\n") + 1 if missing else met.line
        yield finding(rule, line, message=message, instead=instead)


def completed(found: Finding, severity: str, page: str | None, lines: Sequence[str]) -> Finding:
    """Return the finding with its severity, why it matters (told in its rule's page), and the line it points at."""
    line, start, end = _place(found, lines)
    text = lines[line - 1] if line <= len(lines) else ""
    kept = text[: max(_LONGEST_LINE, end)]
    return replace(
        found,
        severity=severity,
        why=plugins.why(page or ""),
        line=line,
        column=start + 1,
        end_column=end + 1,
        text=kept,
    )


def _place(found: Finding, lines: Sequence[str]) -> tuple[int, int, int]:
    """Return the line and columns of the quoted words; of the whole line when it words them otherwise."""
    for quote in (found.quote, " ".join(found.quote.split()[:3])):
        for line in range(found.line, min(found.line + _LINES_SEARCHED, len(lines) + 1)) if quote else ():
            column = lines[line - 1].find(quote)
            if column >= 0:
                return line, column, column + len(quote)
    text = lines[found.line - 1] if found.line <= len(lines) else ""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip()) if found.quote else start + 1
    return found.line, start, max(start, min(end, start + _LONGEST_LINE))

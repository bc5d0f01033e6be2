"""Findings as a comment on a pull request: errors first, the statement and its plan folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from failonce.guard.reports.text import printable
from failonce.model.finding import Finding, QueryFinding, Report

#: Comments on GitHub end at 65,536 characters.
_LONGEST = 60_000
_MARK = "<!-- failonce review -->"


def markdown(reports: Sequence[Report], *, told: str) -> str:
    """Return the comment; its first line is a mark by which the next run finds it."""
    found = [(report.path, finding) for report in reports for finding in report.findings]
    found.sort(key=lambda pair: pair[1].severity != "error")
    errors = sum(report.errors for report in reports)
    verdict = f"{errors} to mend before merging" if errors else "nothing to mend"
    lines = [_MARK, f"### failonce: {verdict}", "", f"{told}.", ""]
    for path, finding in found:
        lines += _finding(path, finding)
    for report in reports:
        lines += [f"- `{_code(report.path)}` was not reviewed: {_plain(report.gap.reason)}"] if report.gap else []
        lines += [f"- `{_code(report.path)}`: {_plain(note)}" for note in report.notes]
    comment = "\n".join(lines).rstrip() + "\n"
    return comment if len(comment) <= _LONGEST else comment[:_LONGEST] + "\n```\n\n… cut: too long for a comment.\n"


def _finding(path: str, found: Finding) -> Iterator[str]:
    sign = "❌" if found.severity == "error" else "⚠️"
    yield f"{sign} **`{_code(path)}:{found.line}`** {_plain(found.message)} (`{found.rule}`)"
    yield ""
    if isinstance(found, QueryFinding) and found.statement:
        yield from ("<details><summary>Statement and plan</summary>", "", "```sql", _fenced(found.statement), "```")
        yield from ("```text", _fenced(found.node), "```") if found.node else ()
        yield from (f"Sent by {', '.join(f'`{_code(test)}`' for test in found.tests)}.",) if found.tests else ()
        yield from ("", f"{_plain(found.why)}", "", "</details>", "")
    yield f"→ {_plain(found.instead)}"
    yield ""
    if isinstance(found, QueryFinding) and found.rewrite:
        lines = map(_fenced, found.rewrite.sql.split("\n"))
        yield from (f"Or write it in another way. {_plain(found.rewrite.told)}", "", "```sql", *lines, "```", "")


def _plain(text: str) -> str:
    """Escape what Markdown or HTML would take for its own; a mention would call somebody."""
    kept = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
    return kept.replace("*", "\\*").replace("_", "\\_").replace("`", "\\`").replace("[", "\\[")


def _code(text: str) -> str:
    return printable(text).replace("`", "'")


def _fenced(text: str) -> str:
    return printable(text).replace("```", "'''")

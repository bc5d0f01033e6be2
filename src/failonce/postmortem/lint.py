"""Hold a postmortem to the specification: every rule, on the document as read. Any text is a document."""

from __future__ import annotations

from failonce import plugins
from failonce.model.finding import Finding
from failonce.postmortem import document


def lint(text: str) -> tuple[Finding, ...]:
    """Return what the rules find in a Markdown text, in the order of its lines."""
    read = document.read(text)
    rules = plugins.load("failonce.postmortem.rules").values()
    found = (finding for rule in rules for finding in rule.check(read))
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.rule)))

"""Hold a postmortem to the specification: every rule, on the document as read. Any text is a document."""

from __future__ import annotations

from failonce import plugins
from failonce.model.finding import Finding
from failonce.postmortem.findings import completed
from failonce.postmortem.profiles import SEED, Profile
from failonce.postmortem.subject import subject
from failonce.postmortem.suppressions import suppressions

RULES = "failonce.postmortem.rules"


def lint(text: str, profile: Profile = SEED) -> tuple[Finding, ...]:
    """Return what the rules find in a Markdown text, in the order of its lines, as severe as the profile has it."""
    read = subject(text)
    lines = read.text.split("\n")
    off = {suppressed.rule for suppressed in suppressions(read.text) if suppressed.reason}
    found = [
        completed(finding, severity, rule.__doc__, lines)
        for name, rule in plugins.load(RULES).items()
        if (severity := profile.severity(name)) != "off" and name not in off
        for finding in rule.check(read)
    ]
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.column, finding.rule)))

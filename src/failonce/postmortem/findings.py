"""Make a rule's finding: why it matters is told once, in the rule's docstring."""

from __future__ import annotations

from failonce import plugins
from failonce.model.finding import Finding


def finding(rule: str, page: str | None, line: int, *, message: str, instead: str) -> Finding:
    """Return an error at a line; `page` is the rule's docstring, its documentation page."""
    return Finding(rule, "error", line, message, why(page or ""), instead)


def why(page: str) -> str:
    """Return the part of a rule's docstring that says why it matters, on one line."""
    start, end = (page.find(f"\n{part}\n") for part in plugins.PARTS[1:3])
    return " ".join(page[start:end].split()).removeprefix(plugins.PARTS[1]).strip()

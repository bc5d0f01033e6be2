"""The action items: the task list's items; with one undivided list of measures, all of that list's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from failonce.postmortem.imperatives import is_imperative
from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.lines import Kind
from failonce.postmortem.read.outline import LIST_LEVEL, Node, Title
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.sections import Sections

_CLOSING = re.compile(
    r"(?:in conclusion|in summary|overall|this |these |by (?:implementing|addressing|:)|remember|thank"
    r"|we apologi|we appreciate|to (?:prevent|avoid|address)|the (?:incident|outage|postmortem"
    r"|following)|it is |https?:|author)",
    re.IGNORECASE,
)
_LONGEST_LINE = 48


def action_items(parts: Sections) -> tuple[Fact, ...]:
    """Return the items in order."""
    tasks = [n for n in parts.measures if n.under(Role.TASKS) and not _only_marked(n)]
    found = _items(tasks)
    if not found and tasks:
        found = _headed(parts, tasks) or [n for n in tasks if n.kind is Kind.TEXT and _stands_alone(n)]
    if not found and not tasks:
        told = [n for n in parts.measures if not n.under(Role.OTHER)]
        found = _items(n for n in told if n.section is not Role.IMPROVEMENTS) or _listed(told)
    return tuple(Fact(n.text, n.line, n.column, n.said) for n in found)


def _listed(lessons: list[Node]) -> list[Node]:
    """The list of lessons, where it is all there is and is a list."""
    return _items(n for n in lessons if n.kind is Kind.ITEM)


#: How a sentence of prose begins, and a task does not.
_TELLS = re.compile(r"(?:the|we|there|in|for|it|an?|our|if|when|as|i|i.ll|because|since|so)\b", re.IGNORECASE)


def _only_marked(node: Node) -> bool:
    """Tell a line that merely begins with `TODO:` from one under a title of that name."""
    return all(t.line == node.line for t in node.path if t.role is Role.TASKS)


def _labelled(node: Node) -> bool:
    return bool(node.path) and node.path[-1].line == node.line


def is_divided(parts: Sections) -> bool:
    """Tell whether tasks stand apart from the broader improvements."""
    return any(n.under(Role.TASKS) for n in parts.measures) and any(not n.under(Role.TASKS) for n in parts.measures)


def _items(nodes: Iterable[Node]) -> list[Node]:
    """The outermost items of a list; where nobody marked them, the short lines that stand for items."""
    told = [n for n in nodes if any(c.isalpha() for c in n.text)]
    rows = [n for n in told if n.kind is Kind.ROW]
    items = [n for n in told if n.kind is Kind.ITEM]
    if rows and len(rows) >= len(items):
        return rows
    if items:
        found = _outermost(items)
        outermost = min(n.depth for n in items)
        if len(found) == 1:
            found += [n for n in told if n.kind is Kind.TEXT and n.depth >= outermost and _stands_alone(n)]
        return found
    lines = [n for n in takewhile(_goes_on, (n for n in told if n.kind is Kind.TEXT)) if _stands_alone(n)]
    if not any(n.under(Role.TASKS) for n in lines):
        lines = [n for n in lines if not _TELLS.match(n.said if _labelled(n) else n.text)]
    return _grouped(lines) if len(lines) > 1 or all(is_imperative(n.text) for n in lines) else []


def _goes_on(node: Node) -> bool:
    """Tell a line from the closing words, behind which no task follows."""
    return re.match(r"(?:in conclusion|in summary|overall,)", node.text, re.IGNORECASE) is None


def _grouped(lines: list[Node]) -> list[Node]:
    """Count a group under a label of its own as one item, where all lines are so grouped."""
    labels = [n.path[-1] if n.path and n.path[-1].role is None and n.path[-1].level > 8 else None for n in lines]
    if None in labels:
        return lines
    first = {title.line: node for title, node in reversed(list(zip(labels, lines, strict=True))) if title is not None}
    return sorted(first.values(), key=lambda n: n.line) if len(first) > 1 else lines


def _outermost(items: list[Node]) -> list[Node]:
    """The items of the outermost list; one that is but a label stands for the items under it."""
    first: dict[tuple[int, int, int], Node] = {}
    for node in items:
        group = next((t for t in node.path if _is_group(t)), None)
        own = (group.line, 0, (group.level - LIST_LEVEL + 1) // 2) if group else (node.line, node.column, node.depth)
        first.setdefault(own, node)
    outermost = min(depth for *_, depth in first)
    return [node for (*_, depth), node in first.items() if depth == outermost]


def _is_group(title: Title) -> bool:
    """Tell an item's label with nothing behind it, such as `1. **Monitoring:**`, that names no part."""
    return (
        title.level >= LIST_LEVEL and title.level % 2 == 1 and title.role is not Role.TASKS and title.role not in _PARTS
    )


_PARTS = (Role.MEASURES, Role.IMPROVEMENTS)


def _stands_alone(node: Node) -> bool:
    words = len(node.text.split())
    return 2 <= words <= _LONGEST_LINE and not node.text.rstrip().endswith(":") and not _CLOSING.match(node.text)


def _headed(parts: Sections, tasks: list[Node]) -> list[Node]:
    """Tasks that each have a heading of their own."""
    first: dict[int, Node] = {}
    for node in tasks:
        at = next((n for n, t in enumerate(node.path) if t.role is Role.TASKS), None)
        if at is not None and len(node.path) > at + 1:
            first.setdefault(node.path[at + 1].line, node)
    return list(first.values())

"""Atlassian Document Format as Markdown: how Opsgenie and Confluence keep a text.

Source: developer.atlassian.com, "Atlassian Document Format". A node that is not known gives its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Deeper than any editor nests.
_DEEPEST = 60
_SPECIAL = re.compile(r"([\\`*_\[\]<])")
_MARKS = {"strong": "**", "em": "*", "strike": "~~"}


def markdown(node: object, depth: int = 0) -> str:
    """Return a document's text."""
    return "\n\n".join(part for part in _blocks(node, depth) if part.strip())


def _blocks(node: object, depth: int) -> Iterator[str]:
    if not isinstance(node, dict) or depth > _DEEPEST:
        return
    match node.get("type"):
        case "heading":
            yield f"{'#' * _level(node)} {_line(node, depth)}"
        case "paragraph" | "decisionItem" | "taskItem" | "caption":
            yield _box(node) + _line(node, depth)
        case "codeBlock":
            yield f"```\n{_text(node, depth).replace('```', '` ` `')}\n```"
        case "bulletList" | "orderedList" | "taskList" | "decisionList":
            yield "\n".join(_items(node, depth))
        case "blockquote" | "panel":
            yield "\n".join(f"> {line}".rstrip() for line in _children(node, depth).splitlines())
        case "rule":
            yield "---"
        case "table":
            yield "\n".join(_rows(node, depth))
        case "text" | "hardBreak" | "mention" | "emoji" | "date" | "status" | "inlineCard":
            yield _inline(node)
        case _:
            yield _children(node, depth)


def _children(node: dict[str, Any], depth: int) -> str:
    return "\n\n".join(filter(None, (markdown(child, depth + 1) for child in _content(node))))


def _items(node: dict[str, Any], depth: int) -> Iterator[str]:
    for number, item in enumerate(_content(node), start=1):
        marker = f"{number}. " if node.get("type") == "orderedList" else "- "
        yield marker + markdown(item, depth + 1).replace("\n", "\n" + " " * len(marker))


def _rows(node: dict[str, Any], depth: int) -> Iterator[str]:
    for number, row in enumerate(_content(node)):
        cells = [markdown(cell, depth + 2).replace("\n", " ").replace("|", "\\|") for cell in _content(row)]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'---|' * len(cells)}"


def _line(node: dict[str, Any], depth: int) -> str:
    return "".join(_inline(child) for child in _content(node))


def _text(node: dict[str, Any], depth: int) -> str:
    return "".join(str(child.get("text", "")) for child in _content(node) if isinstance(child, dict))


def _inline(node: object) -> str:
    if not isinstance(node, dict):
        return ""
    attributes = _attributes(node)
    match node.get("type"):
        case "text":
            return _marked(str(node.get("text", "")), node.get("marks"))
        case "hardBreak":
            return "\n"
        case "inlineCard":
            return str(attributes.get("url", ""))
        case _:
            return str(attributes.get("text") or attributes.get("shortName") or attributes.get("timestamp") or "")


def _marked(text: str, marks: object) -> str:
    kinds = {str(mark.get("type")): mark for mark in marks if isinstance(mark, dict)} if isinstance(marks, list) else {}
    if "code" in kinds:
        return f"`{text.replace('`', chr(39))}`"
    told = _SPECIAL.sub(r"\\\1", text)
    for kind, mark in _MARKS.items():
        if kind in kinds and told.strip():
            told = f"{mark}{told.strip()}{mark}"
    link = kinds.get("link", {}).get("attrs")
    return f"[{told}](<{link.get('href', '')}>)" if isinstance(link, dict) else told


def _box(node: dict[str, Any]) -> str:
    if node.get("type") != "taskItem":
        return ""
    return "[x] " if _attributes(node).get("state") == "DONE" else "[ ] "


def _level(node: dict[str, Any]) -> int:
    level = _attributes(node).get("level")
    return min(6, max(1, level)) if isinstance(level, int) else 2


def _attributes(node: dict[str, Any]) -> dict[str, Any]:
    attributes = node.get("attrs")
    return attributes if isinstance(attributes, dict) else {}


def _content(node: object) -> list[Any]:
    content = node.get("content") if isinstance(node, dict) else None
    return content if isinstance(content, list) else []

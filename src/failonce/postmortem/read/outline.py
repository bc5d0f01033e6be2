"""A document's outline: every line, bullet and row with the titles and labels it stands under.

Not a Markdown parser's tree: people write `##Timeline`, `-Item`, bold lines as headings, indented prose, HTML and
fences that never close, and mean what a reader sees. So lines are taken one by one, in time linear in their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from failonce.postmortem.read.clocks import begins_with_time
from failonce.postmortem.read.lines import Kind, Line, lines_of
from failonce.postmortem.read.roles import SECTION_ROLES, Role, is_own_name, role_of
from failonce.postmortem.words import plain


@dataclass(frozen=True, slots=True)
class Title:
    """A heading, a bold line or a label."""

    text: str
    level: int
    line: int
    role: Role | None


@dataclass(frozen=True, slots=True)
class Node:
    """A paragraph, bullet, row or block of code, as a reader sees it."""

    line: int
    column: int
    text: str
    kind: Kind
    #: 0 outside lists.
    depth: int
    path: tuple[Title, ...]
    #: What an item is marked with: `-`, `2.`, `(1)`.
    mark: str = ""

    @property
    def section(self) -> Role | None:
        """The part of the postmortem it belongs to."""
        inner = next((t.role for t in reversed(self.path) if t.role in SECTION_ROLES), None)
        return inner or next((t.role for t in self.path if t.role is not None), None)

    @property
    def label(self) -> Role | None:
        """What the nearest title that means something announces."""
        return next((t.role for t in reversed(self.path) if t.role is not None), None)

    def under(self, *roles: Role) -> bool:
        """Tell whether a title above announces one of the roles."""
        return any(t.role in roles for t in self.path)

    @property
    def said(self) -> str:
        """The text with the label it stands under."""
        return f"{self.path[-1].text}: {self.text}" if self.path else self.text


@dataclass(frozen=True, slots=True)
class Outline:
    """A document as its titles and what stands under them."""

    nodes: tuple[Node, ...]
    titles: tuple[Title, ...]


#: No postmortem is longer; what is, is read so far.
LONGEST = 100_000


def outline(text: str) -> Outline:
    """Return a document's outline, as far as it is read."""
    lines = lines_of(text[:LONGEST])
    headed = any(line.level and role_of(plain(line.text)) in SECTION_ROLES for line in lines)
    builder = _Builder(headed=headed)
    for line in lines:
        builder.take(line)
    builder.close()
    return Outline(tuple(builder.nodes), tuple(builder.titles))


#: Levels of titles: headings 1-6, then these; a list's labels follow by depth.
_SECTION_LINE, _BOLD_LINE, _COLON_LINE, _GROUP_LINE, _LABEL, LIST_LEVEL = 6, 7, 8, 9, 10, 20
_BOLD = re.compile(r"(?:\*\*|__)\s*([^*]{1,160}?)\s*(?:\*\*|__)\s*:?\s*")
_LABELLED = re.compile(
    r"\s*(?:\*\*|__|\*|_)?([^\s*_:][^:*]{0,70}?)\s*(?:(?:\*\*|__|\*|_)\s*[:–—-]|:\s*(?:\*\*|__|\*|_))\s*(?=\S|$)"
)
_PLAIN_LABEL = re.compile(r"\s*([A-Za-z(][^:.!?|`]{0,60}?)\s*:(?!//)(?=\s|$)\s*")
_GLUED_LABEL = re.compile(r"\s*([A-Za-z][A-Za-z ]{2,40}):(?=[A-Z])")
_ENDS = (".", "!", "?", ":", ";", ")", "”", '"')
_WRAPPED = 55
#: A line cannot end with these: what follows is its rest, a time of day too.
_RUNS_ON = re.compile(r"\b(?:at|from|until|till|to|and|between|by|around|about|on|of|the|an?|or|than|approximately)$")
_TIMED = re.compile(r"\W*\d[\d:.]{0,7}(?: ?[AaPp]\.?[Mm]\.?)?(?: \(?[A-Z]{2,4}\)?)?\s*[:–—-]\s")
_HEADING_LABEL = re.compile(r"([^:]{3,60}):\s+(\S.{15,})")


class _Builder:
    """Takes the lines in order, keeping the titles it stands under and the paragraph that is open."""

    def __init__(self, *, headed: bool) -> None:
        self.headed = headed
        self.nodes: list[Node] = []
        self.titles: list[Title] = []
        self.stack: list[Title] = []
        self.open: list[str] = []
        self.first: Line | None = None
        self.last: Line | None = None
        self.told_since_title = True
        #: The line before was a title: what follows at once stands under it, however it is indented.
        self.after_title = False

    def take(self, line: Line) -> None:
        if line.kind is Kind.BLANK:
            self.close()
            self.after_title = False
        elif line.level:
            self.close()
            self.heading(line)
        elif line.kind in (Kind.CODE, Kind.ROW):
            self.close()
            self.emit(line, line.text)
        elif line.kind is Kind.ITEM or self.begins_anew(line):
            self.close()
            self.start(line)
        else:
            self.open.append(line.text)
            self.last = line

    def begins_anew(self, line: Line) -> bool:
        """Tell a new line from the rest of a wrapped one."""
        if self.first is None or self.last is None:
            return True
        before, text = self.last.text.rstrip(), line.text
        if _RUNS_ON.search(before) and not _TIMED.match(text):
            return False
        if before.endswith(":") or begins_with_time(text) or is_own_name(text) or is_own_name(before):
            return True
        label = _LABELLED.match(text) or _PLAIN_LABEL.match(text)
        if label and (text.lstrip()[:2] in ("**", "__") or role_of(label[1])):
            return True
        if _asks(text):
            return True
        if self.first.kind is Kind.ITEM and line.indent > self.first.indent:
            return before.endswith(".") and text[:1].isupper()
        return not text[:1].islower() and (before.endswith(_ENDS) or len(before) < _WRAPPED)

    def start(self, line: Line) -> None:
        """Begin a paragraph or item, unless the line is a title."""
        bold = _BOLD.fullmatch(line.text.strip())
        text = plain(line.text)
        if not text:
            return
        if not begins_with_time(text) and len(text) <= 110 and self.is_title(line, text, bold is not None):
            self.title(text.rstrip(": "), self.level_of(line, text, bold is not None), line.line)
            return
        self.open, self.first, self.last = [line.text], line, line

    def is_title(self, line: Line, text: str, bold: bool) -> bool:
        if bold or (is_own_name(text) and line.kind is not Kind.ITEM):
            return True
        if text.endswith(":"):
            return len(text) <= 80 or role_of(text) is not None
        return _asks(text)

    def level_of(self, line: Line, text: str, bold: bool) -> int:
        if line.kind is Kind.ITEM:
            return LIST_LEVEL + 2 * line.depth - 1
        if role_of(text) in SECTION_ROLES and not self.headed:
            return _SECTION_LINE
        if self.headed and not bold and role_of(text) in (*SECTION_ROLES, Role.TASKS):
            return max((t.level for t in self.stack if t.level <= 6), default=_SECTION_LINE)
        timeline = next((t for t in reversed(self.stack) if t.role is Role.TIMELINE), None)
        if timeline is not None and role_of(text) is Role.CAUSE and timeline.level < LIST_LEVEL:
            return timeline.level
        if bold:
            return _BOLD_LINE
        return _COLON_LINE if role_of(text) else _GROUP_LINE

    def heading(self, line: Line) -> None:
        text = plain(line.text)
        split = _HEADING_LABEL.fullmatch(text)
        if split and role_of(split[1]) and len(text.split()) > 6:
            self.title(split[1], max(line.level, _BOLD_LINE), line.line)
            self.emit(line, split[2])
        elif begins_with_time(text) and self.stack:
            self.emit(line, text)
        elif text:
            self.title(text.rstrip(": "), line.level, line.line)

    def title(self, text: str, level: int, line: int) -> None:
        """Open a title; a sibling of a section that said nothing yet becomes its child."""
        role = role_of(text)
        if not self.titles and level == 1 and not is_own_name(text):
            role = None
        while self.stack and self.stack[-1].level >= level:
            above = self.stack[-1]
            adopts = above.level == level and above.role in SECTION_ROLES and not self.told_since_title
            if adopts and role is not None and role not in SECTION_ROLES:
                level += 1
                break
            self.stack.pop()
        if level > 6 and role is Role.OTHER:
            level = min(level, _BOLD_LINE)
        opened = Title(text, level, line, role)
        self.stack.append(opened)
        self.titles.append(opened)
        self.told_since_title = False
        self.after_title = True

    def close(self) -> None:
        """End the open paragraph."""
        if self.first is not None and self.open:
            self.emit(self.first, " ".join(part.strip() for part in self.open))
        self.open, self.first, self.last = [], None, None

    def emit(self, line: Line, raw: str) -> None:
        """Add a node, under its own label if it begins with one."""
        floor = LIST_LEVEL + 2 * line.depth if line.kind is Kind.ITEM else LIST_LEVEL + 2 * line.depth + 1
        if line.kind is not Kind.CODE and not (self.after_title and line.kind is Kind.TEXT):
            self.pop(floor)
        self.after_title = False
        label = None if line.kind in (Kind.CODE, Kind.ROW) else _label(raw)
        text = plain(raw) if line.kind is not Kind.CODE else raw
        path = self.stack
        if label and not begins_with_time(text):
            name, rest = label
            role = role_of(name)
            level = LIST_LEVEL + 2 * line.depth if line.kind is Kind.ITEM else _LABEL
            self.pop(level - 1 if role and line.kind is Kind.ITEM else level)
            own = Title(name, level, line.line, role)
            path = [*self.stack, own]
            if role or line.kind is Kind.ITEM:
                self.stack.append(own)
                self.titles.append(own)
            text = rest
        if text:
            self.told_since_title = True
            self.nodes.append(Node(line.line, line.column, text, line.kind, line.depth, tuple(path), line.mark))

    def pop(self, level: int) -> None:
        while self.stack and self.stack[-1].level >= level:
            self.stack.pop()


_QUESTIONS = ("what ", "how ", "when ", "which ", "a list", "misleading", "actions taken", "duration of", "time of")


def _asks(text: str) -> bool:
    """Tell a question of the specification, kept as a title, from a sentence."""
    short = len(text) < 90 and len(text.split()) <= 12 and not text.endswith((".", ","))
    return short and text.lower().startswith(_QUESTIONS) and role_of(text) is not None


def _label(raw: str) -> tuple[str, str] | None:
    """Split a line into its label and the rest: bold with anything, plain when short."""
    match = _LABELLED.match(raw[:400]) or _PLAIN_LABEL.match(raw[:400])
    if not match:
        match = _GLUED_LABEL.match(raw[:200])
        if not match or role_of(match[1]) is None:
            return None
    name = plain(match[1])
    rest = plain(raw[match.end() :])
    if not name or not rest or len(name.split()) > 8 or name.count("(") != name.count(")"):
        return None
    return name, rest


def text_of(nodes: Iterable[Node]) -> str:
    """What nodes say, one a line, each with its label."""
    return "\n".join(node.said for node in nodes)

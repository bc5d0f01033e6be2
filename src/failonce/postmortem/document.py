"""Read a postmortem's Markdown: its title, its four parts, their bullets and times, and its words.

Works on any text and never raises: what is not there is empty. Only the block structure is taken from the Markdown
parser; emphasis, links and HTML tags are stripped by expressions that stay linear on hostile input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.token import Token

from failonce.postmortem import times


class Part(StrEnum):
    """The four parts of a postmortem, by the names the specification gives them."""

    SUMMARY = "Issue Summary"
    TIMELINE = "Timeline"
    CAUSE = "Root Cause and Resolution"
    MEASURES = "Corrective and Preventative Measures"


@dataclass(frozen=True, slots=True)
class Block:
    """One line, paragraph or bullet, as a reader sees it."""

    line: int
    text: str
    #: The label or sub-heading it stands under: `Impact`, `Start Time`; empty when there is none.
    label: str
    bullet: bool
    #: None before the first part, and in documents without parts.
    part: Part | None

    @property
    def said(self) -> str:
        """The text with what it stands under."""
        return f"{self.label}: {self.text}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline."""

    line: int
    time: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A postmortem as read."""

    title: str
    blocks: tuple[Block, ...]
    #: On which line each part begins.
    lines: Mapping[Part, int]
    words: int

    def part(self, part: Part) -> tuple[Block, ...]:
        """The blocks of a part; for a missing summary, the opening that stands in for it."""
        if part is Part.SUMMARY and part not in self.lines:
            return tuple(block for block in self.blocks if block.part is None)
        return tuple(block for block in self.blocks if block.part is part)

    def line(self, part: Part) -> int:
        """Where a part begins; line 1 when it is missing."""
        return self.lines.get(part, 1)

    def text(self, part: Part | None = None) -> str:
        """What a part says, or all of it, a block a line, each with what it stands under."""
        return "\n".join(block.said for block in (self.part(part) if part else self.blocks))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The timeline's entries: what begins with a time."""
        return tuple(
            Entry(block.line, time, text)
            for block in self.part(Part.TIMELINE)
            for time, text in times.leading(block.text)
        )


# A line of a paragraph that begins anew for a reader: a label, a time, a list marker the parser did not take.
_BEGINS = re.compile(r"(?:\*\*|__|[*+•-]\s|[A-Z][\w /&-]{2,40}:|\d{1,2}:\d{2}|\d{1,2} ?[ap]\.?m\b)")
_LABEL = re.compile(r"(?:[^\w\s(\"'`$]{1,4}\s*)?([A-Z(][^:.!?\d]{1,48}):(?:\s+|$)")
_BOLD = re.compile(r"(?:\*\*|__)([^*]{1,200}?)(?:\*\*|__):?")
_IMAGE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()\s]{0,2000}(?:\s[^()]{0,300})?\)")
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s[^()]{0,300})?\)")
_HTML = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--|-->")
_MARKERS = re.compile(r"\*+|~~+|`+|(?<!\w)_+|_+(?!\w)|\\(?=[^\w\s])")
_BOX = re.compile(r"\[[ xX]\]\s")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")

_NAMES = (
    (Part.MEASURES, r"correcti|prevent|action items?|follow.?up|lessons|improvement|next steps|tasks?\b|to.?do\b"),
    (Part.CAUSE, r"root cause|resolution|cause\b|what (?:happened|went wrong)|how .{0,30}(?:fixed|resolved)"),
    (Part.TIMELINE, r"time ?line|chronolog|sequence of events"),
    (Part.SUMMARY, r"summary|overview|abstract|tl;?dr"),
)
# By one of these a part begins wherever it stands: at the top, or deep inside an assignment's text.
_OWN_NAME = re.compile(
    r"[\W\d]*(?:(?:issue|incident) summary|timeline|root cause (?:and|&) resolution"
    r"|corrective (?:and|&) prevent(?:at)?ive (?:measures?|actions?))\W*",
    re.IGNORECASE,
)
_NAMED = tuple((part, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for part, words in _NAMES)


def read(text: str) -> Document:
    """Read Markdown."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(lines)
    if front:
        lines = "\n" * front[0].count("\n") + lines[front.end() :]
    return _Reader(list(_raws(lines))).read()


def count_words(text: str) -> int:
    """Count what a reader would: runs between blanks that hold a letter or a digit.

    >>> count_words("- [ ] **Fix** it - 2 times")
    4
    """
    return sum(any(c.isalnum() for c in word) for word in text.split())


def plain(text: str) -> str:
    """Strip what Markdown adds for the eye.

    >>> plain("**Impact:** see [the _log_](http://x/y_z) <br>")
    'Impact: see the log'
    """
    text = _HTML.sub(" ", _LINK.sub(r"\1", _IMAGE.sub(" ", text)))
    return " ".join(_MARKERS.sub("", _BOX.sub("", text)).split())


def part_named(title: str) -> Part | None:
    """Return the part a title names."""
    return next((part for part, pattern in _NAMED if pattern.search(title)), None)


@dataclass(frozen=True, slots=True)
class _Raw:
    """A heading (level 1-6) or a line of text (level 0), as it stands in the file."""

    line: int
    text: str
    level: int
    bullet: bool


#: A line that is nothing but a bold label ranks below every heading.
_LABEL_LEVEL = 7


class _Reader:
    """Walks the lines once, keeping the part and the label it stands in."""

    def __init__(self, raws: list[_Raw]) -> None:
        self.raws = raws
        self.headed = any(raw.level and part_named(raw.text) for raw in raws)
        self.title = ""
        self.part: Part | None = None
        self.level = 0
        self.label = ""
        self.lines: dict[Part, int] = {}
        self.blocks: list[Block] = []

    def read(self) -> Document:
        words = 0
        for raw in self.raws:
            text = plain(raw.text)
            words += count_words(text)
            level = raw.level or (_LABEL_LEVEL if _is_title(raw, text) else 0)
            if level:
                self.open(text.rstrip(": "), level, raw.line)
            elif text:
                self.add(raw, text)
        return Document(self.title, tuple(self.blocks), self.lines, words)

    def open(self, title: str, level: int, line: int) -> None:
        """Begin a part, or a label inside the one we are in."""
        self.title = self.title or title
        part = part_named(title)
        if part is not None and not self.is_label(title, level, part):
            if part is Part.SUMMARY and part not in self.lines:
                self.begin_anew()
            self.part, self.level, self.label = part, level, ""
            self.lines.setdefault(part, line)
            return
        self.label = title
        if level <= min(self.level, _LABEL_LEVEL - 1):
            self.part = None

    def is_label(self, title: str, level: int, part: Part) -> bool:
        """Tell `Root Cause` inside the summary from the part of that name."""
        if level == _LABEL_LEVEL and self.headed:
            return True
        if self.part is Part.SUMMARY and part is Part.CAUSE and level == _LABEL_LEVEL:
            return "resolution" not in title.lower()
        if _OWN_NAME.fullmatch(title):
            return False
        return self.part is not None and level > self.level and part not in (Part.TIMELINE, Part.MEASURES)

    def begin_anew(self) -> None:
        """What stood before the summary was no part of the postmortem: an assignment, a table of contents."""
        self.lines.clear()
        self.blocks = [replace(block, part=None) for block in self.blocks]

    def add(self, raw: _Raw, text: str) -> None:
        label = _LABEL.match(text)
        own = label[1] if label else ""
        said = text[label.end() :] if label else text
        if own and (not said or not raw.bullet):
            self.label = own
        if not said:
            return
        under = ", ".join(dict.fromkeys(name for name in (self.label, own) if name))
        self.blocks.append(Block(raw.line, said, under, raw.bullet, self.part))


def _is_title(raw: _Raw, text: str) -> bool:
    """A line that is one bold label, or nothing but the name of a part."""
    if raw.bullet or len(text) > 80:
        return False
    if _BOLD.fullmatch(raw.text.strip()) or _OWN_NAME.fullmatch(text):
        return True
    return text.endswith(":") and part_named(text) is not None


def _raws(text: str) -> Iterator[_Raw]:
    """Yield headings and lines in order; a table's row is one line."""
    level, items = 0, 0
    row: list[Token] | None = None
    for token in MarkdownIt("commonmark").enable("table").disable("inline").parse(text):
        match token.type:
            case "heading_open" | "heading_close":
                level = int(token.tag[1]) if token.nesting == 1 else 0
            case "list_item_open" | "list_item_close":
                items += token.nesting
            case "tr_open":
                row = []
            case "tr_close":
                yield from _row(row or [])
                row = None
            case "inline" if row is not None:
                row.append(token)
            case "inline" | "code_block":  # a timeline that is merely indented is no code to its reader
                yield from _lines(token, level, items > 0)


def _row(cells: list[Token]) -> Iterator[_Raw]:
    told = [cell.content for cell in cells if cell.content.strip()]
    if told:
        yield _Raw(_line(cells[0]), " - ".join(told), 0, True)


def _lines(token: Token, level: int, bullet: bool) -> Iterator[_Raw]:
    """Split a paragraph where a reader sees a new line begin; wrapped lines stay together."""
    kept: list[str] = []
    first = _line(token)
    for offset, line in enumerate(map(str.strip, token.content.split("\n"))):
        if kept and (_BEGINS.match(line) or _OWN_NAME.fullmatch(line) or _OWN_NAME.fullmatch(kept[0])):
            yield _Raw(first, " ".join(kept), level, bullet)
            kept, first = [], _line(token) + offset
        kept.append(line)
    yield _Raw(first, " ".join(kept), level, bullet)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1

"""The lines of a document as people mean them: headings, items, rows, code and text; HTML made plain.

One pass, one state, no backtracking: any text is read in time proportional to its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape

from failonce.postmortem.read.clocks import begins_with_time
from failonce.postmortem.read.roles import SECTION_ROLES, Role, role_of


class Kind(StrEnum):
    """What a line is."""

    BLANK = "blank"
    TEXT = "text"
    ITEM = "item"
    ROW = "row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or one piece of a line that HTML breaks in several."""

    line: int
    column: int
    text: str
    kind: Kind
    #: 1-6 for a heading, else 0.
    level: int = 0
    indent: int = 0
    #: How deep in a list: 1 for its outermost items, 0 outside.
    depth: int = 0
    #: What an item is marked with: `-`, `2.`, `(1)`.
    mark: str = ""


_FENCE = re.compile(r"\s*(```+|~~~+)([^`]*)$")
_HEADING = re.compile(r"\s{0,3}(#{1,6})(?!#)\s*(.*?)\s*#*\s*$")
_NOT_HEADING = re.compile(r"#+(?:!|\d|\w+;)")
_ITEM = re.compile(r"(\s*)([-*+•●▪◦‣–—=·o]\s+|[•●▪◦‣·]|-(?=[A-Za-z])|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)(\S.*)$")
_RULE = re.compile(r"\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,}\s*)$")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-{2,})\s*$")
_DIVIDER = re.compile(r"[\s|:-]*-[\s|:-]*$")
#: Stands for the line between a table's head and its rows.
_DIVIDES = "|-"
_QUOTE = re.compile(r"\s{0,3}(?:>\s?){1,9}")
_FRONT = re.compile(r"[A-Za-z_][\w-]*\s*[:=]|\[|\s|#|-\s|$")

#: `:rotating_light:`, a picture in some dialects.
_SHORTCODE = re.compile(r"(?<![\w:]):[a-z][a-z_]{2,30}:(?![\w:])")
#: A part that begins inside a running paragraph.
_RUNNING = 160
_INLINE_NAME = re.compile(
    r"(?<=[.!?)])\s+((?:Issue Summary|Incident Summary|Timeline|Root [Cc]ause(?: (?:and"
    r"|&) [Rr]esolution)?|Resolution|Impact|Duration"
    r"|Corrective (?:and|&) [Pp]revent(?:at)?ive (?:[Mm]easures?|[Aa]ctions?)|Action [Ii]tems|Tasks?)\s*:)(?=\s)"
)
_LOG = re.compile(
    r"\s*(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d\S*\s+(?:\[|\d+#|(?:ERROR|INFO|WARN\w*|DEBUG|FATAL"
    r"|LOG)\b)|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w./-]+(?:\[\d+\])?:)"
)

_COMMENT = re.compile(r"<!--.{0,2000}?(?:-->|$)")
_BREAK = re.compile(
    r"<(?:(?P<heading>h[1-6])|(?P<item>li)|(?P<row>tr)|/t[dh]|br|hr|/?(?:p|div|ul|ol|table|tbody|thead"
    r"|section|article|body|html|pre|center|blockquote)"
    r"|/(?:h[1-6]|li|tr))\b[^<>]{0,300}>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")


def lines_of(text: str) -> list[Line]:
    """Return the lines of a document, its front matter left out."""
    raw = text.split("\n")
    reader = _Reader()
    return _tabled(_underlined(list(reader.read(_pieces(raw, skip=front_matter(raw))))))


def front_matter(raw: list[str]) -> int:
    """Count the lines of YAML at the top."""
    if not raw or raw[0].rstrip() not in ("---", "+++"):
        return 0
    for number, line in enumerate(raw[1:200], start=1):
        if line.rstrip() in (raw[0].rstrip(), "..."):
            return number + 1
        if not _FRONT.match(line):
            break
    return 0


def _pieces(raw: list[str], skip: int) -> Iterator[tuple[int, int, str]]:
    """Yield line number, column and text; a line that HTML breaks comes in pieces."""
    for number, line in enumerate(raw[skip:], start=skip + 1):
        line = _SHORTCODE.sub("", line) if ":" in line else line
        line = unescape(line).replace("\r", " ").replace("\n", " ") if "&" in line else line
        if len(line) > _RUNNING:
            line = _INLINE_NAME.sub(r"\n\1", line)
        if "<" not in line:
            column = 1
            for piece in line.split("\n"):
                yield number, column, piece
                column += len(piece)
            continue
        line = _COMMENT.sub("", line)
        if line.lstrip().startswith(("#", "|")):
            yield number, 1, _TAG.sub(" ", line)
            continue
        column = 1
        for piece in _BREAK.sub(_broken, line).split("\n"):
            if piece.strip() or "<" not in line:
                yield number, column, piece
            column += len(piece)


def _broken(match: re.Match[str]) -> str:
    if match["heading"]:
        return "\n" + "#" * int(match["heading"][1]) + " "
    if match["item"]:
        return "\n- "
    if match["row"]:
        return "\n| "
    return " | " if match[0][1:3].lower() in ("/t",) and match[0][3:4].lower() in "dh" else "\n"


class _Reader:
    """Knows whether it stands in a fence, and in which list."""

    def __init__(self) -> None:
        self.fence = ""
        #: The indents of the items it stands in.
        self.items: list[int] = []
        self.after_blank = False

    def read(self, pieces: Iterator[tuple[int, int, str]]) -> Iterator[Line]:
        for number, column, piece in pieces:
            text = piece.expandtabs(4).replace("\xa0", " ").replace("\u200b", "")
            for line in self.one(number, column, text):
                yield line
                self.after_blank = line.kind is Kind.BLANK

    def one(self, number: int, column: int, text: str) -> Iterator[Line]:
        fence = _FENCE.match(text)
        if fence and (not self.fence or fence[1].startswith(self.fence)):
            self.fence = "" if self.fence else fence[1][:3]
            yield Line(number, column, "", Kind.BLANK)
            return
        if (self.fence and not _ends_fence(text)) or _LOG.match(text):
            yield Line(number, column, text, Kind.CODE, indent=_indent(text))
            return
        self.fence = ""
        quote = _QUOTE.match(text)
        yield self.prose(number, column, text[quote.end() :] if quote else text)

    def prose(self, number: int, column: int, text: str) -> Line:
        indent = _indent(text)
        if not text.strip():
            return Line(number, column, "", Kind.BLANK)
        heading = _HEADING.match(text)
        if heading and heading[2] and not _NOT_HEADING.match(text.lstrip()):
            self.items.clear()
            return Line(number, column + text.find(heading[2]), heading[2], Kind.TEXT, level=len(heading[1]))
        if _RULE.match(text):
            return Line(number, column, text.strip(), Kind.BLANK)
        if text.lstrip().startswith("|") or (text.count("|") >= 2 and " | " in text):
            return self.row(number, column, text)
        item = _ITEM.match(text)
        if item:
            return self.item(number, column, item)
        if indent == 0 and self.after_blank:
            self.items.clear()
        depth = len([at for at in self.items if at < indent])
        return Line(number, column + indent, text.strip(), Kind.TEXT, indent=indent, depth=depth)

    def row(self, number: int, column: int, text: str) -> Line:
        if _DIVIDER.match(text):
            return Line(number, column, _DIVIDES, Kind.BLANK)
        cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
        return Line(number, column, " | ".join(cells), Kind.ROW)

    def item(self, number: int, column: int, item: re.Match[str]) -> Line:
        indent = len(item[1])
        while self.items and self.items[-1] >= indent:
            self.items.pop()
        self.items.append(indent)
        depth = min(len(self.items), 9)
        text, mark = item[3].rstrip(), item[2].strip()
        return Line(number, column + item.start(3), text, Kind.ITEM, indent=indent, depth=depth, mark=mark)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


_MARKED = re.compile(r"\s{0,3}(?:[-*+]\s+(?=[*_\d])|#{1,6}\s*(?=[A-Za-z*]))")


def _ends_fence(text: str) -> bool:
    """Tell a timeline's bullet or a part's heading from code: the fence was never closed."""
    mark = _MARKED.match(text)
    if not mark:
        return False
    rest = text[mark.end() :]
    return begins_with_time(rest) if "#" not in mark[0] else role_of(rest.strip("*_ ")) in SECTION_ROLES


def _tabled(lines: list[Line]) -> list[Line]:
    """Give a table's rows the names of their columns; the row of names is no row."""
    names: list[str] = []
    for at, line in enumerate(lines):
        divides = at + 1 < len(lines) and lines[at + 1].text == _DIVIDES
        if line.kind is Kind.ROW and divides:
            names = line.text.split(" | ")
            lines[at] = replace(line, kind=Kind.BLANK, text="")
        elif line.kind is Kind.ROW:
            lines[at] = replace(line, text=_named(names, line.text.split(" | ")))
        elif line.text != _DIVIDES:
            names = []
    return lines


def _named(names: list[str], cells: list[str]) -> str:
    told = [(name, cell) for name, cell in zip(names + [""] * len(cells), cells, strict=False) if cell]
    stated = any(role_of(name) in (Role.START, Role.END) for name in names)
    if not names or (not stated and any(begins_with_time(cell) for _, cell in told[:2])):
        return " - ".join(cell for _, cell in told)
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in told)


def _underlined(lines: list[Line]) -> list[Line]:
    """Make a heading of a line that stands over `===` or `---`."""
    for at in range(1, len(lines)):
        rule, above = lines[at], lines[at - 1]
        if rule.kind is not Kind.BLANK or not rule.text or above.kind is not Kind.TEXT or above.level:
            continue
        mark = _UNDERLINE.match(rule.text)
        if mark and len(above.text) <= 120 and (at == 1 or lines[at - 2].kind is not Kind.TEXT or lines[at - 2].level):
            lines[at - 1] = replace(above, level=1 if mark[1][0] == "=" else 2)
    return lines

"""A document as a tree of plain blocks for the typesetter: data, never markup, so that no text can act as code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from markdown_it.token import Token

from failonce.postmortem import rawhtml
from failonce.postmortem.article import headings, parsed
from failonce.postmortem.pictures import Picture, Pictures, unshown

Node = dict[str, Any]
#: More characters of code, or of a text too long to be parsed, nobody turns pages for.
_MOST_SET = 100_000
#: The typesetter breaks down on a run without a place to break that is longer than 65,535 bytes.
_UNBROKEN = re.compile(r"\S{400}")
_WRAPS = {"strong": "strong", "em": "emph", "s": "strike", "link": "link"}


def blocks(markdown: str, pictures: Pictures, files: dict[str, Picture]) -> list[Node]:
    """Return the document's blocks; the pictures they show are added to `files`, by the name they are given."""
    _, tokens = parsed(markdown)
    headings(tokens)
    return _Builder(pictures, files).blocks(iter(tokens))


class _Builder:
    """Turns the flat tokens into a tree."""

    def __init__(self, pictures: Pictures, files: dict[str, Picture]) -> None:
        self.pictures = pictures
        self.files = files

    def blocks(self, tokens: Iterator[Token], until: str = "") -> list[Node]:
        found: list[Node] = []
        for token in tokens:
            if token.type == until:
                break
            found.extend(self.block(token, tokens))
        return found

    def block(self, token: Token, tokens: Iterator[Token]) -> Iterator[Node]:
        """Yield what a token begins, its inner tokens taken from `tokens`."""
        match token.type:
            case "heading_open":
                level = int(token.tag[1]) - 2
                yield {"type": "heading", "level": level, "inline": self.line(next(tokens))}
            case "inline":
                yield {"type": "paragraph", "inline": self.line(token)}
            case "fence" | "code_block":
                yield from self.code(token.content.rstrip("\n"))
            case "hr":
                yield {"type": "rule"}
            case "html_block":
                yield from self.raw(token.content)
            case "bullet_list_open" | "ordered_list_open":
                yield self.listed(token, tokens)
            case "blockquote_open":
                yield {"type": "quote", "blocks": self.blocks(tokens, "blockquote_close")}
            case "table_open":
                yield {"type": "table", "rows": list(self.rows(tokens))}

    def code(self, text: str) -> Iterator[Node]:
        """Yield a text as it stands, as far as it is set, and say how much is left out."""
        yield {"type": "code", "text": _broken(text[:_MOST_SET])}
        if len(text) > _MOST_SET:
            left = f"{len(text) - _MOST_SET:,} more characters are left out here; the document itself has them."
            yield {"type": "paragraph", "inline": [{"type": "emph", "inline": [{"type": "text", "text": left}]}]}

    def listed(self, token: Token, tokens: Iterator[Token]) -> Node:
        closing = token.type.replace("open", "close")
        items = []
        for inner in tokens:
            if inner.type == closing:
                break
            items.append(self.blocks(tokens, "list_item_close"))
        return {"type": "list", "ordered": token.tag == "ol", "start": int(token.attrs.get("start", 1)), "items": items}

    def rows(self, tokens: Iterator[Token]) -> Iterator[list[list[Node]]]:
        row: list[list[Node]] = []
        for token in tokens:
            match token.type:
                case "table_close":
                    return
                case "tr_open":
                    row = []
                case "inline":
                    row.append(self.line(token))
                case "tr_close":
                    yield row

    def raw(self, html: str) -> Iterator[Node]:
        text = rawhtml.plain(html)
        if text:
            yield {"type": "paragraph", "inline": [{"type": "text", "text": _broken(text)}]}
        for address, alternative in rawhtml.pictures(html):
            yield {"type": "paragraph", "inline": [self.picture(address, alternative)]}

    def line(self, token: Token) -> list[Node]:
        return self.inline(iter(token.children or []))

    def inline(self, tokens: Iterator[Token], until: str = "") -> list[Node]:
        found: list[Node] = []
        for token in tokens:
            if token.type == until:
                break
            kind = token.type.removesuffix("_open")
            if token.nesting == 1 and kind in _WRAPS:
                url = str(token.attrs.get("href", ""))
                found.append({"type": _WRAPS[kind], "url": url, "inline": self.inline(tokens, f"{kind}_close")})
            elif token.nesting == 0:
                found.extend(self.leaf(token))
        return found

    def leaf(self, token: Token) -> Iterator[Node]:
        match token.type:
            case "text":
                yield {"type": "text", "text": _broken(token.content)}
            case "code_inline":
                yield {"type": "code", "text": _broken(token.content)}
            case "softbreak":
                yield {"type": "text", "text": " "}
            case "hardbreak":
                yield {"type": "break"}
            case "image":
                alternative = "".join(child.content for child in token.children or [])
                yield self.picture(str(token.attrs.get("src", "")), alternative)
            case "html_inline":
                for address, alternative in rawhtml.pictures(token.content):
                    yield self.picture(address, alternative)

    def picture(self, address: str, alternative: str) -> Node:
        found = self.pictures.get(address)
        if not isinstance(found, Picture):
            return {"type": "missing", "text": unshown(address, self.pictures)}
        name = f"picture-{list(self.pictures).index(address)}.{found.media_type.split('/')[1].split('+')[0]}"
        self.files[name] = found
        return {"type": "picture", "file": name, "alternative": alternative}


def _broken(text: str) -> str:
    """Let a line break within what has no blank."""
    return _UNBROKEN.sub(lambda run: run[0] + "\u200b", text)

"""The written postmortem as HTML: headings below the page's own, no raw HTML, nothing loaded from anywhere."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_BOX = re.compile(r"\A\[([ xX])\]\s+")
#: The page has one h1 and puts the article under an h2.
_HIGHEST = 3


def article(markdown: str) -> Markup:
    """Return the document's HTML. Its title is left out: the page carries it."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    text = _FRONT_MATTER.sub("", markdown.replace("\r\n", "\n"), count=1)
    tokens = _without_title(parser.parse(text))
    _lower(tokens)
    for token in tokens:
        _tick(token)
    # The renderer escapes every text, and raw HTML is switched off.
    return Markup(parser.renderer.render(tokens, parser.options, {}))


def _without_title(tokens: list[Token]) -> list[Token]:
    is_titled = bool(tokens) and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    return tokens[3:] if is_titled else tokens


def _lower(tokens: list[Token]) -> None:
    """Move the headings so that the document's highest is just below the page's, and no level is left out."""
    levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, _HIGHEST + levels.index(token.tag))}"


def _tick(token: Token) -> None:
    """Write a task's box as a character: it cannot be ticked on paper."""
    first = token.children[0] if token.type == "inline" and token.children else None
    if first is not None and first.type == "text":
        first.content = _BOX.sub(lambda m: "☐ " if m[1] == " " else "☑ ", first.content)

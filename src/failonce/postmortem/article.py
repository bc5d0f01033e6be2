"""The written postmortem as HTML: headings below the page's own, raw HTML made inert, nothing loaded from anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from failonce.postmortem import rawhtml
from failonce.postmortem.frontmatter import front
from failonce.postmortem.pictures import Picture, Pictures, unshown
from failonce.postmortem.read.roles import role_of

_BOX = re.compile(r"\A\[([ xX])\]\s+")
#: The page has one h1 and puts the article under an h2.
_HIGHEST = 3
#: A longer text is shown as it stands: no person wrote it as Markdown, and a parser may need minutes for it.
_LONGEST = 120_000


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the article, to be linked to."""

    anchor: str
    text: str
    depth: int


def parsed(markdown: str) -> tuple[str, list[Token]]:
    """Return a document's title and the tokens of what follows it."""
    text = front(markdown).body.replace("\r\n", "\n").lstrip("\ufeff")
    if len(text) > _LONGEST:
        return "", [Token("code_block", "code", 0, content=text)]
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    for token in tokens:
        _tick(token)
    at = _title_at(tokens)
    return ("", tokens) if at is None else (words(tokens[at + 1]), tokens[:at] + tokens[at + 3 :])


def _title_at(tokens: Sequence[Token]) -> int | None:
    """Return where the title's heading is: the first thing, or the only one of its level; never the name of a part."""
    highest = [n for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"]
    if not highest or (highest[0] > 0 and len(highest) > 1) or role_of(words(tokens[highest[0] + 1])):
        return None
    return highest[0]


def article(markdown: str, pictures: Pictures | None = None) -> Markup:
    """Return the document's HTML. Its title is left out: the page carries it."""
    _, tokens = parsed(markdown)
    headings(tokens)
    return written(tokens, pictures)


def written(tokens: Sequence[Token], pictures: Pictures | None = None) -> Markup:
    """Return tokens as HTML, raw HTML made inert."""
    parser = MarkdownIt("commonmark", renderer_cls=_Inert)
    return Markup(parser.renderer.render(tokens, parser.options, {"pictures": pictures or {}}))


def headings(tokens: Sequence[Token]) -> tuple[Heading, ...]:
    """Move the headings just below the page's own, no level left out, give each an anchor, and return them."""
    opened = [(n, token) for n, token in enumerate(tokens) if token.type == "heading_open"]
    levels = sorted({token.tag for _, token in opened})
    found = []
    for number, (n, token) in enumerate(opened, start=1):
        depth = levels.index(token.tag)
        token.attrs["id"] = f"part-{number}"
        found.append(Heading(f"part-{number}", words(tokens[n + 1]), depth))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, _HIGHEST + levels.index(token.tag))}"
    return tuple(found)


def words(inline: Token) -> str:
    """Return the text of a line without its markup."""
    told = (child.content if child.type in ("text", "code_inline") else " " for child in inline.children or [])
    return " ".join("".join(told).split())


class _Inert(RendererHTML):
    """Writes what a document says and nothing that acts. Every text is escaped by the renderer above."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return str(shown(str(tokens[idx].attrs.get("src", "")), words(tokens[idx]), env["pictures"]))

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return str(rawhtml.inert(tokens[idx].content, _shower(env)))

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return str(rawhtml.inline(tokens[idx].content, _shower(env)))


def shown(address: str, alternative: str, pictures: Pictures) -> Markup:
    """Return a picture with its bytes, or the words that stand for it."""
    found = pictures.get(address)
    if isinstance(found, Picture):
        return Markup('<img src="{}" alt="{}">').format(found.data_uri, alternative)
    told = f" ({alternative})" if alternative else ""
    return Markup('<span class="missing">{}</span>').format(f"{unshown(address, pictures)}{told}")


def _shower(env: Any) -> rawhtml.Show:
    return lambda address, alternative: shown(address, alternative, env["pictures"])


def _tick(token: Token) -> None:
    """Write a task's box as a character: it cannot be ticked on paper."""
    first = token.children[0] if token.type == "inline" and token.children else None
    if first is not None and first.type == "text":
        first.content = _BOX.sub(lambda m: "☐ " if m[1] == " " else "☑ ", first.content)

"""Raw HTML in a document, made inert: a few plain elements without attributes stay, every other tag goes, text stays.

Linear in the text's length; never an attribute, a script, a style or an address passes through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from markupsafe import Markup, escape

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
_KEPT = frozenset("p b strong i em code pre ul ol li table thead tbody tr th td blockquote sub sup kbd s del".split())
_ALONE = frozenset(("br", "hr"))
_NAMED = {"h1": "h4", "h2": "h4", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}

Show = Callable[[str, str], Markup]


def inert(html: str, show: Show) -> Markup:
    """Return a block of HTML with nothing left that acts; `show` gives what stands for a picture."""
    open_tags: list[str] = []
    out: list[str] = []
    for text, tag in pieces(html):
        out.append(str(escape(unescape(text))))
        if tag is not None:
            out.append(_tag(tag, open_tags, show))
    out.extend(f"</{name}>" for name in reversed(open_tags))
    return Markup("".join(out))


def inline(html: str, show: Show) -> Markup:
    """Return what stands for one tag within a sentence: a break, a picture, or nothing."""
    found = _TAG.fullmatch(html.strip())
    if found is None:
        return Markup()
    name = found[2].lower()
    return Markup("<br>") if name == "br" else show(*picture(found)) if name == "img" else Markup()


def plain(html: str) -> str:
    """Return the text of a block of HTML."""
    parts = (f"{unescape(text)}{' ' if tag else ''}" for text, tag in pieces(html))
    return "".join(parts).strip()


def pictures(html: str) -> Iterator[tuple[str, str]]:
    """Yield address and alternative text of each picture."""
    for _, tag in pieces(html):
        if tag is not None and tag[2].lower() == "img":
            yield picture(tag)


def picture(tag: re.Match[str]) -> tuple[str, str]:
    told = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(tag[3])}
    return told.get("src", ""), told.get("alt", "")


def pieces(html: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Yield each stretch of text with the tag that follows it; comments are left out."""
    for told in _without_comments(html):
        at = 0
        for tag in _TAG.finditer(told):
            yield told[at : tag.start()], tag
            at = tag.end()
        yield told[at:], None


def _without_comments(html: str) -> Iterator[str]:
    at = 0
    while (begins := html.find("<!--", at)) >= 0:
        yield html[at:begins]
        ends = html.find("-->", begins)
        if ends < 0:
            return
        at = ends + 3
    yield html[at:]


def _tag(tag: re.Match[str], open_tags: list[str], show: Show) -> str:
    name = tag[2].lower()
    name = _NAMED.get(name, name)
    if name == "img":
        return str(show(*picture(tag)))
    if name in _ALONE:
        return f"<{name}>"
    if name not in _KEPT and name not in _NAMED.values():
        return ""
    if not tag[1]:
        # Deeper than people write, it is an attack on the browser.
        if len(open_tags) >= 50:
            return ""
        open_tags.append(name)
        return f"<{name}>"
    if name not in open_tags:
        return ""
    closed: list[str] = []
    while not closed or closed[-1] != name:
        closed.append(open_tags.pop())
    return "".join(f"</{each}>" for each in closed)

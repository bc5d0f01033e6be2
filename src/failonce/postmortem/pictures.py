"""The pictures a document refers to: which they are, and whether a file is one. Reads no file and loads nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it.token import Token

from failonce.postmortem import rawhtml

#: What a browser shows as a picture, by how such a file begins.
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_SVG = re.compile(
    rb"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[^>]{0,500}-->\s*)?(?:<!DOCTYPE svg[^>\[]{0,300}>\s*)?<svg[\s>]"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's bytes, carried along."""

    media_type: str
    content: bytes

    @property
    def data_uri(self) -> str:
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


#: By address as written; a text instead of a picture says why it is not shown.
Pictures = Mapping[str, Picture | str]


def media_type(content: bytes) -> str | None:
    """Return what kind of picture the bytes are; None when they are none that we carry."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if _SVG.match(content[:2000].removeprefix(b"\xef\xbb\xbf")):
        return "image/svg+xml"
    return next((name for beginning, name in _BEGINNINGS if content.startswith(beginning)), None)


def is_remote(address: str) -> bool:
    """Tell an address elsewhere (or data of its own) from a file beside the document."""
    return _SCHEME.match(address) is not None


def file_name(address: str) -> str:
    """Return the path an address means: without a query, its escapes undone."""
    return unquote(address.split("?", 1)[0].split("#", 1)[0])


def referenced(tokens: list[Token]) -> tuple[str, ...]:
    """Return the addresses of a document's pictures, each once."""
    return tuple(dict.fromkeys(address for address in _addresses(tokens) if address))


def unshown(address: str, pictures: Pictures) -> str | None:
    """Return why a picture is not shown, in a few words; None when it is at hand."""
    found = pictures.get(address)
    if isinstance(found, Picture):
        return None
    return found or (
        f"picture elsewhere, not loaded: {address}" if is_remote(address) else f"picture missing: {address}"
    )


def _addresses(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield str(token.attrs.get("src", ""))
        elif token.type in ("html_block", "html_inline"):
            yield from (address for address, _ in rawhtml.pictures(token.content))
        yield from _addresses(token.children or [])

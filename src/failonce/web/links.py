"""Addresses of pages: on a server as they are, in a static site as relative file names that open from anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

#: Pages whose files stand at the site's root.
_INDEX = {"": "index"}
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Served:
    """Addresses on a server."""

    is_static: bool = False

    def to(self, *parts: str) -> str:
        """Return a page's address: `to("incidents", id)`."""
        return "/" + "/".join(quote(part, safe="") for part in parts)

    def asset(self, name: str) -> str:
        """Return the address of a style sheet or a script."""
        return f"/assets/{name}"


@dataclass(frozen=True, slots=True)
class Filed:
    """Addresses in a static site, from a page that lies `depth` folders down."""

    depth: int = 0
    is_static: bool = True

    def to(self, *parts: str) -> str:
        """Return a page's file, relative to this one."""
        # quoted once more: a file's name may hold what an address may not.
        return "../" * self.depth + quote(file_of(*parts))

    def asset(self, name: str) -> str:
        """Return a style sheet's or script's file."""
        return "../" * self.depth + f"assets/{name}"


def file_of(*parts: str) -> str:
    """Return the file of a page in a static site; no name of an incident leads out of its folder.

    >>> file_of("incidents", "shop-1"), file_of(""), file_of("incidents", "../x")
    ('incidents/shop-1.html', 'index.html', 'incidents/..~2fx.html')
    """
    names = [_INDEX.get(part, _UNSAFE.sub(lambda m: f"~{ord(m[0]):x}", part)) for part in parts]
    return "/".join(names) + ".html"

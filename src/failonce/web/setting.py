"""Set a page: its values into its template, within what all pages share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from failonce import __version__
from failonce.app.pages import words
from failonce.model.dossier import Dossier
from failonce.model.viewer import Role, Viewer
from failonce.web import drawings
from failonce.web.links import Filed, Served

#: Name, address, and the key that leads there.
MENU = (
    ("Now", "", "n"),
    ("Incidents", "incidents", "i"),
    ("Postmortems", "postmortems", "p"),
    ("Actions", "actions", "a"),
    ("Insights", "insights", "s"),
    ("Executive", "executive", "e"),
)
_PREFIX = re.compile(r"\A(?:incident )?post-?mortem\s*[:–—-]\s*", re.IGNORECASE)
_MARKS = re.compile(r"[*_#]{2,}|`+")
_FILES = ("web.css", "page.js", "live.js", "charts.js", "edit.js", "site-search.js")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page needs besides its own values."""

    #: None for whoever has not come in.
    viewer: Viewer | None
    links: Served | Filed
    #: The part of the menu it belongs to.
    part: str | None = None
    #: Proves that a form came from one of our pages; empty where there are none.
    csrf: str = ""
    #: What was just done, or why not: said once at the head of the page.
    notice: str = ""

    @property
    def can_edit(self) -> bool:
        """Tell whether the viewer may write."""
        return not self.links.is_static and self.viewer is not None and self.viewer.role.covers(Role.EDITOR)

    @property
    def is_admin(self) -> bool:
        """Tell whether the viewer manages accounts."""
        return not self.links.is_static and self.viewer is not None and self.viewer.role.covers(Role.ADMIN)


def page(template: str, frame: Frame, **values: Any) -> str:
    """Return a page."""
    return _environment().get_template(f"{template}.html.j2").render(frame=frame, links=frame.links, **values)


def assets() -> dict[str, tuple[str, str]]:
    """Return the style sheets and scripts: media type and text by name. The documents' look is the pages' ground."""
    folder = resources.files("failonce.web") / "static"
    found = {name: (_media_type(name), (folder / name).read_text(encoding="utf-8")) for name in _FILES}
    return {"look.css": ("text/css", words.look()), **found}


def _media_type(name: str) -> str:
    return "text/css" if name.endswith(".css") else "text/javascript"


def _when(at: datetime | date | None) -> Markup | str:
    """Return an instant as people read it, and as machines do."""
    if at is None:
        return "not known"
    if not isinstance(at, datetime):
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), f"{at.day} {at:%b %Y}")
    there = at.astimezone(UTC)
    shown = f"{there.day} {there:%b %Y, %H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(there.isoformat(timespec="seconds"), shown)


def _day(at: datetime | date) -> Markup:
    """Return the day alone."""
    there = at.astimezone(UTC) if isinstance(at, datetime) else at
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), f"{there.day} {there:%b %Y}")


def _began(dossier: Dossier) -> Markup | str:
    """Return the day an incident began; nothing where an imported document told of none."""
    return _day(dossier.opened_at) if dossier.is_dated else "no date"


def _data(value: Any) -> Markup:
    """Return a value as JSON in a form that cannot end the element it stands in."""
    text = msgspec.json.encode(value).decode()
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))


def _inline(text: str) -> Markup:
    """Return a line of a person's text, what stands in `backticks` as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    told = (Markup("<code>{}</code>").format(words.breakable(p)) if n % 2 else escape(p) for n, p in enumerate(pieces))
    return Markup("").join(told)


def _unprefixed(title: str) -> str:
    """Return a postmortem's title without the word that its page says anyway.

    >>> _unprefixed("Postmortem: A lost index"), _unprefixed("Postmortem")
    ('A lost index', 'Postmortem')
    """
    return _PREFIX.sub("", title) or title


def _unmarked(text: str) -> str:
    """Return a stretch of Markdown without its marks.

    >>> _unmarked("**Mechanism:** the `pool` is full ### Resolution")
    'Mechanism: the pool is full  Resolution'
    """
    return _MARKS.sub("", text)


def _query(asked: Mapping[str, str], **changes: str | None) -> str:
    """Return a query string: what was asked for, with changes; None leaves one out."""
    merged = {**asked, **changes}
    kept = {name: value for name, value in merged.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("failonce.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        began=_began,
        breakable=words.breakable,
        clock=words.clock,
        data=_data,
        date=_day,
        duration=words.duration,
        inline=_inline,
        milliseconds=words.milliseconds,
        month_chart=drawings.month_chart,
        number=words.number,
        sentence=words.sentence,
        sparkline=drawings.sparkline,
        strip_chart=drawings.strip_chart,
        unmarked=_unmarked,
        unprefixed=_unprefixed,
        when=_when,
        words=words.words,
    )
    environment.globals.update(menu=MENU, period=words.period, query=_query, version=__version__)
    return environment

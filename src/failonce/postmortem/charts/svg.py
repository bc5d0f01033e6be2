"""SVG elements as escaped text: every attribute and every child passes through here."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

_EMPTY = Markup()


def element(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """Return one element. A trailing underscore in an attribute's name is dropped, the others become dashes.

    >>> element("text", "a < b", x=1.25, class_="tick")
    Markup('<text x="1.2" class="tick">a &lt; b</text>')
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = join(children)
    return Markup(f"<{name}{told}>{inside}</{name}>" if inside else f"<{name}{told}/>")


def join(parts: Iterable[str]) -> Markup:
    return _EMPTY.join(parts)


def picture(size: tuple[float, float], name: str, words: tuple[str, str], content: Iterable[str]) -> Markup:
    """Return an SVG document that a screen reader announces as one picture: its title, then its description."""
    width, height = size
    title, description = words
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *content,
        viewBox=f"0 0 {coordinate(width)} {coordinate(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def coordinate(value: float) -> str:
    """Return a coordinate to a tenth of a pixel, as short as can be.

    >>> coordinate(12.0), coordinate(0.25), coordinate(-0.01)
    ('12', '0.2', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Return path coordinates, one pair after the other."""
    return "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in pairs)


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else coordinate(value)

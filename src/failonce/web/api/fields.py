"""The kinds of values that requests are made of, with their bounds; and the question every list understands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True, description="With its zone.")]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
Markdown = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000_000)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=100)]
_SEEN = "The one you saw. When it is another now, nothing is changed: 409."
Revision = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1, description=_SEEN)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=500)]
After = Annotated[str, msgspec.Meta(max_length=2000, description="`next` of the page before.")]


class Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which stretch of a list."""

    after: After | None = None
    limit: Limit = 50


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is sent. What is not set stays as it is."""


def said(body: msgspec.Struct, *without: str) -> dict[str, Any]:
    """Return the fields that were set."""
    values = {name: getattr(body, name) for name in body.__struct_fields__ if name not in without}
    return {name: value for name, value in values.items() if value is not msgspec.UNSET}

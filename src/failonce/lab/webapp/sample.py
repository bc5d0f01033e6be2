"""A sample application as the lab needs it: its pages, releases and schema, its pool, and who visits it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from failonce.lab.webapp.page import Page
from failonce.lab.webapp.release import Release


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample application. Its name is also that of its database, its role and its package here."""

    name: str
    #: What people call it.
    title: str
    pages: tuple[Page, ...]
    #: By name, the first one first.
    releases: Mapping[str, Release]
    #: Chooses what the next visitor asks for: method and target.
    choose: Callable[[random.Random], tuple[str, str]]
    #: Requests per second on an ordinary day.
    rate: float
    pool_size: int
    pool_timeout_s: float
    #: How long what was computed is kept.
    cached_s: float = 0.0
    #: What a release asks itself for before it serves anybody, so that its cache is warm.
    warm_up: tuple[str, ...] = ()
    #: Server settings that this application's people have chosen.
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_release(self) -> str:
        """The release that runs before anything happens."""
        return next(iter(self.releases))

    @property
    def schema(self) -> tuple[str, ...]:
        """The statements that make its tables and fill them, each of which begins at the left margin."""
        text = files(f"failonce.lab.{self.name}").joinpath("schema.sql").read_text()
        return tuple(re.split(r";\n(?! )", text))


def by_name(releases: tuple[Release, ...]) -> dict[str, Release]:
    """Return releases by their names, in order."""
    return {release.name: release for release in releases}

"""The sample applications, by name: what a drill strikes is none of the drill's own making."""

from __future__ import annotations

from importlib import import_module

from failonce.lab.webapp.sample import Sample
from failonce.model.errors import NotFound

NAMES = ("spiceshare", "shop")


def sample(name: str) -> Sample:
    """Return a sample application. Raises NotFound."""
    if name not in NAMES:
        raise NotFound(f"There is no sample application {name!r}.", hint=f"There are: {', '.join(NAMES)}.")
    found: Sample = import_module(f"failonce.lab.{name}").SAMPLE
    return found

"""Rule-like files: the file's existence registers it, its docstring is its documentation page.

Each declares `ID` (kebab-case, its only name) and one function. Folders are walked when asked, never at import;
other people's packages add to a folder through an entry point group of the same name.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

#: The four parts of a rule-like file's docstring, in this order.
PARTS = ("What it sees", "Why it matters", "What to do", "Example")


@cache
def load(package: str) -> dict[str, ModuleType]:
    """Return the rule-like modules of a package such as `failonce.diagnose.causes` by ID, sorted by ID."""
    found = {module.ID: module for module in _modules(package)}
    return dict(sorted(found.items()))


def summary(module: ModuleType) -> str:
    """Return the first line of a module's docstring."""
    return (module.__doc__ or "").strip().split("\n", 1)[0]


def why(page: str) -> str:
    """Return the part of a rule's docstring that says why it matters, on one line."""
    start, end = (page.find(f"\n{part}\n") for part in PARTS[1:3])
    return " ".join(page[start:end].split()).removeprefix(PARTS[1]).strip()


def _modules(package: str) -> Iterator[ModuleType]:
    folder = importlib.import_module(package)
    for entry in pkgutil.iter_modules(folder.__path__):
        module = importlib.import_module(f"{package}.{entry.name}")
        if hasattr(module, "ID"):
            yield module
    for point in entry_points(group=package):
        yield point.load()

"""The lint profiles there are: the built-in ones and those of `failonce.toml`, read without needing any secret.

Only the table [lint] is read: linting in a pipeline must not ask for the database's password.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import msgspec

from failonce import plugins
from failonce.app import settings
from failonce.model.errors import NotFound, UsageError
from failonce.postmortem.lint import RULES
from failonce.postmortem.profiles import BUILT_IN, Profile


class _Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    extends: str = "seed"
    rules: dict[str, Literal["error", "warning", "off"]] = {}


class _Lint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table [lint] of failonce.toml."""

    profile: str = "seed"
    profiles: dict[str, _Profile] = {}


def load(name: str | None = None, path: Path | None = None, env: Mapping[str, str] = os.environ) -> Profile:
    """Return a profile by name; without one, the profile that failonce.toml names, else `seed`."""
    path = path or settings.find(Path.cwd(), env)
    lint = _lint(settings.document(path).get("lint", {}), path) if path else _Lint()
    return _profile(name or lint.profile, lint, path, ())


def _lint(table: Any, path: Path) -> _Lint:
    try:
        return msgspec.convert(table, _Lint)
    except msgspec.ValidationError as problem:
        message = str(problem).replace("`$.", "`lint.").replace("[...]", ".NAME")
        raise UsageError(f"{path}: lint: {message}.", hint="docs/how-to/lint.md shows a whole [lint] table.") from None


def _profile(name: str, lint: _Lint, path: Path | None, below: tuple[str, ...]) -> Profile:
    """Return a profile with all it extends; `below` are the profiles on the way to it."""
    if name in below:
        chain = " → ".join((*below, name))
        raise UsageError(f"{path}: a lint profile extends itself: {chain}.", hint="Let one of them extend seed.")
    own = lint.profiles.get(name)
    if own is None:
        return _built_in(name, lint)
    for rule in own.rules:
        if rule not in plugins.load(RULES):
            raise UsageError(f"{path}: lint.profiles.{name}.rules: unknown rule {rule}.", hint=_meant(rule))
    # A profile may take a built-in one's name to change it: then it extends the one it hides.
    base = BUILT_IN[name] if own.extends == name and name in BUILT_IN else None
    return (base or _profile(own.extends, lint, path, (*below, name))).extended(name, own.rules)


def _built_in(name: str, lint: _Lint) -> Profile:
    if name not in BUILT_IN:
        known = ", ".join(dict.fromkeys((*BUILT_IN, *lint.profiles)))
        raise NotFound(f"There is no lint profile {name}.", hint=f"Known: {known}")
    return BUILT_IN[name]


def _meant(rule: str) -> str:
    close = get_close_matches(rule, plugins.load(RULES), n=1)
    return f"Did you mean {close[0]}?" if close else "failonce lint --rules lists them."

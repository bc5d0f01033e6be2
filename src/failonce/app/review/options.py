"""How a review is done: the table [review] of failonce.toml, read without needing any secret."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from failonce import plugins
from failonce.app import settings
from failonce.guard.case import Limits
from failonce.guard.review import QUERY_RULES, SUITE_RULES
from failonce.model.errors import UsageError

MIGRATION_RULES = "failonce.guard.migration_rules"
#: Where plans are kept when nothing else is configured.
BASELINE = "failonce-plans.json"
_Number = Annotated[float, msgspec.Meta(gt=0)]


class _Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table [review] of failonce.toml."""

    twin: str | None = None
    dsn: str | None = None
    baseline: str | None = None
    large_rows: _Number | None = None
    result_rows: _Number | None = None
    slow_cost: _Number | None = None
    offset: _Number | None = None
    pool_size: _Number | None = None
    repeats: _Number | None = None
    dearer: _Number | None = None
    rules: dict[str, Literal["error", "warning", "off"]] = {}


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """How to review."""

    #: A twin's file.
    twin: Path | None = None
    #: The database to make a twin of when there is no file; it holds a password.
    dsn: str | None = field(default=None, repr=False)
    #: A copy of production, with rows, to count in which values come together; it holds a password.
    sample_dsn: str | None = field(default=None, repr=False)
    baseline: Path | None = None
    #: Write the plans to the baseline instead of holding them against it.
    keep: bool = False
    #: Advise indexes for all statements of a snapshot together, within so many bytes.
    budget: int | None = None
    limits: Limits = field(default_factory=Limits)
    severities: Mapping[str, str] = field(default_factory=dict)


def load(path: Path | None = None, env: Mapping[str, str] = os.environ) -> ReviewOptions:
    """Return what failonce.toml says of reviews."""
    path = path or settings.find(Path.cwd(), env)
    return _options(settings.document(path).get("review", {}), path) if path else ReviewOptions()


def with_twin(options: ReviewOptions, file: str | Path | None, dsn: str | None) -> ReviewOptions:
    """Return the options with another twin, if one is given."""
    if file:
        return replace(options, twin=Path(file), dsn=None)
    return replace(options, twin=None, dsn=dsn) if dsn else options


def _options(table: Any, path: Path) -> ReviewOptions:
    try:
        said = msgspec.convert(table, _Review)
    except msgspec.ValidationError as problem:
        message = str(problem).replace("`$.", "`review.")
        raise UsageError(
            f"{path}: review: {message}.", hint="docs/how-to/review.md shows a whole [review] table."
        ) from None
    known = all_rules()
    for rule in said.rules:
        if rule not in known and not rule.startswith("squawk:"):
            close = get_close_matches(rule, known, n=1)
            hint = f"Did you mean {close[0]}?" if close else "failonce review --rules lists them."
            raise UsageError(f"{path}: review.rules: unknown rule {rule}.", hint=hint)
    given = {f.name: value for f in fields(Limits) if (value := getattr(said, f.name)) is not None}
    return ReviewOptions(
        twin=path.parent / said.twin if said.twin else None,
        dsn=said.dsn,
        baseline=path.parent / (said.baseline or BASELINE),
        limits=Limits(**given),
        severities=said.rules,
    )


def all_rules() -> dict[str, str]:
    """Return each rule's page by its ID."""
    modules = {
        name: module
        for folder in (QUERY_RULES, SUITE_RULES, MIGRATION_RULES)
        for name, module in plugins.load(folder).items()
    }
    return {name: (module.__doc__ or "").strip() for name, module in sorted(modules.items())}

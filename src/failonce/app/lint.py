"""Lint postmortems on disk: find them, read them whatever their encoding, and report what the rules say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from failonce import jsontext, plugins
from failonce.annotations import github
from failonce.model.errors import NotFound
from failonce.model.finding import Report
from failonce.model.snapshot import Gap
from failonce.postmortem.decoding import text_of
from failonce.postmortem.lint import RULES, lint
from failonce.postmortem.profiles import Profile
from failonce.sarif import sarif

__all__ = ["Report", "Rule", "formatted", "lint_files", "rule", "rules"]

#: What a folder is searched for.
ENDINGS = (".md", ".markdown", ".txt")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a profile has it, with its documentation page."""

    id: str
    severity: str
    summary: str
    page: str


def lint_files(paths: Sequence[Path], profile: Profile) -> tuple[Report, ...]:
    """Report on each document, folders searched. Raises NotFound for a path that leads nowhere."""
    return tuple(_report(path, profile) for path in dict.fromkeys(found for path in paths for found in _walk(path)))


def rules(profile: Profile) -> tuple[Rule, ...]:
    """Return every rule."""
    loaded = plugins.load(RULES).items()
    return tuple(
        Rule(name, profile.severity(name), plugins.summary(m), (m.__doc__ or "").strip()) for name, m in loaded
    )


def rule(name: str, profile: Profile) -> Rule:
    """Return one rule. Raises NotFound."""
    known = {each.id: each for each in rules(profile)}
    if name not in known:
        raise NotFound(f"There is no rule {name}.", hint="failonce lint --rules lists them.")
    return known[name]


def formatted(reports: Sequence[Report], form: str) -> str:
    """Return the reports as `json`, `sarif` or `github`."""
    match form:
        case "sarif":
            return sarif(reports, {name: module.__doc__ or "" for name, module in plugins.load(RULES).items()})
        case "github":
            return github(reports)
        case _:
            return jsontext.dumps(reports)


def _walk(path: Path) -> Iterator[Path]:
    """Yield a file, or a folder's documents in order; what is hidden stays so."""
    if not path.is_dir():
        if not path.exists():
            raise NotFound(f"There is no file {path}.", hint="Name a Markdown file, such as DIR/postmortem.md.")
        yield path
        return
    within = (found for found in sorted(path.rglob("*")) if found.suffix.lower() in ENDINGS and found.is_file())
    documents = [found for found in within if not any(p.startswith(".") for p in found.relative_to(path).parts)]
    if not documents:
        raise NotFound(f"There is no document in {path}.", hint=f"A document ends in {', '.join(ENDINGS)}.")
    yield from documents


def _report(path: Path, profile: Profile) -> Report:
    try:
        text, doubts = text_of(path.read_bytes())
    except OSError as problem:
        reason = f"{path} cannot be read: {problem.strerror}."
        gap = Gap("document", reason, "It was not linted.", "Check who may read it.")
        return Report(str(path), (), gap)
    notes = tuple(f"Line {doubt.line}: {doubt.message}" for doubt in doubts)
    return Report(str(path), lint(text, profile), notes=notes)

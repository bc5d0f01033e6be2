"""Hold statements to the rules: every query rule on each case, every suite rule on what they do together. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import ModuleType

from failonce import plantree, plugins
from failonce.guard.case import Case, Found
from failonce.guard.query_rules import cheaper_rewrite
from failonce.guard.statement import Place, Statement
from failonce.guard.suite import Suite
from failonce.model.finding import QueryFinding, Report

QUERY_RULES = "failonce.guard.query_rules"
SUITE_RULES = "failonce.guard.suite_rules"
#: `-- failonce: ignore RULE: reason`, in a comment of the statement.
_IGNORED = re.compile(r"failonce:\s*ignore\s+(?P<rule>[\w-]+)\s*:\s*(?P<reason>\S.*?)\s*(?:\*/|$)", re.MULTILINE)
_MOST_TESTS = 5

Placed = tuple[Place, QueryFinding]


def judge(suite: Suite, severities: Mapping[str, str] | None = None) -> tuple[Report, ...]:
    """Return a report per file, its findings in the order of its lines, as severe as `severities` has them."""
    said = severities or {}
    return reports([*_of_statements(suite, said), *_of_suite(suite, said)])


def reports(placed: Iterable[Placed]) -> tuple[Report, ...]:
    """Return the findings by file."""
    by_path: dict[str, list[QueryFinding]] = defaultdict(list)
    for place, finding in placed:
        by_path[place.path].append(finding)
    for found in by_path.values():
        found.sort(key=_order)
    return tuple(Report(path, tuple(found)) for path, found in sorted(by_path.items()))


def _order(finding: QueryFinding) -> tuple[int, str, str]:
    return finding.line, finding.rule, finding.fingerprint


def ignored(text: str) -> frozenset[str]:
    """Return the rules that a statement's comments turn off, with a reason.

    >>> sorted(ignored("select 1 -- failonce: ignore full-scan: nightly, on the replica"))
    ['full-scan']
    >>> sorted(ignored("select 1 -- failonce: ignore full-scan"))
    []
    """
    return frozenset(match["rule"] for match in _IGNORED.finditer(text))


def _of_statements(suite: Suite, said: Mapping[str, str]) -> Iterator[Placed]:
    for case in suite.cases.values():
        placed = [
            (case.statement.places[0], completed(rule, found, case.statement, said))
            for rule in _active(QUERY_RULES, said)
            if rule.ID not in ignored(case.statement.sql)
            for found in rule.check(case)
        ]
        yield from _with_rewrite(placed, case)


def _with_rewrite(placed: Sequence[Placed], case: Case) -> Iterator[Placed]:
    """Yield a statement's findings, the gravest of them with the rewrite; it is a finding only where it is the one."""
    placed = [each for each in placed if each[1].rule != cheaper_rewrite.ID] or placed
    shown = min(range(len(placed)), key=lambda n: placed[n][1].severity != "error", default=None)
    for number, (place, finding) in enumerate(placed):
        yield place, replace(finding, rewrite=case.rewrite) if number == shown else finding


def _of_suite(suite: Suite, said: Mapping[str, str]) -> Iterator[Placed]:
    for rule in _active(SUITE_RULES, said):
        for execution, found in rule.check(suite):
            statement = suite.case(execution).statement
            if rule.ID not in ignored(statement.sql):
                yield execution.place, completed(rule, found, statement, said, execution.place)


def _active(folder: str, said: Mapping[str, str]) -> list[ModuleType]:
    return [rule for name, rule in plugins.load(folder).items() if said.get(name) != "off"]


def completed(
    rule: ModuleType, found: Found, statement: Statement, said: Mapping[str, str], place: Place | None = None
) -> QueryFinding:
    """Return what a rule found with all that findings share."""
    place = place or statement.places[0]
    tests = dict.fromkeys(p.test for p in statement.places if p.test)
    return QueryFinding(
        rule=rule.ID,
        severity=said.get(rule.ID) or found.severity or rule.SEVERITY,
        line=place.line,
        message=found.message,
        why=plugins.why(rule.__doc__ or ""),
        instead=found.instead,
        statement=statement.shown,
        fingerprint=statement.fingerprint,
        node=found.node,
        tests=tuple(list(tests)[:_MOST_TESTS]),
    )


def is_cheap(case: Case) -> bool:
    """Tell whether a plan is not worth looking for an index."""
    return (
        case.plan is None
        or case.plan["Total Cost"] < 0.1 * case.limits.slow_cost
        or not any("Filter" in node or node["Node Type"] == "Sort" for node in plantree.nodes(case.plan))
    )

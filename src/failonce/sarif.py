"""Findings as SARIF 2.1.0, which code hosts and editors show beside the line.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from failonce import __version__, jsontext, plugins
from failonce.model.finding import Finding, Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(reports: Sequence[Report], pages: Mapping[str, str]) -> str:
    """Return one run with each rule's page, by its ID, and every finding; what could not be read is a notification."""
    driver = {"name": "failonce", "semanticVersion": __version__, "rules": [_rule(*page) for page in pages.items()]}
    failed = any(report.gap for report in reports)
    notes = [note for report in reports for note in _notifications(report)]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not failed, "toolExecutionNotifications": notes}],
        "results": [
            _result(report.path, finding, list(pages).index(finding.rule))
            for report in reports
            for finding in report.findings
        ],
    }
    return jsontext.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str, page: str) -> dict[str, object]:
    return {
        "id": name,
        "shortDescription": {"text": page.split("\n", 1)[0]},
        "fullDescription": {"text": plugins.why(page)},
        "help": {"text": page.strip()},
    }


def _result(path: str, finding: Finding, index: int) -> dict[str, object]:
    region = {"startLine": finding.line, "startColumn": finding.column, "endColumn": finding.end_column}
    place = {"artifactLocation": {"uri": _uri(path)}, "region": region}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": " ".join(finding.told)},
        "locations": [{"physicalLocation": place}],
    }


def _notifications(report: Report) -> Iterator[dict[str, object]]:
    place = {"physicalLocation": {"artifactLocation": {"uri": _uri(report.path)}}}
    told = [("error", report.gap.reason)] if report.gap else []
    for level, text in (*told, *(("note", note) for note in report.notes)):
        yield {"level": level, "message": {"text": text}, "locations": [place]}


def _uri(path: str) -> str:
    return quote(path.replace("\\", "/").removeprefix("./"), errors="surrogateescape")

"""Findings as JUnit XML, which every CI server shows: a test case per statement and rule that found something."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from failonce.guard.reports.text import printable
from failonce.model.finding import Finding, QueryFinding, Report


def junit(reports: Sequence[Report]) -> str:
    """Return one suite per file; an error is a failure, a warning is told in its output, a gap is an error."""
    root = ET.Element("testsuites", name="failonce")
    for report in reports:
        count = str(max(len(report.findings) + (report.gap is not None), 1))
        failures, errors = str(report.errors), str(int(report.gap is not None))
        suite = ET.SubElement(root, "testsuite", name=report.path, tests=count, failures=failures, errors=errors)
        for found in report.findings:
            _case(suite, report.path, found)
        if report.gap:
            case = ET.SubElement(suite, "testcase", classname=report.path, name="readable")
            ET.SubElement(case, "error", message=printable(report.gap.reason)).text = printable(report.gap.hint)
        if not report.findings and not report.gap:
            ET.SubElement(suite, "testcase", classname=report.path, name="fine")
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, path: str, found: Finding) -> None:
    # Attributes and texts may hold anything a statement may: what XML has no word for was made a blank.
    name = f"{found.rule} {path}:{found.line}"
    case = ET.SubElement(suite, "testcase", classname=path, name=name, file=path, line=str(found.line))
    told = [found.instead]
    if isinstance(found, QueryFinding):
        rewrite = (found.rewrite.sql, found.rewrite.told) if found.rewrite else ()
        told = [part for part in (found.statement, found.node, found.instead, *rewrite) if part]
    if found.severity == "error":
        ET.SubElement(case, "failure", message=printable(found.message), type=found.rule).text = "\n".join(
            map(printable, told)
        )
    else:
        ET.SubElement(case, "system-out").text = "\n".join(map(printable, (found.message, *told)))

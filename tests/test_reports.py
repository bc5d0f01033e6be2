"""Findings for other programs: SARIF and GitHub's annotations."""

import json

from failonce.annotations import github
from failonce.model.finding import Finding, Report
from failonce.model.snapshot import Gap
from failonce.sarif import sarif

FOUND = Finding("length", "warning", 3, "100 % too\nlong.", "Why.", "Cut: a, b.", "words", 5, 10, "with words")
REPORT = Report("./post mortems/älter.md", (FOUND,), notes=("Line 1: a guess.",))
PAGES = {
    "accents": "Says how.",
    "length": "Counts words.\n\nWhy it matters\n    Long ones are not read.\n\nWhat to do\n    Cut.\n",
}
UNREAD = Report("secret.md", (), Gap("document", "secret.md cannot be read.", "It was not linted.", "Check it."))


def test_an_annotation_is_one_line_whatever_the_message_holds():
    note, found, unread = github([REPORT, UNREAD]).splitlines()
    assert note == "::notice file=post mortems/älter.md,title=failonce::Line 1: a guess."
    place = "file=post mortems/älter.md,line=3,col=5,endColumn=10,title=failonce length"
    assert found == f"::warning {place}::100 %25 too%0Along.%0AWhy.%0ACut: a, b."
    assert unread.startswith("::error file=secret.md,")


def test_a_path_cannot_end_an_annotations_properties():
    (line,) = github([Report("a,line=1::x.md", (FOUND,))]).splitlines()
    assert line.startswith("::warning file=a%2Cline=1%3A%3Ax.md,line=3,")


def test_sarif_tells_place_rule_and_what_could_not_be_read():
    log = json.loads(sarif([REPORT, UNREAD], PAGES))
    (run,) = log["runs"]
    (result,) = run["results"]
    assert (log["version"], result["ruleId"], result["level"]) == ("2.1.0", "length", "warning")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "length"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "post%20mortems/%C3%A4lter.md"
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endColumn": 10}
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [note["level"] for note in invocation["toolExecutionNotifications"]] == ["note", "error"]


def test_sarif_without_findings_is_a_successful_run():
    (run,) = json.loads(sarif([Report("fine.md", ())], PAGES))["runs"]
    assert (run["results"], run["invocations"][0]["executionSuccessful"]) == ([], True)

"""The formats, and what hostile statements could do to them."""

import xml.etree.ElementTree as ET

from failonce.guard.reports.junit import junit
from failonce.guard.reports.markdown import markdown
from failonce.guard.reports.text import text
from failonce.model.finding import QueryFinding, Report
from failonce.model.snapshot import Gap

FOUND = QueryFinding(
    "full-scan", "error", 31, "Reads all of t.", "It is slow.", "CREATE INDEX.",
    statement="select ? from t", node="Seq Scan on t", tests=("tests/test_a.py::test_b",),
)  # fmt: skip
HOSTILE = QueryFinding(
    "full-scan", "warning", 1, "<b>@everyone</b> `x` \x1b[2J", "Why.", "Do.",
    statement="```\n# hi\x00</details>", node="a\x07b",
)  # fmt: skip
REPORT = Report("src/pages.py", (FOUND,), notes=("Line 3: no such table.",))
UNREAD = Report("secret.sql", (), Gap("file", "It cannot be read.", "Not reviewed.", "Check it."))


def test_a_person_reads_all_of_it():
    lines = text([REPORT, UNREAD], told="1 statement planned").splitlines()
    assert lines[0] == "src/pages.py:31: error: Reads all of t. [full-scan]"
    assert [line.strip() for line in lines[1:6]] == [
        "query: select ? from t",
        "plan: Seq Scan on t",
        "test: tests/test_a.py::test_b",
        "why: It is slow.",
        "fix: CREATE INDEX.",
    ]
    assert lines[-1] == "1 statement planned: 1 error"


def test_nothing_found_is_fine():
    assert text([], told="3 statements planned") == "3 statements planned: fine\n"


def test_junit_counts_what_it_holds():
    root = ET.fromstring(junit([REPORT, UNREAD, Report("fine.sql", ()), Report("odd.sql", (HOSTILE,))]))
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases)
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
    assert "select ? from t" in root[0].find("testcase/failure").text


def test_a_comment_cannot_be_broken_out_of():
    comment = markdown([Report("odd.sql", (HOSTILE,)), REPORT], told="2 statements planned")
    assert comment.index("Reads all of t") < comment.index("everyone")
    assert "<b>" not in comment
    assert "@everyone" not in comment
    assert "\n# hi" not in comment
    assert comment.count("```") == 8
    assert not {"\x1b", "\x00", "\x07"} & set(comment + text([Report("odd.sql", (HOSTILE,))], told=""))


def test_a_comment_is_short_enough_for_github():
    assert len(markdown([Report("a.sql", (FOUND,) * 2000)], told="x")) < 65_536

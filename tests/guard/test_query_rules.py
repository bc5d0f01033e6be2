"""Each rule on statements planned on a real twin: `fails-*.sql` and `passes-*.sql` in a folder per rule."""

from pathlib import Path

import pytest

from failonce import plugins
from failonce.app.review.files import read_sql
from failonce.app.review.twins import Planning
from failonce.guard.baseline import Baseline, KeptPlan
from failonce.guard.case import Case, Limits
from failonce.guard.query_rules import outgrows_pool, plan_regression, pool_hold
from failonce.guard.statement import Place, Rate, Statement, statement
from failonce.structure import KnownIndex, Structure, Table

CASES = Path(__file__).parents[1] / "cases" / "query-rules"
RULES = plugins.load("failonce.guard.query_rules")
#: What a file of SQL cannot show: what was before, and how often.
WITHOUT_FILES = {"cheaper-rewrite", "missing-statistics", "outgrows-pool", "plan-regression", "pool-hold"}
KEPT = KeptPlan("select ?", 10.0, ("Index Scan using i on t",), ("i",), {"t": 1000})
INDEX = KnownIndex("i", "t", ("a",), False, True, "", "create index i on t (a)")


def cases(verdict):
    found = sorted(CASES.glob(f"*/{verdict}-*.sql"))
    return [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in found]


@pytest.fixture(scope="session")
def case_of(running_twin):
    """Plans the one statement of a file, as a review does."""

    def planned(path):
        planning = Planning(running_twin)
        (sent,) = read_sql([path]).statements
        plans, refused = planning.plan([sent])
        assert refused == []
        case = Case(sent, planning.structure, Limits(slow_cost=1000), plans[sent.fingerprint])
        return Case(sent, planning.structure, case.limits, case.plan, planning.advise(case))

    return planned


@pytest.mark.parametrize("path", cases("fails"))
def test_fails_and_says_what_to_do(path, case_of):
    found = list(RULES[path.parent.name].check(case_of(path)))
    assert found
    assert all(each.message.endswith(".") and each.instead and each.node for each in found)


@pytest.mark.parametrize("path", cases("passes"))
def test_passes(path, case_of):
    assert list(RULES[path.parent.name].check(case_of(path))) == []


@pytest.mark.parametrize("rule", sorted(set(RULES) - WITHOUT_FILES))
def test_every_rule_has_cases_for_both(rule):
    assert {path.stem.split("-")[0] for path in (CASES / rule).glob("*.sql")} == {"passes", "fails"}


def test_every_case_belongs_to_a_rule():
    assert {path.name for path in CASES.iterdir()} == set(RULES) - WITHOUT_FILES


def case(cost, *, rows=1000, indexes=(INDEX,), sql="select $1", changed=(), kept=KEPT):
    plan = {"Node Type": "Seq Scan", "Relation Name": "t", "Total Cost": cost, "Plan Rows": 1}
    structure = Structure((Table("t", rows, 8192, ()),), indexes)
    sent = Statement(sql, "f", (Place("a.sql", 1),))
    return Case(sent, structure, Limits(), plan, None, kept, changed)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (case(20_000, indexes=()), "index gone: i"),
        (case(20_000, changed=("random_page_cost",)), "setting changed: random_page_cost"),
        (case(20_000, sql="select $1, a from t"), "new predicate"),
        (case(20_000), "statistics"),
    ],
)
def test_a_regression_says_why(now, reason):
    (found,) = plan_regression.check(now)
    assert reason in found.message
    assert "Index Scan using i on t" in found.instead


@pytest.mark.parametrize(
    "now",
    [case(12), case(999), case(20_000, rows=2_000_000), case(20_000, kept=None)],
    ids=["as it was", "cheap all the same", "its table grew as much", "new"],
)
def test_a_plan_that_only_grew_is_none(now):
    assert list(plan_regression.check(now)) == []


@pytest.mark.parametrize(("rate", "severity"), [(Rate(21, 0.94), "error"), (Rate(40, 0.1), None)])
def test_a_statement_can_hold_the_pool(rate, severity):
    sent = Statement("select 1", "f", (Place("a.csv", 2),), rate=rate)
    (found,) = pool_hold.check(Case(sent, Structure(), Limits()))
    assert found.severity == severity
    assert "of 10 connections" in found.message


def test_a_rare_statement_holds_no_pool():
    sent = Statement("select 1", "f", (Place("a.csv", 2),), rate=Rate(2, 0.94))
    assert list(pool_hold.check(Case(sent, Structure(), Limits()))) == []


def growing(rate, gained, *, rows=1_000_000):
    """A scan of all of t, which gains so many rows a day."""
    plan = {"Node Type": "Seq Scan", "Relation Name": "t", "Total Cost": 9e4, "Plan Rows": 10, "Filter": "(a = 1)"}
    sent = Statement("select * from t where a = 1", "f", (Place("a.csv", 2),), rate=rate)
    structure = Structure((Table("t", rows, rows * 100, ()),), ())
    return Case(sent, structure, Limits(), plan, growth={"t": gained} if gained else {})


@pytest.mark.parametrize(("gained", "days", "severity"), [(30_000, "100", None), (150_000, "20", "error")])
def test_a_scan_that_grows_will_hold_the_pool_one_day(gained, days, severity):
    """2.5 of 10 connections: when the table is four times as large, by three million rows."""
    (found,) = outgrows_pool.check(growing(Rate(10, 0.25), gained))
    assert found.severity == severity
    assert f"the pool is full in {days} days" in found.message


@pytest.mark.parametrize(
    "given",
    [
        growing(Rate(10, 0.25), 0),
        growing(Rate(10, 0.25), 3_000),
        growing(Rate(10, 2.0), 30_000),
        growing(None, 30_000),
        growing(Rate(10, 0.25), 30_000, rows=1_000),
    ],
    ids=["does not grow", "in three years", "holds it today", "never counted", "a small table"],
)
def test_no_day_is_told_where_there_is_none(given):
    assert list(outgrows_pool.check(given)) == []


def test_a_statement_takes_the_place_of_one_much_like_it():
    from failonce.guard.baseline import replaced

    old = KeptPlan("select id from reviews where recipe_id = ?", 8.0, (), (), {})
    other = KeptPlan("update cooks set name = ?", 8.0, (), (), {})
    assert replaced("select id from reviews where recipe_id + ? = ?", [other, old]) is old
    assert replaced("select count(*) from follows", [other, old]) is None
    assert Baseline().plans == {}


def test_a_comment_turns_a_rule_off(case_of, tmp_path):
    from failonce.guard.review import judge
    from failonce.guard.suite import Suite

    for comment, rules in (("ignore full-scan: nightly", set()), ("ignore full-scan", {"full-scan"})):
        path = tmp_path / "nightly.sql"
        path.write_text(f"select max(rating) from reviews where cook_id = $1 -- failonce: {comment}\n;")
        found = case_of(path)
        reports = judge(Suite({"f": found}, (), found.limits))
        assert {f.rule for report in reports for f in report.findings} == rules


def test_a_statement_knows_no_value():
    assert "secret" not in statement("select 'secret'", Place("a.sql", 1)).shown

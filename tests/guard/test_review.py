"""A review from the files to the verdict, on a real twin."""

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from failonce.app.review.files import read_sql, read_statements
from failonce.app.review.formats import FORMATS, formatted
from failonce.app.review.options import ReviewOptions, load
from failonce.app.review.queries import review_queries
from failonce.app.review.statements import review_statements
from failonce.cli import failonce
from failonce.guard.case import Limits
from failonce.model.errors import CannotLook, NotFound, UsageError

BY_RECIPE = "select * from reviews where recipe_id = $1 order by created_at desc limit 20"
BY_COOK = "select * from reviews where cook_id = %(cook)s order by created_at desc limit 5"


@pytest.fixture
def queries(tmp_path):
    """Writes a file of SQL and reads it for review."""

    def written(text):
        path = tmp_path / "queries.sql"
        path.write_text(text)
        return read_sql([tmp_path])

    return written


def rules(outcome):
    return [finding.rule for report in outcome.reports for finding in report.findings]


def test_what_cannot_be_planned_is_noted_and_the_rest_goes_on(shop, queries):
    sources = queries(f"select * frm t;\nselect * from nothere;\nselect ?::no_such_type;\n\\d reviews\n{BY_COOK};\n")
    outcome = review_statements(sources, ReviewOptions(dsn=shop))
    assert rules(outcome) == ["full-scan"]
    (report,) = outcome.reports
    assert len(report.notes) == 4
    assert any('relation "nothere" does not exist' in note for note in report.notes)


MIXED = r"""\set ON_ERROR_STOP on
select count(*) from reviews where cook_id = :cook \gset
create index reviews_rating on reviews (rating);
select title from recipes where id = $1;
create table notes (id bigint primary key, recipe_id int);
create index on notes (recipe_id);
alter table recipes add column seen int default 0;
do $$ begin delete from cooks; end $$;
call sweep();
explain analyze delete from cooks;
selct 1;
"""


def test_schema_changes_in_a_file_of_statements_are_reviewed_as_such(shop, tmp_path):
    path = tmp_path / "mixed.sql"
    path.write_text(MIXED)
    outcome = review_queries([path], ReviewOptions(dsn=shop))
    (report,) = outcome.reports
    found = {(finding.line, finding.rule) for finding in report.findings}
    assert {(2, "full-scan"), (3, "locks-large-table")} <= found
    assert {line for line, _ in found} == {2, 3}
    assert "the DDL of 1 file" in outcome.told
    assert sorted(int(re.findall(r"Line (\d+)", note)[0]) for note in report.notes) == [1, 2, 8, 9, 10, 11]
    with psycopg.connect(shop) as connection:
        assert connection.execute("select count(*) from cooks").fetchone() == (20000,)
        assert connection.execute("select to_regclass('notes')").fetchone() == (None,)


def test_a_file_of_new_tables_alone_is_fine(shop, tmp_path):
    path = tmp_path / "new.sql"
    path.write_text("create table notes (id bigint primary key, recipe_id int);\ncreate index on notes (recipe_id);\n")
    assert rules(review_queries([path], ReviewOptions(dsn=shop))) == []


def test_update_is_said_once(shop, tmp_path):
    path = tmp_path / "fill.sql"
    path.write_text("alter table recipes add column seen int;\nupdate reviews set rating = 1 where cook_id = 7;\n")
    found = [(f.line, f.rule) for r in review_queries([path], ReviewOptions(dsn=shop)).reports for f in r.findings]
    assert found == [(2, "full-scan")]


def test_advice_is_tried_and_shown(shop, queries):
    (report,) = review_statements(queries(BY_COOK), ReviewOptions(dsn=shop)).reports
    (finding,) = report.findings
    assert "reviews_cook_id" in finding.instead
    assert finding.node.endswith("on reviews, filter (cook_id = $1)")


def test_nothing_is_ever_run(shop, queries):
    """Not even what would change something: it is planned."""
    with psycopg.connect(shop) as connection:
        before = connection.execute("select count(*) from cooks").fetchone()
    review_statements(
        queries("delete from cooks; drop table cooks; update recipes set title = 'x';"), ReviewOptions(dsn=shop)
    )
    with psycopg.connect(shop) as connection:
        assert connection.execute("select count(*) from cooks").fetchone() == before


def test_two_statements_are_never_sent_as_one(running_twin):
    from failonce.lab.sitting import sitting
    from failonce.model.errors import CannotLook

    with sitting(running_twin) as seat, pytest.raises(CannotLook, match="more than one"):
        seat.explain("select 1; drop table cooks")


def test_a_kept_plan_is_held_against_todays(postgres, tmp_path, queries):
    from guard_shop import fresh_shop

    with fresh_shop(postgres, "regressing_shop") as dsn:
        options = ReviewOptions(dsn=dsn, baseline=tmp_path / "plans.json", limits=Limits())
        kept = review_statements(queries(BY_RECIPE), replace(options, keep=True))
        assert "1 plans kept" in kept.told
        assert "plan-regression" not in rules(review_statements(queries(BY_RECIPE), options))
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("drop index reviews_recipe_id")
        (report,) = review_statements(queries(BY_RECIPE), options).reports
        (regression,) = [f for f in report.findings if f.rule == "plan-regression"]
        assert "index gone: reviews_recipe_id" in regression.message


def test_a_snapshot_of_statements_tells_who_holds_the_pool(shop, tmp_path):
    path = tmp_path / "statements.csv"
    path.write_text(f'query,calls,total_exec_time\n"{BY_RECIPE}",2100,1974000\nselect 1,5,0.1\n')
    outcome = review_statements(read_statements(path, over_s=100), ReviewOptions(dsn=shop))
    assert rules(outcome) == ["pool-hold"]
    as_json = tmp_path / "statements.json"
    as_json.write_text(json.dumps([{"query": BY_RECIPE, "calls": 2100, "mean_exec_time": 940, "seconds": 100}]))
    assert rules(review_statements(read_statements(as_json, over_s=None), ReviewOptions(dsn=shop))) == ["pool-hold"]


def test_a_snapshots_statements_get_indexes_together_within_a_budget(shop, tmp_path):
    path = tmp_path / "statements.csv"
    by_cook = BY_COOK.replace("%(cook)s", "$1")
    path.write_text(f'query,calls,total_exec_time\n"{BY_RECIPE}",7,9\n"{by_cook}",2100,1974000\nselect 1,5,0.1\n')
    snapshot, options = read_statements(path, over_s=100), ReviewOptions(dsn=shop)
    together = review_statements(snapshot, replace(options, budget=100_000_000)).together
    assert together.bytes <= 100_000_000
    assert together.cost_after < together.cost_before
    shown = formatted(review_statements(snapshot, replace(options, budget=100_000_000)), "text")
    assert f"  {together.ddl[0]};" in shown
    assert review_statements(snapshot, options).together is None
    tight = replace(options, budget=10_000)
    assert "No index within 0 MB makes" in formatted(review_statements(snapshot, tight), "text")


@pytest.mark.parametrize("text", ["calls,rows\n1,2\n", "[1]", "[", '[{"calls": 1}]'])
def test_a_snapshot_that_is_none_is_told(tmp_path, text):
    path = tmp_path / "statements.csv"
    path.write_text(text)
    with pytest.raises(UsageError):
        read_statements(path, over_s=None)


def test_without_a_twin_the_next_step_is_said(queries):
    with pytest.raises(UsageError) as refused:
        review_statements(queries(BY_COOK), ReviewOptions())
    assert "failonce twin pull" in refused.value.hint


def test_a_path_that_leads_nowhere_is_told(tmp_path):
    for path in (tmp_path / "nowhere.sql", tmp_path):
        with pytest.raises(NotFound):
            read_sql([path])


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_holds_the_finding(shop, queries, form):
    assert "full-scan" in formatted(review_statements(queries(BY_COOK), ReviewOptions(dsn=shop)), form)


def test_settings_are_read_and_mistakes_told(tmp_path):
    path = tmp_path / "failonce.toml"
    path.write_text('[review]\nlarge_rows = 5\n[review.rules]\nfull-scan = "warning"\n')
    options = load(path, {})
    assert (options.limits.large_rows, options.severities) == (5, {"full-scan": "warning"})
    for wrong in ("[review]\nlarge = 5", '[review.rules]\nfull-scam = "off"', "[review]\nlarge_rows = -1"):
        path.write_text(wrong)
        with pytest.raises(UsageError):
            load(path, {})


@pytest.mark.parametrize("damage", [lambda data: data[:-30], lambda data: b"no twin", lambda data: b""])
def test_a_damaged_twin_is_told(tmp_path, queries, damage):
    twin = tmp_path / "shop.twin"
    twin.write_bytes(damage((Path(__file__).parents[2] / "examples" / "spiceshare" / "production.twin").read_bytes()))
    with pytest.raises(CannotLook) as refused:
        review_statements(queries(BY_COOK), ReviewOptions(twin=twin))
    assert "failonce twin pull" in refused.value.hint


def rewritten(path, **head):
    """Another twin's file with something else in its first line, or in its second."""
    first, body = gzip.decompress(
        (Path(__file__).parents[2] / "examples/spiceshare/production.twin").read_bytes()
    ).split(b"\n", 1)
    changed = {**json.loads(first), **{key: value for key, value in head.items() if key != "body"}}
    path.write_bytes(gzip.compress(json.dumps(changed).encode() + b"\n" + head.get("body", lambda b: b)(body)))
    return str(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"failonce_twin": 99}, "written by a newer failonce"),
        ({"failonce_twin": 0}, "written by an older failonce"),
        ({"body": lambda body: body.replace(b"cook_id", b"cook_xx")}, "not what was written"),
        ({"body": lambda body: b""}, "not what was written"),
    ],
    ids=["newer", "older", "tampered with", "emptied"],
)
def test_a_twin_of_another_version_or_tampered_with_is_told(tmp_path, change, said):
    (tmp_path / "q.sql").write_text("select 1;")
    twin = rewritten(tmp_path / "shop.twin", **change)
    shown = CliRunner().invoke(failonce, ["review", str(tmp_path / "q.sql"), "--twin", twin])
    assert isinstance(shown.exception, CannotLook)
    assert said in str(shown.exception)
    assert "pull it again" in shown.exception.hint


def test_what_is_no_text_is_reviewed_as_far_as_it_goes(shop, tmp_path):
    (tmp_path / "a.sql").write_bytes(b"\xff\xfe\x00\x01\x00;")
    (tmp_path / "b.sql").write_text("select 'open;\n")
    (tmp_path / "c.sql").write_text(f"{BY_COOK};")
    assert rules(review_queries([tmp_path], ReviewOptions(dsn=shop))) == ["full-scan"]

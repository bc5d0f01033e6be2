"""Migrations: against production's sizes and statements, as files and as frameworks write them."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from failonce import plugins
from failonce.app.review.formats import FORMATS, formatted
from failonce.app.review.migrations import review_migrations
from failonce.app.review.options import ReviewOptions
from failonce.guard.baseline import Baseline, KeptPlan
from failonce.guard.migration import Known, steps
from failonce.model.errors import CannotLook
from failonce.structure import Column, KnownIndex, Structure, Table

BENCH = Path(__file__).parents[2] / "bench"
RULES = plugins.load("failonce.guard.migration_rules")
COLUMNS = (Column("id", "bigint", True), Column("note", "character varying(40)", False), Column("a", "integer", False))
STRUCTURE = Structure(
    tuple(Table(n, rows, rows * 99, COLUMNS) for n, rows in (("big", 2_000_000), ("other", 900_000), ("tiny", 50))),
    (
        KnownIndex("big_a", "big", ("a",), False, True, "", ""),
        KnownIndex("big_idle", "big", ("note",), False, True, "", "", 0),
        KnownIndex("big_scanned", "big", ("id", "a"), False, True, "", "", 7),
    ),
)  # fmt: skip
USES = KeptPlan("select note from big where a = ?", 8.0, ("Index Scan using big_a on big",), ("big_a",), {"big": 1})
KNOWN = Known(STRUCTURE, Baseline({"f": USES}))


def found(rule, sql):
    return [each.message for step in steps(sql, "m.sql", KNOWN) for each in RULES[rule].check(step)]


@pytest.mark.parametrize(
    ("rule", "sql"),
    [
        ("locks-large-table", "CREATE INDEX ON big (note)"),
        ("locks-large-table", "alter table only public.big alter column a type bigint"),
        ("locks-large-table", 'alter table "big" alter "note" type varchar(20)'),
        ("locks-large-table", "alter table big add constraint c check (a > 0)"),
        ("locks-large-table", "alter table big add foreign key (a) references tiny"),
        ("locks-large-table", "alter table big alter a set not null"),
        ("locks-large-table", "reindex table big"),
        ("volatile-default", "alter table big add t uuid default gen_random_uuid()"),
        ("drops-used-index", "drop index if exists public.big_a"),
        ("drops-used-index", "drop index concurrently big_idle, big_scanned"),
        ("drops-used-index", "alter table big drop column a"),
        ("breaks-statement", "alter table big rename column note to remark"),
        ("breaks-statement", "alter table big drop column if exists note"),
        ("breaks-statement", "drop table big"),
        ("lock-table", "lock table big in share mode"),
        ("dml-full-scan", "update big set a = 1"),
        ("foreign-key-unindexed", "alter table big add constraint f foreign key (b) references tiny not valid"),
        ("foreign-key-unindexed", "alter table big add column t bigint references tiny"),
        ("two-hot-tables", "alter table big add x int; alter table other add x int;"),
    ],
)
def test_what_harms(rule, sql):
    assert found(rule, sql)


@pytest.mark.parametrize(
    ("rule", "sql"),
    [
        ("locks-large-table", "create index concurrently on big (note)"),
        ("locks-large-table", "create index on tiny (note)"),
        ("locks-large-table", "create table big2 (a int); create index on big2 (a)"),
        ("locks-large-table", "alter table big alter column note type text"),
        ("locks-large-table", "alter table big add constraint c check (a > 0) not valid"),
        ("locks-large-table", "alter table big add column b int"),
        ("volatile-default", "alter table big add column t timestamptz default now()"),
        ("volatile-default", "alter table tiny add column t uuid default gen_random_uuid()"),
        ("drops-used-index", "drop index big_idle"),
        ("breaks-statement", "alter table big drop column b"),
        ("breaks-statement", "alter table tiny rename column note to remark"),
        ("lock-table", "lock table tiny"),
        ("dml-full-scan", "update tiny set a = 1"),
        ("dml-full-scan", "insert into big select 1"),
        ("foreign-key-unindexed", "alter table big add foreign key (a) references tiny not valid"),
        ("foreign-key-unindexed",
         "create index concurrently on big (b); alter table big add foreign key (b) references tiny not valid"),
        ("two-hot-tables", "begin; alter table big add x int; commit; begin; alter table other add x int; commit;"),
        ("two-hot-tables", "alter table big add x int; alter table big add y int; alter table tiny add x int;"),
    ],
)  # fmt: skip
def test_what_does_not(rule, sql):
    assert found(rule, sql) == []


def test_every_rule_has_cases_for_both():
    for test in (test_what_harms, test_what_does_not):
        assert {case[0] for case in test.pytestmark[0].args[1]} == set(RULES)


def test_the_labelled_migrations_come_out_as_labelled():
    """What the bench counts, so that a rule that changes shows here first."""
    spec = importlib.util.spec_from_file_location("bench_migrations", BENCH / "migrations.py")
    bench = importlib.util.module_from_spec(spec)
    sys.modules["bench_migrations"] = bench
    spec.loader.exec_module(bench)
    figures, wrong = bench.measure()
    assert wrong["failonce"] == {"missed": [], "false": []}
    assert figures["squawk_alone"]["caught"] < figures["failonce"]["caught"]


ALEMBIC_ENV = """
from alembic import context
context.configure(url="postgresql://", literal_binds=True, dialect_opts={"paramstyle": "named"})
with context.begin_transaction():
    context.run_migrations()
"""
ALEMBIC_REVISION = """
from alembic import op
revision, down_revision = "{to}", {before!r}
def upgrade():
    {does}
"""


@pytest.fixture
def alembic(tmp_path):
    (tmp_path / "db" / "versions").mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = db\npath_separator = os\n")
    (tmp_path / "db" / "env.py").write_text(ALEMBIC_ENV)
    for to, before, does in (
        ("aa1", None, 'op.execute("create index reviews_rating on reviews (rating)")'),
        ("bb2", "aa1", 'op.execute("alter table reviews add column mood text")'),
    ):
        text = ALEMBIC_REVISION.format(to=to, before=before, does=does)
        (tmp_path / "db" / "versions" / f"{to}_change.py").write_text(text)
    return tmp_path


OPTIONS = ReviewOptions(twin=BENCH / "migrations" / "production.twin")


def verdicts(outcome):
    return {Path(report.path).name: [finding.rule for finding in report.findings] for report in outcome.reports}


def test_alembics_migrations_are_reviewed_by_revision(alembic):
    found = verdicts(review_migrations([alembic], OPTIONS))
    assert found == {"aa1_change.py": ["locks-large-table"], "bb2_change.py": []}
    assert set(verdicts(review_migrations([alembic], OPTIONS, since="aa1"))) == {"bb2_change.py"}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_holds_ours_and_squawks(tmp_path, form):
    path = tmp_path / "m.sql"
    path.write_text("create index reviews_rating on reviews (rating);\nalter table reviews drop column rating;")
    said = formatted(review_migrations([path], OPTIONS), form)
    assert "locks-large-table" in said
    assert "ban-drop-column" in said


def test_a_framework_that_fails_is_told_with_its_words(alembic):
    (alembic / "db" / "env.py").write_text("raise RuntimeError('no settings')")
    with pytest.raises(CannotLook, match="no settings"):
        review_migrations([alembic], OPTIONS)


def test_djangos_migrations_are_reviewed_by_file(tmp_path):
    app = tmp_path / "kitchen" / "migrations"
    app.mkdir(parents=True)
    for place in (app, app.parent):
        (place / "__init__.py").touch()
    settings = """
        import sys
        from django.conf import settings
        from django.core.management import execute_from_command_line
        engine = "django.db.backends.postgresql"
        settings.configure(INSTALLED_APPS=["kitchen"], DATABASES={"default": {"ENGINE": engine, "NAME": "x"}})
        execute_from_command_line(sys.argv)
    """
    (tmp_path / "manage.py").write_text(dedent(settings))
    migration = """
        from django.db import migrations
        class Migration(migrations.Migration):
            operations = [migrations.RunSQL("alter table reviews alter column rating type bigint")]
    """
    (app / "0001_initial.py").write_text(dedent(migration))
    assert verdicts(review_migrations([tmp_path], OPTIONS)) == {"0001_initial.py": ["locks-large-table"]}


def test_a_rule_is_turned_off_by_a_comment_and_by_settings(tmp_path):
    path = tmp_path / "m.sql"
    path.write_text("-- failonce: ignore locks-large-table: at night, announced\ncreate index on reviews (rating);")
    assert "locks-large-table" not in verdicts(review_migrations([path], OPTIONS))["m.sql"]
    path.write_text("alter table reviews drop column rating;")
    assert verdicts(review_migrations([path], OPTIONS)) == {"m.sql": ["squawk:ban-drop-column"]}
    off = replace(OPTIONS, severities={"squawk:ban-drop-column": "off"})
    assert verdicts(review_migrations([path], off)) == {"m.sql": []}

"""What a statement's plan depends on, each question on its own: indexes, settings, statistics, dead rows, form."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from failonce.diagnose import plans
from failonce.diagnose.case import Case
from failonce.model.catalog import Catalog, Index, Setting
from failonce.model.snapshot import Session, Snapshot, Statement, Statements, TableActivity, Tables
from failonce.model.window import Window

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ONSET = START + timedelta(seconds=20)
QUERY = "select count(*) from orders where customer_id = ?"
BY_CUSTOMER = Index("by_customer", "orders", "CREATE INDEX by_customer ON public.orders USING btree (a, b DESC)", True)
TURNED = Index("turned", "orders", "CREATE INDEX turned ON public.orders USING btree (b, a)", True)
WORK_MEM = Setting("work_mem", "4MB")
TABLE = TableActivity(
    "orders", 1, 1, 1, 0, 0, 0, dead_rows=10, vacuums=0, analyzes=0, live_rows=100_000, modified_rows=0
)


def statement(*, blocks, query_id="1", plans=10):
    return Statement("f", query_id, 10, 10.0, 10, 10 * blocks, 0, 0, 10, 10.0, 10, 10 * blocks, None, plans)


def moment(second, work, table, sessions=()):
    return Snapshot(
        START + timedelta(seconds=second),
        sessions=sessions,
        statements=Statements(1.0, (work,)),
        tables=Tables(1.0, (table,)),
    )


def case(*, now=None, table=TABLE, before=None, was=TABLE, catalogs=(None, None)):
    """A statement that reads a thousand times as much as before, with everything else as it was unless told."""
    busy = (Session(1, "client backend", "app", "web", "active", fingerprint="f", query_age_s=0.5),)
    healthy = [moment(n, before or statement(blocks=10), was) for n in range(20)]
    sick = [moment(20 + n, now or statement(blocks=10_000), table, busy) for n in range(5)]
    known = [Catalog(180000, (), (BY_CUSTOMER,), (Setting("work_mem", "4MB"),)) if c is None else c for c in catalogs]
    told = ((START, known[0]), (ONSET + timedelta(seconds=2), known[1]))
    return Case(Window((*healthy, *sick), ONSET, {"f": QUERY}, told), ())


def catalog(*, indexes=(BY_CUSTOMER,), settings=(WORK_MEM,)):
    return Catalog(180000, (), tuple(indexes), tuple(settings))


def asked(question, given):
    assert given.suspect is not None
    return question(given, given.suspect).holds


def test_where_nothing_changed_nothing_holds():
    quiet = case()
    per_statement = [
        plans.statistics_are_outdated,
        plans.rows_are_dead,
        plans.relation_grew,
        plans.is_another_statement,
        plans.is_planned_no_more,
    ]
    assert [asked(question, quiet) for question in per_statement] == [False] * 5
    assert plans.index_is_gone(quiet).holds is False
    assert plans.plan_setting_changed(quiet).holds is False
    assert plans.reordered_index(quiet) is None


@pytest.mark.parametrize(
    ("modified", "before", "holds"),
    [(50_000, 0, True), (15_000, 0, False), (50_000, 49_000, False), (50_000, None, True), (None, 0, None)],
)
def test_statistics_are_outdated_when_a_fifth_was_written_lately(modified, before, holds):
    given = case(table=replace(TABLE, modified_rows=modified), was=replace(TABLE, modified_rows=before))
    assert asked(plans.statistics_are_outdated, given) is holds


def test_a_few_rows_written_are_no_reason_however_small_the_table():
    given = case(table=replace(TABLE, live_rows=500, modified_rows=450), was=replace(TABLE, live_rows=500))
    assert asked(plans.statistics_are_outdated, given) is False


@pytest.mark.parametrize(
    ("dead", "before", "holds"), [(150_000, 10, True), (90_000, 10, False), (150_000, 140_000, False)]
)
def test_rows_are_dead_when_more_are_dead_than_alive_and_were_not_before(dead, before, holds):
    given = case(table=replace(TABLE, dead_rows=dead), was=replace(TABLE, dead_rows=before))
    assert asked(plans.rows_are_dead, given) is holds


@pytest.mark.parametrize(
    ("rows", "before", "holds"), [(250_500, 500, True), (120_000, 100_000, False), (900, 300, False)]
)
def test_a_relation_grew_when_it_has_twice_the_rows(rows, before, holds):
    given = case(table=replace(TABLE, live_rows=rows), was=replace(TABLE, live_rows=before))
    assert asked(plans.relation_grew, given) is holds


def test_the_same_text_under_another_query_id_is_another_statement():
    assert asked(plans.is_another_statement, case(now=statement(blocks=10_000, query_id="2"))) is True


@pytest.mark.parametrize(("before", "now", "holds"), [(10, 1, True), (10, 10, False), (0, 0, None)])
def test_a_statement_is_planned_no_more_only_where_plans_are_counted(before, now, holds):
    given = case(before=statement(blocks=10, plans=before), now=statement(blocks=10_000, plans=now))
    assert asked(plans.is_planned_no_more, given) is holds


def test_an_index_on_the_same_columns_in_another_order_is_told_from_one_that_went():
    turned = case(catalogs=(None, catalog(indexes=[TURNED])))
    assert plans.index_is_gone(turned).holds
    assert plans.reordered_index(turned) == (BY_CUSTOMER, TURNED)
    assert plans.reordered_index(case(catalogs=(None, catalog(indexes=[])))) is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ([Setting("work_mem", "64kB")], "work_mem was 4MB and is 64kB."),
        (
            [Setting("work_mem", "4MB"), Setting("work_mem", "64kB", "role a")],
            "work_mem was 4MB and is 64kB for role a.",
        ),
    ],
)
def test_a_setting_is_told_with_whom_it_holds_for(settings, said):
    check = plans.plan_setting_changed(case(catalogs=(None, catalog(settings=settings))))
    assert check.holds
    assert check.evidence.statement == said


def test_a_setting_of_a_role_that_was_lifted_changed_too():
    given = case(catalogs=(catalog(settings=[WORK_MEM, Setting("work_mem", "1GB", "role a")]), None))
    assert plans.setting_changes(given) == [(Setting("work_mem", "4MB", "role a"), "1GB")]


def test_a_setting_that_steers_no_plan_is_none_of_them():
    given = case(catalogs=(None, catalog(settings=[WORK_MEM, Setting("deadlock_timeout", "5s")])))
    assert plans.plan_setting_changed(given).holds is False


@pytest.mark.parametrize(
    ("definition", "columns"),
    [
        ("CREATE INDEX i ON public.t USING btree (a, b DESC)", ("a", "b")),
        ("CREATE UNIQUE INDEX i ON t USING btree (a) INCLUDE (b)", ("a",)),
        ("CREATE INDEX i ON t USING btree (a, b) WHERE (state <> 'done'::text)", ("a", "b")),
        ("nothing of the kind", ()),
    ],
)
def test_the_columns_of_an_index_are_read_from_its_definition(definition, columns):
    assert plans.columns(Index("i", "t", definition, True)) == columns

"""Statistics on several columns, from the statement to the finding: counted in a real database, proven on its twin.

The values of the columns begin with CANARY: none may be in anything that failonce keeps, says or writes.
"""

import json
import logging
from itertools import combinations

import psycopg
import pytest
from click.testing import CliRunner

from failonce.app.review.files import read_sql
from failonce.app.review.formats import FORMATS, formatted
from failonce.app.review.options import ReviewOptions, all_rules
from failonce.app.review.statements import review_statements
from failonce.cli.review import command
from failonce.guard.case import Limits
from failonce.lab.twin import file, up
from failonce.lab.twin.correlated import bound, is_open, known, prove, shape
from failonce.lab.twin.pull import pull, pull_masked
from failonce.model.correlation import DEPENDENCIES, NDISTINCT, Correlation
from failonce.model.errors import CannotLook, DatabaseUnreachable
from failonce.observe.combinations import count_combinations
from failonce.remedy.advice.correlated import correlations

SCHEMA = """
create table addresses (id int primary key, shop_id int not null, city text, postal_code text, "Region" text,
                        state int, door int, floor int, skewed int, batch int);
insert into addresses
select i, i / 7 % 500, 'CANARY city ' || i % 200, 'CANARY P' || i % 200, 'CANARY R' || i % 200 / 20, 0,
       i * 104729::bigint % 211, i * 15485863::bigint % 197, greatest(0, i * 32452843::bigint % 1009 - 700), i / 40
  from generate_series(1, 150000) i;
create table orders (id int primary key, shop_id int not null, total int not null, note text);
insert into orders select i, i % 500, i % 997, repeat('n', 90) from generate_series(1, 300000) i;
create index on orders (shop_id);
create table visits (region text, town text, browser int, screen int, ms int);
insert into visits select 'CANARY region ' || i % 1500 / 30 || repeat('r', 60),
       'CANARY town ' || i % 1500 || repeat('t', 60), i * 104729::bigint % 211, i * 15485863::bigint % 197, 1
  from generate_series(1, 400000) i;
create table parts (a int, b int) partition by list (a);
create table parts_1 partition of parts for values in (1);
insert into parts select 1, 1 from generate_series(1, 150000);
create table few (a int, b int);
insert into few select i % 10, i % 10 from generate_series(1, 500) i;
create table documents (a json, b json);
insert into documents select '{"CANARY": 1}', '{"CANARY": 2}' from generate_series(1, 5000);
create role counts login password 'counts';
grant usage on schema public to counts;
grant select (city, postal_code) on addresses to counts;
"""
JOIN = "from addresses a join orders o on o.shop_id = a.shop_id and o.total = 7 where"
CITY = f"select a.door, o.total {JOIN} a.city = $1 and a.postal_code = $2"
TOWN = "select region, town, count(*), avg(ms) from visits group by region, town"
TOGETHER = Correlation("addresses", ("city", "postal_code"), DEPENDENCIES)
GROUPED = Correlation("visits", ("region", "town"), NDISTINCT)


@pytest.fixture(scope="module")
def places(postgres):
    """The DSN of a database with columns that go together, and others."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("create database places")
    dsn = postgres.dsn(dbname="places")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(SCHEMA)
        connection.execute("vacuum analyze")
    yield dsn
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("drop database places with (force)")
        connection.execute("drop role counts")


@pytest.fixture(scope="module")
def planner(places):
    with up(pull(places)) as running:
        yield running


def reviewed(tmp_path, dsn, text, **options):
    path = tmp_path / "queries.sql"
    path.write_text(text)
    return review_statements(read_sql([path]), ReviewOptions(dsn=dsn, **options))


def found(outcome):
    return [f for r in outcome.reports for f in r.findings if f.rule == "missing-statistics"]


@pytest.mark.parametrize(
    ("query", "asked", "ddl"),
    [
        (CITY, TOGETHER, "(dependencies) ON city, postal_code FROM addresses"),
        (TOWN, GROUPED, "(ndistinct) ON region, town FROM visits"),
    ],
)
def test_the_advice_does_on_the_real_server_what_the_twin_said(places, planner, query, asked, ddl):
    assert list(correlations(planner.explain(query, verbose=True), {})) == [asked]
    advice = prove(planner, query, asked, count_combinations(places, asked.relation, asked.columns))
    assert ddl in advice.statements[0]
    assert advice.cost_after <= advice.cost_before / 2
    today = planner.explain(query)
    with psycopg.connect(places) as real:
        for statement in advice.statements:
            real.execute(statement.encode())
        [([explained],)] = real.execute(f"explain (generic_plan, format json) {query}".encode()).fetchall()
        real.rollback()
    assert shape(explained["Plan"]) != shape(today)
    assert explained["Plan"]["Total Cost"] == pytest.approx(advice.cost_after, rel=0.1)
    # Nothing of it stays on the twin.
    assert planner.explain(query) == today
    assert is_open(planner, asked)


def test_it_is_counted_as_analyze_counts(places):
    columns = ("Region", "city", "postal_code")
    counts = count_combinations(places, "addresses", columns)
    with psycopg.connect(places) as real:
        real.execute('create statistics s on "Region", city, postal_code from addresses')
        real.execute("analyze addresses")
        numbers = dict(real.execute("select attname, attnum from pg_attribute where attrelid = 'addresses'::regclass"))
        distinct, degrees = real.execute(
            "select n_distinct::text::json, dependencies::text::json from pg_stats_ext where statistics_name = 's'"
        ).fetchone()
        real.rollback()
    name = {str(number): column for column, number in numbers.items()}
    for key, count in distinct.items():
        some = tuple(sorted(name[n.strip()] for n in key.split(",")))
        assert counts.distinct(some) == pytest.approx(count, rel=0.05)
    for key, degree in degrees.items():
        left, _, right = key.partition("=>")
        some = tuple(sorted(name[n.strip()] for n in left.split(",")))
        assert counts.degrees[some, name[right.strip()]] == pytest.approx(degree, abs=0.02)
    assert sum(degree > 0.5 for degree in counts.degrees.values()) == len(degrees) > 0


@pytest.mark.parametrize(
    "condition",
    [
        "a.door = $1 and a.floor = $2",
        "a.city = $1 and a.floor = $2",
        "a.door = $1 and a.skewed = $2",
        "a.batch = $1 and a.floor = $2",
        "a.city = $1 and a.skewed = 0",
        "a.id = $1 and a.skewed = 0",
    ],
)
def test_independent_columns_are_never_told_to_go_together(places, planner, condition):
    query = f"select a.door, o.total {JOIN} {condition}"
    (asked,) = correlations(planner.explain(query, verbose=True), {})
    counts = count_combinations(places, asked.relation, asked.columns)
    assert counts.shuffled[asked.columns] < 1.5 * counts.groups[asked.columns]
    assert prove(planner, query, asked, counts) is None


@pytest.mark.parametrize(
    "query",
    [
        "select browser, screen, count(*) from visits group by browser, screen",
        "select town, browser, screen, count(*) from visits group by town, browser, screen",
        # They do go together, and no other plan comes of it.
        "select id from addresses where city = $1 and postal_code = $2",
        "select region, town from visits where region = $1 and town = $2 limit 20",
        # Not what such statistics are for.
        "select a.id from addresses a join addresses b on b.city = a.city and b.postal_code = a.postal_code",
        "select id from addresses where city = $1 or postal_code = $2",
        "select id from addresses where lower(city) = $1 and lower(postal_code) = $2",
        "select a, b, count(*) from parts group by a, b",
        "select a, b, count(*) from few group by a, b",
        "select id from addresses where id = $1 and city = $2",
    ],
)
def test_the_innocent_get_no_advice_and_no_note(places, tmp_path, query):
    outcome = reviewed(tmp_path, places, f"{query};", sample_dsn=places)
    assert found(outcome) == []
    assert [note for report in outcome.reports for note in report.notes] == []


def test_what_the_planner_knows_already_is_not_told(places, tmp_path):
    with psycopg.connect(places, autocommit=True) as real:
        real.execute('create statistics known (dependencies) on "Region", city, postal_code from addresses')
        real.execute("analyze addresses")
        try:
            assert found(reviewed(tmp_path, places, f"{CITY};\n{TOWN};", sample_dsn=places))[0].line == 2
        finally:
            real.execute("drop statistics known")
            real.execute("analyze addresses")


def test_a_finding_in_every_format_holds_no_value(places, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    text = f"select a.door, o.total {JOIN} a.city = 'CANARY city 7' and a.postal_code = 'CANARY P14';\n{TOWN};"
    # Others' findings show the condition of a node, with the constants of the statement.
    others = dict.fromkeys(set(all_rules()) - {"missing-statistics"}, "off")
    outcome = reviewed(tmp_path, places, text, sample_dsn=places, severities=others)
    equal, grouped = found(outcome)
    assert equal.severity == grouped.severity == "warning"
    assert "rows of addresses where about 750 come: city and postal_code go together." in equal.message
    assert "groups of visits where about 1,500 come: region and town go together." in grouped.message
    assert "on addresses" in equal.node
    for form in FORMATS:
        shown = formatted(outcome, form)
        # Markdown escapes, text breaks lines.
        plain = " ".join(shown.replace("\\", "").split())
        assert "CREATE STATISTICS addresses_city_postal_code_stat (dependencies) ON city, postal_code" in plain
        assert "missing-statistics" in shown
        assert "CANARY" not in shown
    assert "CANARY" not in caplog.text


def test_without_the_option_nothing_is_counted(places, tmp_path):
    outcome = reviewed(tmp_path, places, f"{CITY};\n{TOWN};")
    assert found(outcome) == []


def test_the_command_on_a_masked_twin(places, tmp_path):
    kept, queries = tmp_path / "places.twin", tmp_path / "q.sql"
    file.save(kept, pull_masked(places))
    queries.write_text(f"{TOWN};")
    said = CliRunner().invoke(command, [str(queries), "--twin", str(kept), "--sample-dsn", places, "--json"])
    (report,) = json.loads(said.output)["reports"]
    assert "missing-statistics" in [finding["rule"] for finding in report["findings"]]
    assert "CANARY" not in said.output
    wrong = CliRunner().invoke(command, ["--migrations", str(queries), "--sample-dsn", places])
    assert (wrong.exit_code, "--sample-dsn is for statements" in wrong.output) == (2, True)


def test_only_numbers_leave_the_database(places, monkeypatch):
    """Whatever the server sends while it is counted in: every field of every row."""
    sent = []
    fetchall = psycopg.Cursor.fetchall

    def seen(cursor):
        rows = fetchall(cursor)
        sent.extend(rows)
        return rows

    monkeypatch.setattr(psycopg.Cursor, "fetchall", seen)
    count_combinations(places, "addresses", ("city", "postal_code"))
    assert len(sent) == 1 + 3 + 3 + 2
    assert {row[0] for row in sent} == {"rows", "groups", "shuffled", "degree"}
    for row in sent:
        assert all(float(field) >= 0 for field in row[1:])


def test_a_role_may_count_in_the_columns_that_it_may_read(postgres, places):
    dsn = postgres.dsn(dbname="places", user="counts", password="counts")
    assert count_combinations(dsn, "addresses", ("city", "postal_code")).sampled > 20_000
    with pytest.raises(CannotLook, match="permission denied for table addresses") as refused:
        count_combinations(dsn, "addresses", ("city", "floor"))
    assert "GRANT SELECT (COLUMN, ...) ON addresses" in refused.value.hint


def test_what_cannot_be_counted_is_said_and_the_rest_is_reviewed(postgres, places, tmp_path):
    dsn = postgres.dsn(dbname="places", user="counts", password="counts")
    outcome = reviewed(tmp_path, places, f"{CITY};\n{TOWN};", sample_dsn=dsn)
    (note,) = (note for report in outcome.reports for note in report.notes)
    assert "Line 2" in note
    assert "permission denied for table visits" in note
    assert [finding.line for finding in found(outcome)] == [1]


@pytest.mark.parametrize(
    ("relation", "columns", "wanted", "says"),
    [
        ("nothing", ("a", "b"), 0, "has no table nothing"),
        ("parts", ("a", "b"), 0, "has no table parts"),
        ("few", ("a", "b"), 0, "500 rows where they would be counted, too few"),
        ("addresses", ("city", "postal_code"), 200_000, "150,000 rows where they would be counted, too few"),
        ("addresses", ("city", "nowhere"), 0, 'column "nowhere" does not exist'),
        ("documents", ("a", "b"), 0, "could not identify an equality operator for type json"),
    ],
)
def test_bad_input_is_said_without_a_value(places, relation, columns, wanted, says):
    with pytest.raises(CannotLook, match=says) as refused:
        count_combinations(places, relation, columns, rows_wanted=wanted)
    assert "CANARY" not in str(refused.value) + refused.value.hint


def test_a_database_that_is_not_there_is_said_without_its_password():
    with pytest.raises(DatabaseUnreachable) as refused:
        count_combinations("host=127.0.0.1 port=1 password=secret", "a", ("b", "c"))
    assert "secret" not in str(refused.value) + refused.value.hint + repr(ReviewOptions(sample_dsn="password=secret"))


@pytest.mark.parametrize("query", [CITY, TOWN, "select count(*) from orders", "select * from orders where id = $1"])
def test_a_plan_is_its_own_bound(planner, query):
    plan = planner.explain(query)
    with planner.trial() as session:
        least, same = bound(session, query, plan)
        assert session.explain(query) == plan
    assert (least, shape(same)) == (plan["Total Cost"], shape(plan))


def test_the_bound_is_what_the_old_plan_costs_once_more_is_known(places, planner):
    """With the object, the nested loop forced by its rivals' switches alone costs what the bound says."""
    plan = planner.explain(CITY)
    counts = count_combinations(places, "addresses", TOGETHER.columns)
    with known(planner, TOGETHER, TOGETHER.columns, counts) as session:
        least, _ = bound(session, CITY, plan)
        with session.connection.transaction(force_rollback=True):
            for name in ("hashjoin", "mergejoin", "memoize", "material", "indexscan"):
                session.connection.execute(f"set local enable_{name} = off")
            forced = session.explain(CITY)
    assert "Nested Loop" in str(shape(plan))
    assert shape(forced) == shape(plan)
    assert forced["Total Cost"] == pytest.approx(least, rel=0.01)
    assert least > 2 * plan["Total Cost"]


def test_of_three_columns_only_those_that_matter_are_told(places, planner):
    query = f"select a.door, o.total {JOIN} a.city = $1 and a.postal_code = $2 and a.state = $3 and a.floor > $4"
    (asked,) = correlations(planner.explain(query, verbose=True), {})
    assert asked.columns == ("city", "postal_code", "state")
    counts = count_combinations(places, "addresses", asked.columns)
    assert set(counts.groups) == {some for n in (1, 2, 3) for some in combinations(asked.columns, n)}
    assert len(counts.degrees) == 3 * 2 + 3
    query = query.replace(" and a.floor > $4", "")
    assert prove(planner, query, asked, counts).correlation.columns == TOGETHER.columns
    three = f'select a.door, o.total {JOIN} a.city = $1 and a.postal_code = $2 and a."Region" = $3'
    (asked,) = correlations(planner.explain(three, verbose=True), {})
    assert asked.columns == ("Region", "city", "postal_code")
    advice = prove(planner, three, asked, count_combinations(places, "addresses", asked.columns))
    assert '"Region", city, postal_code' in advice.statements[0]


def test_what_is_cheap_anyway_is_no_finding(places, tmp_path):
    assert found(reviewed(tmp_path, places, f"{TOWN};", sample_dsn=places, limits=Limits(slow_cost=1e9))) == []

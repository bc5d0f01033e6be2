"""Rewrites from the statement to the finding: cheaper on the twin, the same rows, and refused where they are not."""

import json
from dataclasses import replace

import psycopg
import pytest
import sqlglot

from failonce import plugins
from failonce.app.review.files import read_sql
from failonce.app.review.formats import formatted
from failonce.app.review.options import ReviewOptions
from failonce.app.review.statements import review_statements
from failonce.guard.rewriting import Question
from failonce.lab.sameness import Differs, scratch
from failonce.lab.twin import twin
from failonce.structure import Structure
from guard_shop import RELATIONS, fresh_shop

RULES = plugins.load("failonce.guard.rewrites")
#: The shop's columns take NULL wherever nothing says otherwise; this is how a tidy one looks.
TIDY = (
    "alter table recipes alter cook_id set not null, alter published_at set not null",
    "alter table reviews alter recipe_id set not null, alter created_at set not null",
    "create index recipes_published_at on recipes (published_at, id)",
    "analyze recipes",
    "analyze reviews",
)
#: A statement, the rewrite that helps, and what it must say.
HELPED = [
    ("select id from recipes where id not in (select recipe_id from reviews)", "not-exists", "NOT EXISTS"),
    ("select count(*) > 0 from reviews where cook_id > $1", "exists-for-count", "EXISTS"),
    ("select c.id from cooks c where (select count(*) from reviews v where v.rating = c.id) > 0", "exists-for-count",
     "EXISTS"),
    ("select distinct c.id, c.name from cooks c join reviews v on v.rating = c.id % 5", "exists-for-distinct",
     "EXISTS"),
    ("select v.id from reviews v join recipes r on r.id = v.recipe_id where v.created_at = $1 or r.title = $2",
     "union-for-or", "UNION ALL"),
    ("select c.id, (select count(*) from reviews v where v.cook_id = c.id and v.rating > 1) from cooks c",
     "join-for-subquery", "LEFT JOIN"),
    ("select id, title from recipes order by published_at desc limit 20 offset 100000", "keyset",
     "(published_at, id) <"),
    ("select id from reviews where created_at::date = $1", "bare-column", "CAST($1 AS DATE) + 1"),
    ("select id from reviews where date_trunc('day', created_at) = $1", "bare-column", "INTERVAL"),
    ("select id from reviews where extract(year from created_at) = 2019", "bare-column", "2020-01-01"),
    ("select id from reviews where created_at + interval '2 hours' > now()", "bare-column", "INTERVAL '2 HOURS'"),
    ("select id from cooks where id::text = '42'", "bare-column", "id = 42"),
]  # fmt: skip
#: A statement whose rewrite is proposed, and on some rows would be wrong.
WRONG = [
    ("select id from recipes where id not in (select cook_id from reviews)", "not-exists"),
    ("select id from recipes where title not in (select name from cooks)", "not-exists"),
    ("select id, name from cooks order by joined_at desc limit 20 offset 2000", "keyset"),
]


@pytest.fixture(scope="module")
def tidy(postgres):
    """The shop with constraints, its twin, and a scratch database."""
    with fresh_shop(postgres, "tidy_shop") as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for statement in TIDY:
                connection.execute(statement.encode())
        with twin(dsn, RELATIONS) as running, scratch(running.blueprint) as rows, running.trial() as session:
            from failonce import catalog

            yield dsn, catalog.read(session.connection), running, rows


def proposed(sql, kind, structure):
    tree = sqlglot.parse_one(sql, dialect="postgres")
    kept = tree.copy()
    proposal = RULES[kind].propose(Question(tree, structure, sql, 100_000 if " offset " in sql else None))
    assert tree == kept
    return proposal


@pytest.mark.parametrize(("sql", "kind", "says"), HELPED)
def test_it_is_cheaper_and_gives_the_same_rows(tidy, sql, kind, says):
    _, structure, running, rows = tidy
    proposal = proposed(sql, kind, structure)
    assert says in " ".join(proposal.sql.split())
    assert rows.same(proposal.pairs).data_sets >= 8
    assert running.explain(proposal.sql)["Total Cost"] < 0.5 * running.explain(proposal.before or sql)["Total Cost"]


@pytest.mark.parametrize(("sql", "kind"), WRONG)
def test_what_looks_right_and_is_not_is_told_apart(tidy, sql, kind):
    _, structure, _, rows = tidy
    with pytest.raises(Differs):
        rows.same(proposed(sql, kind, structure).pairs)


@pytest.mark.parametrize("rule", RULES)
def test_each_has_a_case_that_it_helps(rule):
    assert rule in {kind for _, kind, _ in HELPED}


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "select id from recipes where id not in (1, 2)",
        "select id from recipes where id not in (select max(cook_id) from reviews)",
        "select id from recipes where id not in (select id from recipes where cook_id = 1)",
        "select count(*) > 5 from reviews",
        "select cook_id from reviews group by cook_id having count(*) > 0",
        "select distinct on (c.id) c.id from cooks c join recipes r on r.cook_id = c.id order by c.id",
        "select distinct c.id, r.title from cooks c join recipes r on r.cook_id = c.id",
        "select distinct c.id from cooks c left join recipes r on r.cook_id = c.id",
        "select id from reviews where cook_id = $1 or cook_id = $2",
        "select rating, count(*) from reviews where cook_id = $1 or recipe_id = $2 group by rating",
        "select *, (select count(*) from recipes r where r.cook_id = c.id) from cooks c",
        "select c.id, (select count(*) from recipes r where r.cook_id > c.id) from cooks c",
        "select id from recipes order by published_at desc, id limit 5 offset 100000",
        "select id from recipes order by lower(title) limit 5 offset 100000",
        "select id from reviews where created_at::date = recipe_id::text::date",
        "select id from reviews where created_at + interval '1 month' > now()",
        "select id from cooks where id::text = '042x'",
        "select id from cooks where left(name, 3) = 'a%b'",
        "select id from recipes order by published_at limit 5 offset 100000 for update",
        "with c as (select 1 as id) select count(*) from c",
        "select nothing from nowhere where x not in (select y from z)",
    ],
)
def test_what_it_has_no_word_for_is_left_alone(tidy, sql):
    """No rewrite, or one that the proof must and does bear out."""
    _, structure, _, rows = tidy
    for kind in RULES:
        proposal = proposed(sql, kind, structure)
        if proposal is not None and "for update" not in sql:
            assert rows.same(proposal.pairs).data_sets, (kind, proposal.sql)


def reviewed(tmp_path, dsn, text, **options):
    path = tmp_path / "queries.sql"
    path.write_text(text)
    return review_statements(read_sql([path]), ReviewOptions(dsn=dsn, **options))


def test_a_finding_shows_it_in_every_format(tidy, tmp_path):
    outcome = reviewed(tmp_path, tidy[0], HELPED[6][0] + ";")
    (finding,) = (f for report in outcome.reports for f in report.findings if f.rewrite)
    assert (finding.rule, finding.rewrite.kind) == ("deep-offset", "keyset")
    assert "generated data sets" in formatted(outcome, "text")
    assert "(published_at, id) < ($1, $2)" in formatted(outcome, "text")
    assert "```sql\nSELECT\n  id,\n  title\nFROM recipes" in formatted(outcome, "markdown")
    rewrite = json.loads(formatted(outcome, "json"))["reports"][0]["findings"][0]["rewrite"]
    assert rewrite["cost_after"] < rewrite["cost_before"] / 10
    for form in ("sarif", "junit", "github"):
        assert "published_at, id" in formatted(outcome, form)
    for form in ("text", "markdown", "json", "sarif", "junit", "github"):
        assert "equivalent" not in formatted(outcome, form)


def test_a_statement_that_nothing_else_is_said_of_has_a_finding_of_its_own(tidy, tmp_path):
    text = HELPED[2][0] + " limit 20;"
    found = [f for r in reviewed(tmp_path, tidy[0], text).reports for f in r.findings]
    assert "cheaper-rewrite" not in {f.rule for f in found}
    assert [f.rewrite.kind for f in found if f.rewrite] == ["exists-for-count"]
    off = dict.fromkeys((f.rule for f in found), "off")
    (only,) = (f for r in reviewed(tmp_path, tidy[0], text, severities=off).reports for f in r.findings)
    assert (only.rule, only.rewrite.kind) == ("cheaper-rewrite", "exists-for-count")


def test_what_gives_other_rows_is_not_shown(tidy, tmp_path):
    outcome = reviewed(tmp_path, tidy[0], "".join(f"{sql};\n" for sql, _ in WRONG))
    assert [f.rewrite for r in outcome.reports for f in r.findings if f.rewrite] == []


def test_what_cannot_be_tried_is_said(postgres, tmp_path):
    with fresh_shop(postgres, "odd_shop") as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("alter table recipes add place point not null default '(0,0)'")
            connection.execute("analyze recipes")
        outcome = reviewed(tmp_path, dsn, "select id from recipes where id not in (select recipe_id from reviews);")
    notes = [note for report in outcome.reports for note in report.notes]
    assert any("not-exists" in note and "point" in note for note in notes)
    assert all(f.rewrite is None for r in outcome.reports for f in r.findings)


def test_nothing_is_asked_of_what_changes_something(tidy):
    sql = "delete from recipes where id not in (select recipe_id from reviews)"
    from failonce.guard.rewriting import is_plain

    assert not is_plain(sqlglot.parse_one(sql, dialect="postgres"))
    assert not is_plain(
        sqlglot.parse_one("with d as (delete from recipes returning id) select * from d", dialect="postgres")
    )
    assert not is_plain(sqlglot.parse_one("select * into t from recipes", dialect="postgres"))


def test_an_unknown_structure_is_no_error():
    for kind, (sql, _, _) in ((k, c) for k in RULES for c in HELPED):
        proposed(sql, kind, replace(Structure()))

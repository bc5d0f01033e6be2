"""`pytest --failonce` on suites as people write them, against a real database and a real twin."""

import subprocess
import sys

import pytest

from guard_shop import fresh_shop

pytest_plugins = ["pytester"]

PSYCOPG = """
import psycopg

def rows(connection, sql, *values):
    return connection.execute(sql, values).fetchall()

def of_cook(connection, cook):
    return rows(connection, "select * from reviews where cook_id = %s order by created_at desc limit 5", cook)

def of_recipe(connection, recipe):
    return rows(
        connection, "select * from reviews where recipe_id = %s order by created_at desc limit 5", recipe)

def searched(connection, words):
    return rows(connection, "select id from recipes where title ilike %s", words)

def page(connection, offset):
    return rows(connection, "select id from recipes order by id limit 20 offset %s", offset)

def names(connection):
    return [rows(connection, "select name from cooks where id = %s", n) for n in range(12)]
"""
PSYCOPG_TESTS = """
import psycopg
import pytest
import shop

@pytest.fixture
def connection():
    with psycopg.connect(DSN) as connection:
        connection.execute("select count(*) from reviews")
        yield connection

def test_cook(connection): shop.of_cook(connection, 7)
def test_recipe(connection): shop.of_recipe(connection, 7)
"""
SQLALCHEMY = """
from sqlalchemy import create_engine, text

engine = create_engine(DSN)

def of_cook(cook):
    with engine.begin() as connection:
        connection.execute(text("update cooks set name = 'x' where id = :id"), {"id": cook})
        return connection.execute(text("select * from reviews where cook_id = :cook limit 5"), {"cook": cook}).all()
"""
DJANGO = """
import django
from django.conf import settings
from django.db import models

settings.configure(DATABASES={"default": DATABASE}, USE_TZ=True)
django.setup()

class Review(models.Model):
    cook_id = models.IntegerField()
    created_at = models.DateTimeField()
    class Meta:
        app_label, db_table, managed = "shop", "reviews", False

def of_cook(cook):
    return list(Review.objects.filter(cook_id=cook).order_by("-created_at")[:5])
"""


@pytest.fixture(scope="session")
def plugin_shop(postgres):
    with fresh_shop(postgres, "plugin_shop") as dsn:
        yield dsn


@pytest.fixture
def run(pytester, plugin_shop):
    """Runs a program and its tests in a process of its own."""

    def ran(program, tests, *options, dsn=None):
        pytester.makepyfile(
            shop=f"DSN = {dsn or plugin_shop!r}\n{program}", test_shop=f"DSN = {plugin_shop!r}\n{tests}"
        )
        pytester.makeini("[pytest]\npythonpath = .\n")
        return pytester.runpytest_subprocess("-p", "no:randomly", *options)

    return ran


def reviewed(plugin_shop):
    return ("--failonce", "--failonce-twin-of", plugin_shop)


def url(plugin_shop):
    from psycopg.conninfo import conninfo_to_dict
    from sqlalchemy import URL

    known = conninfo_to_dict(plugin_shop)
    return URL.create(
        "postgresql+psycopg", known["user"], known["password"], known["host"], int(known["port"]), known["dbname"]
    ).render_as_string(hide_password=False)


def test_an_error_fails_the_build_with_test_line_query_node_and_fix(run, plugin_shop):
    result = run(PSYCOPG, PSYCOPG_TESTS, *reviewed(plugin_shop))
    assert result.ret == 1
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "shop.py:9: error: Reads * of reviews, 300,000 rows, to find *. [[]full-scan]",
            "*query: select [*] from reviews where cook_id = ? order by created_at desc limit ?",
            "*plan: *filter (cook_id = $1)",
            "*test: test_shop.py::test_cook",
            "*fix: CREATE INDEX CONCURRENTLY reviews_cook_id*",
            "2 statements planned*2 sent by the tests themselves were passed over: 1 error",
        ]
    )


def test_a_fine_suite_stays_green(run, plugin_shop):
    result = run(PSYCOPG, PSYCOPG_TESTS, *reviewed(plugin_shop), "-k", "recipe")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["1 statement planned*: fine"])


def test_without_the_option_nothing_happens(run):
    result = run(PSYCOPG, PSYCOPG_TESTS + "\ndef test_sys():\n import sys; assert 'failonce.app' not in sys.modules\n")
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*failonce*planned*")


def test_the_plugin_alone_loads_nothing_heavy():
    code = "import failonce.pytest_plugin, sys; print(*[m for m in sys.modules if m.startswith('failonce.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["failonce.pytest_plugin"]


def test_values_tell_and_are_not_told(run, plugin_shop):
    tests = f"import shop, psycopg\ndef test_it():\n  with psycopg.connect({plugin_shop!r}) as c:\n"
    tests += "    shop.searched(c, '%sekret%'); shop.page(c, 20000); shop.names(c)\n"
    result = run(PSYCOPG, tests, *reviewed(plugin_shop))
    result.stdout.fnmatch_lines(["*leading-wildcard*"])
    result.stdout.fnmatch_lines(["*OFFSET 20,000*"])
    result.stdout.fnmatch_lines(["shop.py:* warning: Sent 12 times in a row from this line. [[]n-plus-one]"])
    result.stdout.no_fnmatch_line("*sekret*")


def test_sqlalchemy_is_seen_once(run, plugin_shop):
    tests = "import shop\ndef test_it(): shop.of_cook(7)\n"
    result = run(SQLALCHEMY, tests, *reviewed(plugin_shop), dsn=url(plugin_shop))
    result.stdout.fnmatch_lines(["shop.py:10: error: *full-scan*", "2 statements planned*"])


def test_django_is_seen_once(run, plugin_shop):
    from psycopg.conninfo import conninfo_to_dict

    known = conninfo_to_dict(plugin_shop)
    database = {"ENGINE": "django.db.backends.postgresql", "NAME": known["dbname"], "USER": known["user"]}
    database |= {"PASSWORD": known["password"], "HOST": known["host"], "PORT": known["port"]}
    tests = "import shop\ndef test_it(): shop.of_cook(7)\n"
    result = run(f"DATABASE = {database!r}\n{DJANGO}", tests, *reviewed(plugin_shop))
    result.stdout.fnmatch_lines(["shop.py:*: error: *full-scan*", "1 statement planned*"])


def test_sqlalchemy_on_another_driver_is_seen(run, plugin_shop):
    """On SQLite even, as many test suites run: what is planned is PostgreSQL's all the same."""
    program = SQLALCHEMY.replace(
        "engine = create_engine(DSN)",
        "engine = create_engine('sqlite://')\nwith engine.begin() as c:\n"
        " for t in ('cooks (id, name)', 'reviews (cook_id)'): c.execute(text('create table ' + t))",
    ).replace('connection.execute(text("update cooks set name = \'x\' where id = :id"), {"id": cook})', "pass")
    result = run(program, "import shop\ndef test_it(): shop.of_cook(7)\n", *reviewed(plugin_shop))
    result.stdout.fnmatch_lines(["shop.py:*: error: *full-scan*"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--failonce",), "*There is no twin to plan on*"),
        (("--failonce", "--failonce-twin-of", "host=127.0.0.1 port=1 dbname=x user=y"), "*Not reviewed:*"),
        (("--failonce", "--failonce-report", "pdf=x"), "*pdf is no format*"),
    ],
)
def test_a_review_that_cannot_be_done_is_never_green(run, options, message):
    result = run(PSYCOPG, PSYCOPG_TESTS, *options, "-k", "recipe")
    assert result.ret != 0
    (result.stdout if "pdf" not in str(options) else result.stderr).fnmatch_lines([message])


def test_reports_are_written(run, plugin_shop, pytester):
    run(
        PSYCOPG,
        PSYCOPG_TESTS,
        *reviewed(plugin_shop),
        "--failonce-report",
        "junit=a.xml",
        "--failonce-report",
        "json=b.json",
    )
    assert "full-scan" in (pytester.path / "a.xml").read_text()
    assert "full-scan" in (pytester.path / "b.json").read_text()


def test_workers_of_xdist_are_reviewed_together(run, plugin_shop):
    result = run(PSYCOPG, PSYCOPG_TESTS, *reviewed(plugin_shop), "-n", "2")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["shop.py:9: error: *full-scan*", "2 statements planned*"])

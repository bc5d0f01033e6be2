"""The documents say what the program does: words, reference, links; and what they tell a reader to type works."""

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from failonce import model
from failonce.app.doctor import State, examine
from failonce.app.doctor.application import QUESTIONS, Reading
from failonce.app.settings import load
from failonce.model.target import Target
from failonce.observe.exposition import understand

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
CONNECT = (DOCS / "how-to" / "connect.md").read_text()


def public_classes():
    for entry in pkgutil.iter_modules(model.__path__):
        module = importlib.import_module(f"failonce.model.{entry.name}")
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__ and not name.startswith("_"):
                yield name


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_every_noun_of_the_model_is_in_the_glossary_once():
    terms = re.findall(r"\*\*(\w+)\*\*", (DOCS / "glossary.md").read_text())
    assert set(public_classes()) <= set(terms)
    assert [term for term in terms if terms.count(term) > 1] == []


def test_the_reference_is_as_the_source_says():
    """In a process of its own: click remembers the first help option it made."""
    done = subprocess.run(
        [sys.executable, DOCS / "_generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    inside = [link for link in links if not link.startswith(("http://", "https://"))]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_pages_that_messages_send_people_to_exist():
    sources = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r"docs/[\w/-]+\.md", sources))
    assert named
    assert [page for page in named if not (ROOT / page).exists()] == []


# docs/how-to/connect.md, done as it says


@pytest.fixture
def prepared(database):
    """A database on which the how-to's SQL was run; statements that need a restart are left out."""
    statements = [sql for sql in blocks(CONNECT, "sql") if "ALTER SYSTEM" not in sql]
    assert len(statements) == 3
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create role shop_owner")
        connection.execute("grant create, usage on schema public to shop_owner")
        connection.execute("create table recipes (id int)")
        connection.execute("alter table recipes owner to shop_owner")
        for sql in statements:
            connection.execute(sql)
        yield database
        connection.execute("drop owned by failonce, failonce_operator, shop_owner")
        connection.execute("drop role failonce, failonce_operator, shop_owner")


def test_the_roles_it_makes_pass_the_doctor(prepared):
    monitor = make_conninfo(prepared, user="failonce", password="choose-one")
    operator = make_conninfo(prepared, user="failonce_operator", password="choose-another")
    states = {check.id: check.state for check in examine(Target("shop", monitor, operator_dsn=operator))}
    expected = [f"D{number:03}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21)]
    assert [i for i in expected if states[i] is not State.OK] == []


def test_its_settings_file_is_understood(tmp_path):
    path = tmp_path / "failonce.toml"
    path.write_text(blocks(CONNECT, "toml")[0])
    target = load(path, {"FAILONCE_PASSWORD": "a", "OPERATOR_PASSWORD": "b"}).target("shop")
    assert conninfo_to_dict(target.dsn)["user"] == "failonce"
    assert target.operator_dsn is not None


def test_its_metrics_are_understood():
    sample = next(text for text in blocks(CONNECT, "text") if text.startswith("# TYPE"))
    reading = Reading(understand(sample))
    assert [question.check(reading).state for question in QUESTIONS] == [State.OK] * 3
    assert (reading.seen.release, reading.seen.in_flight) == ("v42", 3)

"""The gate: planted regressions it must find, healthy changes it must let through, and how fast it is.

    python bench/plan_gate.py [--json]

On SpiceShare's two million rows, as the application sends its statements (`bench/migrations/queries.sql`):

planted     each way in which a statement goes wrong, one at a time: a dropped index, a changed setting, a new
            predicate, wrong statistics, and new statements of every kind the rules know. Found when the review fails
            the build at the statement meant.
false       findings of severity error on the unchanged statements, in 20 runs: 10 after ANALYZE, which samples other
            rows each time, and 10 after all tables have been doubled and analyzed.
statements  1,000 different statements from one file, from its reading to the findings, the start of the twin included.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from failonce import sqltext
from failonce.app import twin
from failonce.app.review.files import read_sql
from failonce.app.review.options import ReviewOptions
from failonce.app.review.statements import Outcome, review_statements
from failonce.lab.server import private_server
from failonce.lab.spiceshare import SAMPLE

QUERIES = (Path(__file__).parent / "migrations" / "queries.sql").read_text()
BY_RECIPE = (
    "select r.id, r.rating, r.comment, r.created_at, c.name from reviews r join cooks c on c.id = r.cook_id"
    " where r.recipe_id + 0 = %(id)s order by r.created_at desc limit 20"
)
RUNS = 10
DOUBLED = (
    "insert into cooks select id + 50000, name, home, joined_at from cooks",
    "insert into recipes select id + 200000, cook_id + 50000, title, cuisine, minutes, difficulty, method, published_at"
    " from recipes",
    "insert into reviews (recipe_id, cook_id, rating, comment, created_at)"
    " select recipe_id + 200000, cook_id + 50000, rating, comment, created_at from reviews",
    "insert into favourites select cook_id + 50000, recipe_id + 200000, since from favourites",
    "insert into follows select cook_id + 50000, followed_id + 50000 from follows",
)
#: What is done to the database, what undoes it, and a word of each statement that must be found.
CHANGES = (
    ("index dropped", "drop index reviews_recipe_id_created_at", "create index reviews_recipe_id_created_at on reviews"
     " (recipe_id, created_at desc)", "from reviews"),
    ("index dropped", "drop index recipes_cook_id_published_at", "create index recipes_cook_id_published_at on recipes"
     " (cook_id, published_at desc)", "where cook_id"),
    ("key dropped", "alter table recipes drop constraint recipes_pkey", "alter table recipes add primary key (id)",
     "where r.id"),
    ("setting changed", "alter database postgres set enable_indexscan = off",
     "alter database postgres reset enable_indexscan", "from recipes"),
    ("statistics wrong", "alter table follows alter cook_id set (n_distinct = 1); analyze follows",
     "alter table follows alter cook_id reset (n_distinct); analyze follows", "from follows"),
)  # fmt: skip
#: Statements a release brings.
STATEMENTS = (
    ("new statement", "select r.rating from reviews r where r.cook_id = %s order by r.created_at desc limit 5"),
    ("new predicate", BY_RECIPE),
    ("function", "select id, title from recipes where cook_id::text = %s order by published_at desc limit 20"),
    ("wildcard", "select id, title from recipes where title ilike '%%soup%%' limit 20"),
    ("deep offset", "select id, title from recipes order by published_at desc limit 20 offset 50000"),
    ("cartesian", "select c.name, r.title from cooks c, recipes r where c.home = %s limit 20"),
    ("unbounded", "select id, rating from reviews where recipe_id > %s"),
    ("or across tables", "select v.id from reviews v join recipes r on r.id = v.recipe_id"
     " where v.cook_id = %s or r.cook_id = %s"),
    ("join without index", "select v.rating from cooks c join reviews v on v.cook_id = c.id where c.name = %s"
     " limit 50"),
    ("not in", "select id from reviews where cook_id not in (select followed_id from follows where cook_id = %s)"
     " and rating = 1 order by comment limit 5"),
    ("update", "update reviews set rating = 1 where cook_id = %s"),
)  # fmt: skip


class Gate:
    """One database, and the plans kept of its healthy state."""

    def __init__(self, dsn: str, scratch: Path) -> None:
        self._dsn, self._scratch = dsn, scratch
        self._options = ReviewOptions(twin=scratch / "today.twin", baseline=scratch / "plans.json")
        self.review(QUERIES, keep=True)

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def review(self, text: str, *, keep: bool = False, pull: bool = True) -> Outcome:
        if pull:
            twin.pull(self._dsn, self._scratch / "today.twin")
        path = self._scratch / "queries.sql"
        path.write_text(text)
        return review_statements(read_sql([path]), replace(self._options, keep=keep))


def errors(outcome: Outcome) -> list[tuple[str, str]]:
    """Return rule and statement of each error."""
    findings = [found for report in outcome.reports for found in report.findings if found.severity == "error"]
    return [(found.rule, getattr(found, "statement", "")) for found in findings]


def planted(gate: Gate) -> Iterator[tuple[str, bool]]:
    """Yield each planted regression, and whether it was found."""
    for name, change, undo, word in CHANGES:
        gate.execute(*change.split("; "))
        yield f"{name}: {change}", any(word in statement for _, statement in errors(gate.review(QUERIES)))
        gate.execute(*undo.split("; "))
    gate.review(QUERIES)
    for name, statement in STATEMENTS:
        shown = sqltext.normalise(statement.replace("%%", "%").replace("%s", "?").replace("%(id)s", "?"))
        found = errors(gate.review(f"{QUERIES}{statement};\n", pull=False))
        yield f"{name}: {statement}", any(said == shown for _, said in found)


def false_alarms(gate: Gate) -> Iterator[list[tuple[str, str]]]:
    """Yield the errors of each run on statements that are as they were."""
    tables = ", ".join(("cooks", "recipes", "reviews", "favourites", "follows"))
    for doubled in (False, True):
        if doubled:
            gate.execute(*DOUBLED)
        for _ in range(RUNS):
            gate.execute(f"analyze {tables}")
            yield errors(gate.review(QUERIES))


def many(count: int) -> str:
    """Return so many different statements, as an application's would be."""
    columns = ("id", "title", "cuisine", "minutes", "difficulty", "published_at", "cook_id")
    chosen = (c for size in range(1, 8) for c in itertools.permutations(columns, size))
    newest = "order by published_at desc limit 20"
    forms = (f"cook_id = $1 {newest}", "id = $1", f"cuisine = $1 {newest}")
    pairs = itertools.product(chosen, forms)
    made = (f"select {', '.join(names)} from recipes where {form};" for names, form in itertools.islice(pairs, count))
    return "\n".join(made)


def measure() -> tuple[dict[str, float], list[str]]:
    missed = []
    with private_server() as server, TemporaryDirectory() as scratch:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            for statement in SAMPLE.schema:
                connection.execute(statement.encode())
        gate = Gate(server.dsn(), Path(scratch))
        found = list(planted(gate))
        missed += [f"missed: {name}" for name, seen in found if not seen]
        started = time.perf_counter()
        outcome = gate.review(many(1000), pull=False)
        seconds = time.perf_counter() - started
        assert outcome.statements == 1000, outcome.told
        alarms = list(false_alarms(gate))
        missed += [f"false: {rule}: {statement[:100]}" for run in alarms for rule, statement in run]
    figures = {
        "planted": len(found),
        "found": sum(seen for _, seen in found),
        "false": sum(len(run) for run in alarms),
        "runs": len(alarms),
        "statements_per_s": round(1000 / seconds, 1),
    }
    return figures, missed


def main() -> None:
    figures, wrong = measure()
    if "--json" in sys.argv[1:]:
        print(json.dumps({"plan_gate": figures}, indent=2))
        return
    print(f"found {figures['found']} of {figures['planted']} planted regressions")
    print(f"false alarms: {figures['false']} in {figures['runs']} runs")
    print(f"1,000 statements: {figures['statements_per_s']} per second")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()

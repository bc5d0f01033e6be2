"""Claim: index advice of every kind, built on the twin and kept only where the planner takes it, is right.

- TPC-H: indexes within 1,000 MB for the 18 questions that index-selection papers use (without 2, 15, 17 and 20), the
  primary keys there: cost of all questions with them, relative to without, and how long the search took. Partial
  indexes on a question's constants are not allowed: TPC-H draws new ones on each run. The cost is the twin's planner's:
  to build a gigabyte of indexes for real takes longer than a bench may; those of the web faults are built.
- Planted web faults: a statement for each kind of index, with the index a careful person would build. `web_share` is
  the saving by our advice as a share of the saving by that index, on average, at most 1 each; both are built for real
  in the database and costed by its planner. `invalid_ddl` counts advice that PostgreSQL refused there.
- Two of them lack no index: columns whose values come together, for which a statistics object is advised from counts
  in the database. Achievable is what the plan without it costs at least once the planner knows better, less the plan
  then taken.
- The innocent: statements that need neither, and some on columns that have nothing to do with each other, which need no
  statistics; `false_advice` counts those that were given any.

    python bench/index_advice.py [--dsn DSN-OF-A-TPCH-DATABASE] [--scale 1] [--web] [--json]
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import psycopg

from failonce.app.review.correlations import Correlator
from failonce.app.review.twins import Planning
from failonce.guard.case import Case, Limits
from failonce.guard.query_rules import missing_statistics
from failonce.guard.statement import Place, statement
from failonce.lab.server import private_server
from failonce.lab.twin import Twin, up
from failonce.lab.twin.correlated import bound
from failonce.lab.twin.pull import pull
from failonce.lab.twin.session import Session
from failonce.lab.twin.trial import in_transaction
from failonce.model.correlation import StatisticsAdvice
from failonce.remedy.advice.statement import advise
from failonce.remedy.advice.workload import advise_all
from tpch import database, questions

LEFT_OUT = {2, 15, 17, 20}
MOST_BYTES = 1_000_000_000
WEB = Path(__file__).parent / "web_faults.sql"
_SECTIONS = re.compile(r"^-- (?:FAULTS|STATISTICS|INNOCENT|INDEPENDENT)\n", re.MULTILINE)

#: Its name, the best that a person would build, the statement.
Fault = tuple[str, str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsn", help="a database with TPC-H in it; without, one is made (some minutes)")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--web", action="store_true", help="the web faults and the innocent alone")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    web = web_faults(quiet=options.json)
    if options.web:
        print(json.dumps({"index_advice": web}, indent=None if options.json else 2))
        return
    with database(options.dsn, scale=options.scale) as dsn:
        facts = {**tpch(dsn), **web}
    print(json.dumps({"index_advice": facts}, indent=None if options.json else 2))


def tpch(dsn: str) -> dict[str, object]:
    asked = [text for number, text in questions().items() if number not in LEFT_OUT]
    with up(pull(dsn)) as twin:
        started_at = time.monotonic()
        advice = advise_all(dict.fromkeys(asked, 1.0), twin, most_bytes=MOST_BYTES, without={"partial"})
        seconds = time.monotonic() - started_at
    return {
        "tpch_relative_cost": round(advice.cost_after / advice.cost_before, 4),
        "tpch_seconds": round(seconds, 2),
        "tpch_bytes": advice.bytes,
        "tpch_indexes": list(advice.statements),
    }


def web_faults(*, quiet: bool) -> dict[str, object]:
    schema, faults, lacking, innocent, independent = read_web()
    with private_server(settings={"autovacuum": "off"}) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("create database web locale 'C.UTF-8' template template0")
        dsn = server.dsn(dbname="web")
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(schema.encode())
            connection.execute("vacuum analyze")
        with up(pull(dsn)) as twin, psycopg.connect(dsn) as real:
            correlator = Correlator(Planning(twin), dsn)
            found = {name: captured(real, twin, query, best) for name, best, query in faults}
            for name, best, query in lacking:
                found[name] = seen_together(real, twin, query, best, statistics(query, correlator))
            given = [(query, advise(query, twin)) for query in innocent]
            given += [(query, statistics(query, correlator)) for query in (*innocent, *independent)]
    false = {query: advice.statements for query, advice in given if advice is not None}
    if not quiet:
        print(*(f"{name:<32} {share:6.1%}  {said}" for name, (share, _, said) in found.items()), sep="\n")
        print(*(f"FALSE ADVICE: {query}: {said}" for query, said in false.items()), sep="\n")
    shares = [share for share, _, _ in found.values()]
    return {
        "web_share": round(mean(shares), 4),
        "web_full": sum(share >= 0.9 for share in shares),
        "web_faults": len(shares),
        "invalid_ddl": sum(refused for _, refused, _ in found.values()),
        "false_advice": len(false),
        "innocent": len(innocent) + len(independent),
    }


def captured(real: psycopg.Connection, twin: Twin, query: str, best: str) -> tuple[float, int, str]:
    """Return the share of the achievable saving, whether PostgreSQL refused the advice, and the advice."""
    advice = advise(query, twin)
    before = cost(real, query)
    achievable = before - with_indexes(real, query, best.split(";"))
    if advice is None:
        return 0.0, 0, "nothing"
    try:
        saving = before - with_indexes(real, query, advice.statements)
    except psycopg.Error as error:
        real.rollback()
        return 0.0, 1, str(error)
    return max(0.0, min(1.0, saving / achievable)), 0, "; ".join(advice.statements)


def statistics(query: str, correlator: Correlator) -> StatisticsAdvice | None:
    """Return the statistics object that the review advises for a statement."""
    planning = correlator.planning
    sent = statement(query, Place("bench", 1))
    plans, _ = planning.plan([sent])
    case = Case(sent, planning.structure, Limits(), plans[sent.fingerprint])
    notes: list[tuple[Place, str]] = []
    found = correlator.look_at([case], notes)
    assert not notes, notes
    advised = found.get(sent.fingerprint, case)
    return advised.statistics if any(missing_statistics.check(advised)) else None


def seen_together(
    real: psycopg.Connection, twin: Twin, query: str, best: str, advice: StatisticsAdvice | None
) -> tuple[float, int, str]:
    """Return the share of the achievable saving, whether PostgreSQL refused the advice, and the advice."""
    if advice is None:
        return 0.0, 0, "nothing"
    session = Session(real, twin.blueprint)
    today = session.explain(query)
    run(real, best.split(";"))
    least = bound(session, query, today)
    assert least is not None, "nothing is known of today's plan"
    achievable = least[0] - cost(real, query)
    real.rollback()
    try:
        saving = least[0] - with_indexes(real, query, advice.statements)
    except psycopg.Error as error:
        real.rollback()
        return 0.0, 1, str(error)
    return max(0.0, min(1.0, saving / achievable)), 0, "; ".join(advice.statements)


def with_indexes(real: psycopg.Connection, query: str, statements: Sequence[str]) -> float:
    run(real, statements)
    found = cost(real, query)
    real.rollback()
    return found


def run(real: psycopg.Connection, statements: Sequence[str]) -> None:
    for text in statements:
        real.execute(in_transaction(text).encode())


def cost(connection: psycopg.Connection, query: str) -> float:
    [([explained],)] = connection.execute(f"explain (generic_plan, format json) {query}".encode()).fetchall()
    return float(explained["Plan"]["Total Cost"])


def read_web() -> tuple[str, list[Fault], list[Fault], list[str], list[str]]:
    """Return the schema, the faults, those that lack statistics, the innocent, and those on independent columns."""
    schema, guilty, lacking, innocent, independent = _SECTIONS.split(WEB.read_text())
    return schema, _faults(guilty), _faults(lacking), _statements(innocent), _statements(independent)


def _faults(text: str) -> list[Fault]:
    faults = []
    for block in text.strip().split("\n\n"):
        head, best, *query = block.split("\n")
        faults.append((head.removeprefix("-- "), best.removeprefix("-- best: "), " ".join(query).rstrip(";")))
    return faults


def _statements(text: str) -> list[str]:
    return [line.rstrip(";") for line in text.strip().split("\n") if line]


if __name__ == "__main__":
    main()

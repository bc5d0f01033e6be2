"""Claim: index advice of every kind, built on the twin and kept only where the planner takes it, is right.

- TPC-H: indexes within 1,000 MB for the 18 questions that index-selection papers use (without 2, 15, 17 and 20), the
  primary keys there: cost of all questions with them, relative to without, and how long the search took. Partial
  indexes on a question's constants are not allowed: TPC-H draws new ones on each run. The cost is the twin's planner's:
  to build a gigabyte of indexes for real takes longer than a bench may; those of the web faults are built.
- Planted web faults: a statement for each kind of index, with the index a careful person would build. `web_share` is
  the saving by our advice as a share of the saving by that index, on average, at most 1 each; both are built for real
  in the database and costed by its planner. `invalid_ddl` counts advice that PostgreSQL refused there.
- The innocent: statements that need no index; `false_advice` counts those that were given one.

    python bench/index_advice.py [--dsn DSN-OF-A-TPCH-DATABASE] [--scale 1] [--json]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import psycopg

from failonce.lab.server import private_server
from failonce.lab.twin import Twin, up
from failonce.lab.twin.pull import pull
from failonce.lab.twin.trial import in_transaction
from failonce.remedy.advice.statement import advise
from failonce.remedy.advice.workload import advise_all
from tpch import database, questions

LEFT_OUT = {2, 15, 17, 20}
MOST_BYTES = 1_000_000_000
WEB = Path(__file__).parent / "web_faults.sql"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsn", help="a database with TPC-H in it; without, one is made (some minutes)")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    web = web_faults(quiet=options.json)
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
    schema, faults, innocent = read_web()
    shares, invalid, false = [], 0, 0
    with private_server(settings={"autovacuum": "off"}) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("create database web locale 'C.UTF-8' template template0")
        dsn = server.dsn(dbname="web")
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(schema.encode())
            connection.execute("vacuum analyze")
        with up(pull(dsn)) as twin, psycopg.connect(dsn) as real:
            for name, best, query in faults:
                share, refused, said = captured(real, twin, query, best)
                shares.append(share)
                invalid += refused
                if not quiet:
                    print(f"{name:<28} {share:6.1%}  {said}")
            for query in innocent:
                advice = advise(query, twin)
                false += advice is not None
                if advice is not None and not quiet:
                    print(f"FALSE ADVICE: {query}: {advice.statements}")
    return {
        "web_share": round(mean(shares), 4),
        "web_full": sum(share >= 0.9 for share in shares),
        "web_faults": len(shares),
        "invalid_ddl": invalid,
        "false_advice": false,
        "innocent": len(innocent),
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


def with_indexes(real: psycopg.Connection, query: str, statements: Sequence[str]) -> float:
    for statement in statements:
        real.execute(in_transaction(statement).encode())
    found = cost(real, query)
    real.rollback()
    return found


def cost(connection: psycopg.Connection, query: str) -> float:
    [([explained],)] = connection.execute(f"explain (generic_plan, format json) {query}".encode()).fetchall()
    return float(explained["Plan"]["Total Cost"])


def read_web() -> tuple[str, list[tuple[str, str, str]], list[str]]:
    """Return the schema, the faults (name, best index, statement) and the innocent."""
    schema, _, rest = WEB.read_text().partition("-- FAULTS\n")
    guilty, _, innocent = rest.partition("-- INNOCENT\n")
    faults = []
    for block in guilty.strip().split("\n\n"):
        head, best, *query = block.split("\n")
        faults.append((head.removeprefix("-- "), best.removeprefix("-- best: "), " ".join(query).rstrip(";")))
    return schema, faults, [text.rstrip(";") for text in innocent.strip().split("\n") if text]


if __name__ == "__main__":
    main()

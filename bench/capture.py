"""What capturing adds to a test suite: microseconds of processor time per statement.

    python bench/capture.py [--json] [-n ROUNDS]

Rounds of 2,000 look-ups by key through psycopg 3, in turn without and with the capture attached; medians of the
client's own processor time, which other programs do not disturb.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from statistics import median

import psycopg

from failonce.app.review.capture import Capture
from failonce.lab.server import private_server

STATEMENTS = 2_000


def look_up(connection: psycopg.Connection, number: int) -> None:
    """Send one statement, as a program's own function would."""
    connection.execute("select name from things where id = %s", [number]).fetchone()


def a_round(connection: psycopg.Connection) -> float:
    started = time.thread_time()
    for number in range(STATEMENTS):
        look_up(connection, number)
    return (time.thread_time() - started) / STATEMENTS


def measure(rounds: int) -> dict[str, float]:
    without, with_capture = [], []
    with private_server() as server, psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("create table things (id int primary key, name text)")
        connection.execute("insert into things select n, 'thing ' || n from generate_series(1, 2000) n")
        a_round(connection)
        for _ in range(rounds):
            without.append(a_round(connection))
            capture = Capture(Path(__file__).parents[1])
            capture.attach()
            with_capture.append(a_round(connection))
            capture.detach()
            assert len(capture.dump()) == STATEMENTS
    bare, seen = median(without), median(with_capture)
    return {
        "rounds": rounds,
        "added_us": round(1e6 * (seen - bare), 1),
        "statement_us": round(1e6 * bare, 1),
        "added_share": round(seen / bare - 1, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.n)
    if asked.json:
        print(json.dumps({"capture": found}, indent=2))
        return
    added = f"{found['added_us']} µs"
    print(f"capture adds {added} of processor time to the {found['statement_us']} µs that a statement takes the client")


if __name__ == "__main__":
    main()

"""A normal load as the observer sees it, generated: a shop with 150 statements, 10-20 busy sessions and 12 routes.

Counts and times scatter like measured ones (Poisson arrivals, log-normal times), so that files compress no better than
real ones; the same seed gives the same stream.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from failonce.model.catalog import Catalog, Index, Relation, Setting
from failonce.model.snapshot import (
    Application,
    Connections,
    DatabaseActivity,
    Host,
    Probe,
    Query,
    RouteActivity,
    Session,
    Snapshot,
    Statement,
    Statements,
    TableActivity,
    Tables,
)

STARTS_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STATEMENTS = 150
CHANGED = 60
TABLES = 40
ROUTES = 12
BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, math.inf)
WAITS = ((None, None),) * 6 + (("Client", "ClientRead"), ("IO", "DataFileRead"), ("LWLock", "WALWrite"))


class Shop:
    """The state behind the stream: what each statement has done since the server began to count."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.queries = tuple(self._query(number) for number in range(STATEMENTS))
        self.query_ids = [str(self.random.getrandbits(63)) for _ in self.queries]
        self.mean_ms = [self.random.lognormvariate(0, 1.5) for _ in self.queries]
        self.per_call = [(self.random.randint(0, 40), self.random.randint(2, 400)) for _ in self.queries]
        self.totals = [
            [self.random.randint(10**4, 10**7), 1e6 * self.random.random(), 10**7, 10**8] for _ in self.queries
        ]

    def _query(self, number: int) -> Query:
        columns = ", ".join(f"t{number % TABLES}.column_{self.random.randint(1, 60)}" for _ in range(12))
        text = (
            f"select {columns} from table_{number % TABLES} t{number % TABLES} where owner_id = ? order by id limit ?"
        )
        return Query(f"{self.random.getrandbits(64):016x}", text)

    def snapshot(self, tick: int) -> Snapshot:
        """What is seen at second `tick`: activity each second, statistics each ten."""
        r = self.random
        slow = tick % 10 == 0
        return Snapshot(
            at=STARTS_AT + timedelta(seconds=tick, microseconds=r.randint(0, 9999)),
            sessions=tuple(self._session() for _ in range(r.randint(10, 20))),
            connections=Connections(60 + r.randint(0, 9), 40 + r.randint(0, 9), 100),
            statements=Statements(10.0 + r.random() / 100, self._statements()) if slow else None,
            queries=self.queries if tick == 0 else (),
            tables=Tables(10.0 + r.random() / 100, tuple(self._table(n) for n in range(30))) if slow else None,
            database=DatabaseActivity(
                1.0 + r.random() / 100, r.randint(300, 900), 0, 0, 0, r.randint(10**4, 10**5), r.randint(0, 99)
            ),
            catalog=self._catalog() if tick == 0 else None,
            application=self._application(),
            host=Host(
                1.0,
                8,
                *(round(r.random(), 4) for _ in range(4)),
                r.randint(10**9, 10**10),
                r.randint(0, 10**7),
                r.randint(0, 10**7),
            ),
            probe=Probe(round(r.lognormvariate(-1, 0.5), 3)),
        )

    def _session(self) -> Session:
        r = self.random
        number = min(int(r.expovariate(1 / 20)), STATEMENTS - 1)
        age = round(r.lognormvariate(-5, 2), 6)
        wait_type, wait_event = r.choice(WAITS)
        return Session(
            pid=40000 + r.randint(0, 59),
            kind="client backend",
            user="shop",
            application="api",
            state=r.choice(("active", "active", "idle in transaction")),
            wait_type=wait_type,
            wait_event=wait_event,
            query_id=self.query_ids[number],
            fingerprint=self.queries[number].fingerprint,
            route=f"/api/resource-{number % ROUTES}",
            release="v41",
            query_age_s=age,
            transaction_age_s=round(age + r.random() / 100, 6),
            state_age_s=age,
        )

    def _statements(self) -> tuple[Statement, ...]:
        return tuple(self._statement(number) for number in sorted(self.random.sample(range(STATEMENTS), CHANGED)))

    def _statement(self, number: int) -> Statement:
        r = self.random
        calls = 1 + int(r.lognormvariate(3, 1))
        exec_ms = round(calls * self.mean_ms[number] * r.lognormvariate(0, 0.2), 3)
        rows, blocks = calls * self.per_call[number][0], calls * self.per_call[number][1] + r.randint(0, 99)
        total = self.totals[number]
        for index, amount in enumerate((calls, exec_ms, rows, blocks)):
            total[index] = round(total[index] + amount, 3)
        return Statement(
            self.queries[number].fingerprint,
            self.query_ids[number],
            calls,
            exec_ms,
            rows,
            blocks,
            r.randint(0, 9),
            0,
            int(total[0]),
            total[1],
            int(total[2]),
            int(total[3]),
        )

    def _table(self, number: int) -> TableActivity:
        r = self.random
        return TableActivity(
            f"public.table_{number}",
            r.randint(0, 3),
            r.randint(0, 999),
            r.randint(0, 9999),
            r.randint(0, 99),
            r.randint(0, 99),
            0,
            r.randint(0, 5000),
            0,
            0,
        )

    def _application(self) -> Application:
        r = self.random
        buckets = tuple(int(r.lognormvariate(3 - abs(place - 4), 0.5)) for place in range(len(BOUNDS_S)))
        routes = tuple(
            RouteActivity(f"/api/resource-{n}", r.randint(1, 20), 0, round(r.random(), 6)) for n in range(ROUTES)
        )
        return Application(
            1.0, sum(buckets), 0, BOUNDS_S, buckets, routes, r.randint(0, 9), 20, r.randint(3, 15), 0, "v41"
        )

    def _catalog(self) -> Catalog:
        return Catalog(
            180000,
            tuple(Relation(f"public.table_{n}", 10**n % 7**9, 8192 * n) for n in range(TABLES)),
            tuple(
                Index(
                    f"table_{n}_pkey",
                    f"public.table_{n}",
                    f"CREATE UNIQUE INDEX table_{n}_pkey ON table_{n} (id)",
                    True,
                )
                for n in range(TABLES)
            ),
            tuple(Setting(f"setting_{n}", str(n)) for n in range(30)),
        )


def stream(snapshots: int, *, seed: int = 1) -> Iterator[Snapshot]:
    """One snapshot per second of a normal load."""
    shop = Shop(seed)
    return (shop.snapshot(tick) for tick in range(snapshots))

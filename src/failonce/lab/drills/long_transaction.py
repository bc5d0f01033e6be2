"""A report keeps its transaction open, and a busy queue melts down.

What it sees
    The shop sends its messages as ever: ten thousand a second go out and come in, and the table is vacuumed every
    second. Then a report begins in a repeatable-read transaction and its session stays open. From now on nothing that
    dies is removed; the oldest message is found behind all that were sent since.

Why it matters
    The statement is a lookup by primary key that took a tenth of a millisecond. Its plan is the same, vacuum runs, no
    lock is held. The session to blame does nothing at all, on another table.

What to do
    Name the session of the report, not the lookup. End it.

Example
    failonce drill run long-transaction --out DIR
"""

from __future__ import annotations

import contextlib
import threading
import time

import psycopg

from failonce.lab.holder import end, hold
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "long-transaction"
APPLICATIONS = ("shop",)
_REPORT = "report"
TRUTH = Truth(
    cause="long-transaction",
    chain=("long-transaction", "slow-responses"),
    ruled_out=("traffic", "network", "missing-index", "unindexed-query", "blocking-session", "session-leak"),
    culprit_relation=None,
    culprit_application=_REPORT,
)
_MESSAGES, _EVERY_S, _VACUUM_EVERY = 1000, 0.1, 10


def prepare(world: World) -> None:
    world.deploy("r45")
    world.execute("delete from messages")
    threading.Thread(target=_send, args=[world.operator_dsn], name="mailing", daemon=True).start()


def strike(world: World) -> None:
    hold(world, _REPORT, "set transaction isolation level repeatable read", "select count(*) from payments")


def relieve(world: World) -> None:
    end(world, _REPORT)


def _send(dsn: str) -> None:
    """Put messages into the queue and take out those put in before, until the server ends."""
    with (
        contextlib.suppress(psycopg.OperationalError),
        psycopg.connect(dsn, application_name="mailing", autocommit=True) as mailing,
    ):
        turn, last = 0, (0, 0)
        while True:
            first = mailing.execute(
                "with added as (insert into messages (customer_id, state, body)"
                " select n, 'queued', 'Dear customer.' from generate_series(1, %s) n returning id)"
                " select min(id), max(id) from added",
                [_MESSAGES],
            ).fetchone()
            mailing.execute("delete from messages where id between %s and %s", last)
            last, turn = first or last, turn + 1
            if turn % _VACUUM_EVERY == 0:
                mailing.execute("vacuum messages")
            time.sleep(_EVERY_S)

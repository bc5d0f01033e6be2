"""Nobody's data leaves the server: what the masks of sql/ make of a text, and what really goes over the wire."""

import re
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from failonce import sqltext
from failonce.observe.queries import query

SECRET = "hunter2zebra"
NUMBER = "4815162342"
FAR = "x" * 1100

# Statements with the secret in every position a literal can have; those that fail stay visible in a failed transaction.
CANARIES = [
    f"select '{SECRET}', {NUMBER}",
    f"select E'it\\'s {SECRET}', -{NUMBER}",
    f"select 'it''s {SECRET}', {NUMBER}.5e1",
    f"select $${SECRET}$$, .{NUMBER}",
    f"select $q${SECRET} it's $q$, '{SECRET}'",
    f"select N'{SECRET}', U&'{SECRET}', b'0'",
    f"select 1 -- it's {SECRET}\n, '{SECRET}'",
    f"select 1 /* it's {SECRET} {NUMBER} */, '{SECRET}'",
    f"select 1 /* a /* nested */ it's */, '{SECRET}'",
    f"/* not a tag: {SECRET} */ select {NUMBER}",
    f"select '{FAR}{SECRET}'",
    f"select '{FAR[:960]}', '{SECRET}{FAR}'",
    f"select 1 /* {FAR} {SECRET} */",
    f'select 1 as "it\'s", \'{SECRET}\' as "a"',
    f"select '\\', '{SECRET}' like 'a' escape '\\'",
    f"select like'{SECRET}'",
    f"alter role canary password '{SECRET}'",
    f"set search_path = '{SECRET}'",
    f"do $body$ begin perform '{SECRET}', {NUMBER}; end $body$",
    f"create table if not exists secrets (a text default '{SECRET}', b bigint default {NUMBER})",
    f"select '{SECRET}' from nowhere where id = {NUMBER}",
    f"select 0x{SECRET.encode().hex()}",
    f"select 1; select '{SECRET}'",
]


@pytest.fixture
def masked(sql):
    """Mask texts as the server does it before it sends them."""

    def mask(texts):
        expression = query("statement_texts", sql.info.server_version).split("queryid,", 1)[1].rsplit("AS text", 1)[0]
        rows = sql.execute(
            f"select {expression} from unnest(%s::text[]) with ordinality as t (query, n) order by n", [texts]
        )
        return [row[0] for row in rows]

    return mask


def test_nothing_of_a_literal_or_comment_is_left(masked):
    for text in masked(CANARIES):
        assert SECRET not in text
        assert NUMBER not in text
        assert SECRET.encode().hex() not in text


def test_the_shortest_literals_are_masked_as_well(masked):
    assert masked(["select 7, '', 'a', $$$$, '"]) == ["select ?, ?, ?, ?, ?"]


def test_what_is_no_literal_stays_as_it_was(masked):
    texts = [
        'select t1.col2, "Weird 5 ""x""", $1 from t2_3 where naïve2 = $2',
        "select a->>$1, b::int[], c <> d, e || f from s1.t$2 where a is not distinct from b",
    ]
    assert masked(texts) == texts


def test_a_masked_text_has_the_fingerprint_of_the_text(masked):
    texts = [
        "select * from recipes where name = 'O''Neil' and id in (1, 2, 3) limit 20 offset 0x1F",
        "/*route='/r',release='v1'*/ select 1.5e-3, -.5, +2, E'a\\'b', $$x$$ from t -- done",
        "insert into t1 (a, b) values (1, 'x'), (2, 'y') on conflict do nothing",
        "update a set b=b-10 where id=-5 and c like'x%' and d between -1 and +1",
        "select \"a b\", interval '1 day', date '2026-01-01' from \"T\" where x = $1",
    ]
    assert list(map(sqltext.fingerprint, masked(texts))) == [
        sqltext.fingerprint(t.replace("0x1F", "31")) for t in texts
    ]


def test_with_old_strings_nothing_behind_a_backslash_is_trusted(sql, masked):
    sql.execute("set standard_conforming_strings = off")
    assert masked([f"select 'it\\'s {SECRET}', 1", "select 'plain', 1"]) == ["select ?", "select ?, ?"]


def test_no_secret_comes_over_the_wire_or_into_a_snapshot(database, observe, sql, tmp_path: Path):
    observer = observe()
    wire = tmp_path / "wire"
    with ExitStack() as stack, wire.open("wb") as trace:
        observer._connection._live.pgconn.trace(trace.fileno())
        for canary in CANARIES:
            session = stack.enter_context(psycopg.connect(database, application_name="canary"))
            session.execute("select 1")
            try:
                session.execute(canary)
            except psycopg.Error:
                assert session.info.transaction_status == psycopg.pq.TransactionStatus.INERROR
        first = observer.snapshot()
        observer.hasten(True)
        sql.execute(f"select '{SECRET}' || {NUMBER}")
        second = observer.snapshot()
        observer._connection._live.pgconn.untrace()
    assert len([s for s in first.sessions if s.application == "canary" or not s.application]) >= len(CANARIES) - 1
    assert second.statements is not None
    assert first.queries
    seen = wire.read_bytes() + repr((first, second)).encode()
    for secret in (SECRET, NUMBER, SECRET.encode().hex()):
        assert not re.findall(f".{{60}}{secret}.{{20}}".encode(), seen)
        assert secret.encode() not in seen

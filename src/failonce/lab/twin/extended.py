"""Statistics over several columns into the twin: PostgreSQL 18 has no function for them yet, so their rows are written.

Their types take no text. The two small ones are put together here as the server keeps them (mvdistinct.c,
dependencies.c); the list of common values is made by ANALYZE on a small table of these values, and then told the true
shares (mcv.c).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql

from failonce.lab.twin.statistics import array_literal
from failonce.model.blueprint import ExtendedStatistics

# STATS_NDISTINCT_MAGIC, STATS_DEPS_MAGIC; both have one type so far.
_DISTINCT_MAGIC, _DEPENDENCIES_MAGIC, _TYPE_BASIC = 0xA352BFA4, 0xB4549A2C, 1
# Rows of the small table grow with the square of the values; further values are left out.
_MOST_VALUES = 250
_SAMPLE = "failonce_sample"
_FIND = """
select s.oid, s.stxrelid::regclass::text, array(select a.attname::text from unnest(s.stxkeys::int2[]) k
         join pg_attribute a on a.attrelid = s.stxrelid and a.attnum = k order by a.attnum),
       (select jsonb_object_agg(a.attname, a.attnum) from pg_attribute a
         where a.attrelid = s.stxrelid and a.attnum = any(s.stxkeys::int2[])), s.stxexprs is not null
  from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where n.nspname = %s and s.stxname = %s
"""
_INSERT = """
insert into pg_statistic_ext_data (stxoid, stxdinherit, stxdndistinct, stxddependencies, stxdmcv)
values (%s, %s, %s::bytea::pg_ndistinct, %s::bytea::pg_dependencies, %s::bytea::pg_mcv_list)
"""
_CASTS = "pg_ndistinct pg_dependencies pg_mcv_list".split()


def set_all(superuser: psycopg.Connection[Any], wanted: Sequence[ExtendedStatistics]) -> list[str]:
    """Write all rows; return the names of those that the twin does not take."""
    refused = []
    if wanted:
        for name in _CASTS:
            superuser.execute(f"create cast (bytea as {name}) without function")
    for one in wanted:
        try:
            with superuser.transaction():
                _set(superuser, one)
        except (psycopg.Error, ValueError, LookupError):
            refused.append(f"{one.schema}.{one.name}")
    return refused


def _set(superuser: psycopg.Connection[Any], one: ExtendedStatistics) -> None:
    found = superuser.execute(_FIND, [one.schema, one.name]).fetchone()
    if found is None:
        raise LookupError(one.name)
    oid, table, columns, numbers, has_expressions = found
    # A number on production, of a column there, as the number here; expressions count down from -1 on both sides.
    here = {**{n: numbers[name] for n, name in one.columns.items()}, **{str(-n): -n for n in range(1, 9)}}
    distinct = _distinct(one.distinct, here) if one.distinct else None
    dependencies = _dependencies(one.dependencies, here) if one.dependencies else None
    common = None
    if one.common and not has_expressions:
        common = _common(superuser, one, table, columns)
    superuser.execute(_INSERT, [oid, one.inherited, distinct, dependencies, common])


def _distinct(text: str, here: dict[str, int]) -> bytes:
    """Read `{"1, 2": 33178}` and return it as the server keeps it."""
    items = [(float(count), [here[n.strip()] for n in key.split(",")]) for key, count in json.loads(text).items()]
    head = struct.pack("<III", _DISTINCT_MAGIC, _TYPE_BASIC, len(items))
    return head + b"".join(struct.pack(f"<di{len(a)}h", count, len(a), *a) for count, a in items)


def _dependencies(text: str, here: dict[str, int]) -> bytes:
    """Read `{"1 => 5": 1.000000}` and return it as the server keeps it."""
    items = [
        (float(degree), [here[n.strip()] for n in key.replace("=>", ",").split(",")])
        for key, degree in json.loads(text).items()
    ]
    head = struct.pack("<III", _DEPENDENCIES_MAGIC, _TYPE_BASIC, len(items))
    return head + b"".join(struct.pack(f"<dh{len(a)}h", degree, len(a), *a) for degree, a in items)


def _common(
    superuser: psycopg.Connection[Any], one: ExtendedStatistics, table: str, columns: Sequence[str]
) -> bytes | None:
    items = one.common[:_MOST_VALUES]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    sample = sql.Identifier(_SAMPLE)
    superuser.execute(
        sql.SQL("create temp table {} on commit drop as select {} from {} with no data").format(
            sample, names, sql.SQL(table)
        )
    )
    _fill(superuser, one, items, sample)
    superuser.execute(sql.SQL("set local default_statistics_target = 10000"))
    superuser.execute(sql.SQL("create statistics pg_temp.failonce_mcv (mcv) on {} from {}").format(names, sample))
    superuser.execute(sql.SQL("alter statistics pg_temp.failonce_mcv set statistics 10000"))
    superuser.execute(sql.SQL("analyze {}").format(sample))
    made = superuser.execute(
        "select d.stxdmcv::bytea from pg_statistic_ext_data d join pg_statistic_ext s on s.oid = d.stxoid"
        " where s.stxname = 'failonce_mcv'"
    ).fetchone()
    superuser.execute("drop statistics pg_temp.failonce_mcv")
    superuser.execute(sql.SQL("drop table {}").format(sample))
    return None if made is None or made[0] is None else _with_shares(made[0], one, len(columns))


def _fill(
    superuser: psycopg.Connection[Any], one: ExtendedStatistics, items: Sequence[Any], sample: sql.Identifier
) -> None:
    """Insert each item more often than the next, so that ANALYZE lists them in this order."""
    values = sql.SQL(", ").join(
        sql.SQL("v{}::{}").format(sql.SQL(str(n)), sql.SQL(type_)) for n, type_ in enumerate(one.types)
    )
    names = sql.SQL(", ").join(sql.SQL(f"v{n}") for n in range(len(one.types)))
    columns = [array_literal(column) for column in zip(*items, strict=True)]
    unnest = sql.SQL(", ").join(sql.SQL("%s::text[]") for _ in columns)
    text = sql.SQL(
        "insert into {} select {} from unnest({}, %s::int[]) as x({}, times), generate_series(1, times)"
    ).format(sample, values, unnest, names)
    superuser.execute(text, [*columns, list(range(len(items), 0, -1))])


def _with_shares(made: bytes, one: ExtendedStatistics, dimensions: int) -> bytes:
    """Return the serialised list with production's shares in it; its items are the last thing in it."""
    count = struct.unpack_from("<I", made, 8)[0]
    item_bytes = dimensions * 3 + 16
    start = len(made) - count * item_bytes
    shares = list(_pairs(one))[:count]
    changed = bytearray(made)
    for n, pair in enumerate(shares):
        struct.pack_into("<dd", changed, start + n * item_bytes + dimensions, *pair)
    return bytes(changed)


def _pairs(one: ExtendedStatistics) -> Iterator[tuple[float, float]]:
    yield from zip(one.common_shares, one.base_shares, strict=True)

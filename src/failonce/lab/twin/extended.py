"""Statistics over several columns and expressions into the twin: PostgreSQL 18 has no function for them yet, so their
rows are written.

Their types take no text. The two small ones are put together here as the server keeps them (mvdistinct.c,
dependencies.c). The list of common values is made by ANALYZE on a table of these values, and then told production's
order and shares (mcv.c). What is known of an expression alone is set on a column of such a table and taken from there.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import psycopg
from psycopg import sql

from failonce.lab.twin import statistics
from failonce.lab.twin.statistics import array_literal
from failonce.model.blueprint import ExtendedStatistics

Superuser = psycopg.Connection[Any]

# STATS_NDISTINCT_MAGIC, STATS_DEPS_MAGIC; both have one type so far.
_DISTINCT_MAGIC, _DEPENDENCIES_MAGIC, _TYPE_BASIC = 0xA352BFA4, 0xB4549A2C, 1
_SAMPLE = "failonce_sample"
_FIND = """
select s.oid, s.stxrelid::regclass::text, array(select a.attname::text from unnest(s.stxkeys::int2[]) k
         join pg_attribute a on a.attrelid = s.stxrelid and a.attnum = k order by a.attnum),
       coalesce((select jsonb_object_agg(a.attname, a.attnum) from pg_attribute a
         where a.attrelid = s.stxrelid and a.attnum = any(s.stxkeys::int2[])), '{}'),
       coalesce(pg_get_statisticsobjdef_expressions(s.oid), '{}')
  from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where n.nspname = %s and s.stxname = %s
"""
_INSERT = """
insert into pg_statistic_ext_data (stxoid, stxdinherit, stxdndistinct, stxddependencies, stxdmcv)
values (%s, %s, %s::bytea::pg_ndistinct, %s::bytea::pg_dependencies, %s::bytea::pg_mcv_list)
"""
_CASTS = "pg_ndistinct pg_dependencies pg_mcv_list".split()
_SLOTS = range(1, 6)
_FIELDS = ", ".join(
    ["stanullfrac", "stawidth", "stadistinct"]
    + [f"sta{field}{n}" for field in ("kind", "op", "coll", "numbers", "values") for n in _SLOTS]
)
# As ANALYZE leaves them: of no relation and no column, NULL for what was not analyzed.
_SET_ALONE = f"""
update pg_statistic_ext_data set stxdexpr = (
    select array_agg(case when s.starelid is not null then row(0, 0, false, {_FIELDS})::pg_statistic end
                     order by a.attnum)
      from pg_attribute a left join pg_statistic s on s.starelid = a.attrelid and s.staattnum = a.attnum
     where a.attrelid = 'pg_temp.{_SAMPLE}'::regclass and a.attnum > %s and not a.attisdropped)
 where stxoid = %s and stxdinherit = %s
"""
_TEMPORARY = "select nspname::text from pg_namespace where oid = pg_my_temp_schema()"
# Values as their types print them, which is how pg_mcv_list_items has them.
_MADE = """
select d.stxdmcv::bytea, array(select s.place from pg_mcv_list_items(d.stxdmcv) i
         join pg_temp.failonce_sample s on array[{values}] is not distinct from i.values order by i.index)
  from pg_statistic_ext_data d join pg_statistic_ext s on s.oid = d.stxoid where s.stxname = 'failonce_mcv'
"""


@dataclass(frozen=True, slots=True)
class _Target:
    """A statistics object of the twin."""

    oid: int
    table: str
    columns: Sequence[str]
    numbers: Mapping[str, int]
    expressions: Sequence[str]

    @property
    def dimensions(self) -> list[str]:
        """The names of the sample's columns for this object's columns and expressions."""
        return [f"v{n}" for n in range(len(self.columns) + len(self.expressions))]


def set_all(superuser: Superuser, wanted: Sequence[ExtendedStatistics]) -> list[str]:
    """Write all rows; return the names of those that the twin does not take."""
    refused = []
    if wanted:
        _let_cast(superuser)
    for one in wanted:
        try:
            with superuser.transaction():
                _set(superuser, one)
        except (psycopg.Error, ValueError, LookupError):
            refused.append(f"{one.schema}.{one.name}")
    return refused


def _let_cast(superuser: Superuser) -> None:
    for name in _CASTS:
        with suppress(psycopg.errors.DuplicateObject), superuser.transaction():
            superuser.execute(f"create cast (bytea as {name}) without function")


def _set(superuser: Superuser, one: ExtendedStatistics) -> None:
    found = superuser.execute(_FIND, [one.schema, one.name]).fetchone()
    if found is None:
        raise LookupError(one.name)
    target = _Target(*found)
    # A number on production, of a column there, as the number here; expressions count down from -1 on both sides.
    here = {**{n: target.numbers[name] for n, name in one.columns.items()}, **{str(-n): -n for n in range(1, 9)}}
    distinct = _distinct(one.distinct, here) if one.distinct else None
    dependencies = _dependencies(one.dependencies, here) if one.dependencies else None
    with _sample(superuser, target):
        common = _common(superuser, one, target) if one.common else None
        superuser.execute(_INSERT, [target.oid, one.inherited, distinct, dependencies, common])
        if one.expressions:
            _set_alone(superuser, one, target)


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


@contextmanager
def _sample(superuser: Superuser, target: _Target) -> Iterator[None]:
    """Have an empty table with a column for each column and expression while the block runs."""
    sources: list[sql.Composable] = [sql.Identifier(name) for name in target.columns]
    # Expressions as PostgreSQL itself prints them.
    sources += [sql.SQL("({})").format(sql.SQL(text)) for text in target.expressions]
    named = [sql.SQL(f"{{}} as {v}").format(s) for v, s in zip(target.dimensions, sources, strict=True)]
    text = sql.SQL("create temp table {} on commit drop as select {}, 0 as place from {} with no data")
    superuser.execute(text.format(sql.Identifier(_SAMPLE), sql.SQL(", ").join(named), sql.SQL(target.table)))
    yield
    superuser.execute(f"drop table pg_temp.{_SAMPLE}")


def _common(superuser: Superuser, one: ExtendedStatistics, target: _Target) -> bytes:
    names = target.dimensions
    _fill(superuser, one, names)
    superuser.execute("set local default_statistics_target = 10000")
    on = ", ".join(names)
    superuser.execute(f"create statistics pg_temp.failonce_mcv (mcv) on {on} from pg_temp.{_SAMPLE}")
    superuser.execute("alter statistics pg_temp.failonce_mcv set statistics 10000")
    superuser.execute(f"analyze pg_temp.{_SAMPLE}")
    values = ", ".join(f"case when s.{name} is not null then format('%s', s.{name}) end" for name in names)
    row = superuser.execute(_MADE.replace("{values}", values)).fetchone()
    superuser.execute("drop statistics pg_temp.failonce_mcv")
    superuser.execute(f"truncate pg_temp.{_SAMPLE}")
    if row is None or row[0] is None:
        raise LookupError(one.name)
    made, places = row
    return _as_in_production(made, places, one, len(names))


def _fill(superuser: Superuser, one: ExtendedStatistics, names: Sequence[str]) -> None:
    """Insert each item once, with its place."""
    # Types are as the source prints them.
    values = sql.SQL(", ").join(
        sql.SQL(f"x.{name}::{{}}").format(sql.SQL(t)) for name, t in zip(names, one.types, strict=True)
    )
    columns = [array_literal(column) for column in zip(*one.common, strict=True)]
    unnest = ", ".join("%s::text[]" for _ in columns)
    rows = sql.SQL(f"unnest({unnest}, %s::int[]) as x({', '.join(names)}, place)")
    text = sql.SQL("insert into pg_temp.{} select {}, x.place from {}").format(sql.Identifier(_SAMPLE), values, rows)
    superuser.execute(text, [*columns, list(range(len(one.common)))])


def _as_in_production(made: bytes, places: Sequence[int], one: ExtendedStatistics, dimensions: int) -> bytes:
    """Return the serialised list with production's order and shares; its items are the last thing in it."""
    count = struct.unpack_from("<I", made, 8)[0]
    if sorted(places) != list(range(len(one.common))) or count != len(places):
        raise ValueError(f"{one.name}: two items are one here")
    # A flag for NULL and an index for each dimension, two shares between them.
    item_bytes = dimensions * 3 + 16
    start = len(made) - count * item_bytes
    items = [bytearray(made[at : at + item_bytes]) for at in range(start, len(made), item_bytes)]
    for place, item in zip(places, items, strict=True):
        struct.pack_into("<dd", item, dimensions, one.common_shares[place], one.base_shares[place])
    ordered = sorted(zip(places, items, strict=True), key=lambda pair: pair[0])
    return made[:start] + b"".join(item for _, item in ordered)


def _set_alone(superuser: Superuser, one: ExtendedStatistics, target: _Target) -> None:
    """Write what ANALYZE would keep of each expression by itself."""
    [(schema,)] = superuser.execute(_TEMPORARY).fetchall()
    first = len(target.columns)
    superuser.execute(f"delete from pg_statistic where starelid = 'pg_temp.{_SAMPLE}'::regclass")
    superuser.execute(f"alter table pg_temp.{_SAMPLE} drop column place")
    sampled = partial(replace, schema=schema, relation=_SAMPLE, number=None, inherited=False)
    known = [sampled(e, column=f"v{first + (e.number or 0) - 1}") for e in one.expressions]
    if statistics.set_columns(superuser, known):
        raise ValueError(f"{one.name}: statistics of an expression do not fit it")
    superuser.execute(_SET_ALONE, [first, target.oid, one.inherited])

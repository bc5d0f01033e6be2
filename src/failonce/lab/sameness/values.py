"""Values of a type that find mistakes: few, so that they meet; boundaries; and those that stand in the statement.

Few values are better than many: rows match, repeat and miss each other, and a wrong rewrite shows on a handful of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg

from failonce import sqltext
from failonce.model.errors import CannotPlan

_WHOLE = ("-1", "0", "1", "2", "3", "4", "5", "10")
_INSTANTS = (
    "2024-01-31 00:00:00+00 2024-02-29 00:00:00+00 2024-02-29 23:59:59.999999+00 2024-03-01 00:00:00+00"
    # An hour that America/New_York skips, one that it has twice, and the turn of a year.
    " 2024-03-10 07:30:00+00 2024-11-03 05:30:00+00 2024-11-03 06:30:00+00 2024-12-31 23:59:59+00"
    " 2025-01-01 00:00:00+00"
)
_AT = tuple(" ".join(pair) for pair in zip(_INSTANTS.split()[::2], _INSTANTS.split()[1::2], strict=True))
_TEXTS = ("", "a", "A", "b", "ab", "Ab", " a", "a ", "ä", "%", "_", "1", "01")
_BY_TYPE: dict[str, tuple[str, ...]] = {
    "bool": ("t", "f"),
    "numeric": ("0", "1", "-1", "0.5", "1.25", "2", "3"),
    "float4": ("0", "1", "-1", "0.5", "2.5"),
    "float8": ("0", "1", "-1", "0.5", "2.5"),
    "money": ("0", "1", "2.50"),
    "date": ("2024-01-31", "2024-02-29", "2024-03-01", "2024-03-10", "2024-12-31", "2025-01-01"),
    "time": ("00:00", "12:00", "23:59:59.999999"),
    "timetz": ("00:00+00", "12:00+02"),
    "interval": ("0", "1 day", "24 hours", "1 month", "30 days", "-1 day"),
    "uuid": tuple(f"00000000-0000-4000-8000-00000000000{n}" for n in range(4)),
    "json": ("{}", '{"a": 1}', '{"a": "b"}', "[]", "null"),
    "jsonb": ("{}", '{"a": 1}', '{"a": "b"}', "[]", "null"),
    "bytea": ("", "\\x00", "\\x01"),
    "inet": ("10.0.0.1", "10.0.0.0/8", "::1"),
    "cidr": ("10.0.0.0/8", "10.1.0.0/16"),
    "macaddr": ("08:00:2b:01:02:03", "08:00:2b:01:02:04"),
    "int4range": ("empty", "[1,3)", "[2,5)"),
    "int8range": ("empty", "[1,3)", "[2,5)"),
    "numrange": ("empty", "[1,3)", "[2,5]"),
    "daterange": ("empty", "[2024-01-31,2024-03-01)"),
    "tsrange": ("empty", "[2024-01-31,2024-03-01)"),
    "tstzrange": ("empty", "[2024-01-31,2024-03-01)"),
    "tsvector": ("", "a", "a b"),
    "bit": ("0", "1"),
    "varbit": ("0", "1", "01"),
    **dict.fromkeys(("int2", "int4", "int8", "oid"), _WHOLE),
    **dict.fromkeys(("text", "varchar", "bpchar", "citext", "name"), _TEXTS),
    **dict.fromkeys(("timestamp", "timestamptz"), _AT),
}
#: Only stored, never sent along, and not in every data set: sums overflow.
_EXTREMES: dict[str, tuple[str, ...]] = {
    "int2": ("32767", "-32768"),
    "int4": ("2147483647", "-2147483648"),
    "int8": ("9223372036854775807", "-9223372036854775808"),
    "numeric": ("NaN",),
    "float8": ("NaN", "Infinity", "-0"),
    "date": ("infinity", "-infinity", "0001-01-01"),
    **dict.fromkeys(("timestamp", "timestamptz"), ("infinity", "-infinity", "0001-01-01 00:00:00+00")),
}
_FRESH: dict[str, Callable[[int], str]] = {
    "uuid": lambda n: f"00000000-0000-4000-8000-{n:012x}",
    **dict.fromkeys(("int2", "int4", "int8", "numeric", "float8"), str),
    **dict.fromkeys(("text", "varchar", "bpchar", "citext", "name"), lambda n: f"v{n}"),
    **dict.fromkeys(
        ("date", "timestamp", "timestamptz"),
        lambda n: f"2024-{1 + n // 28 % 12:02d}-{1 + n % 28:02d} {n % 24:02d}:00+00",
    ),
}
_TIMES = ("date", "timestamp")
_TYPE = """
select t.typname::text, t.typtype::text, t.typcategory::text, t.typelem::int8, t.typbasetype::int8,
       array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder)
  from pg_type t where t.oid = %s::int8::oid
"""
_VALID = "select v from unnest(%s::text[]) with ordinality u(v, place) where pg_input_is_valid(v, %s) order by place"
_AROUND = """
select (v::timestamptz + d::interval)::text from unnest(%s::text[]) v
 cross join unnest('{0,-1 us,1 us,-1 day,1 day,12 hours}'::text[]) d where pg_input_is_valid(v, 'timestamptz')
union all
select (now() + s * v::interval + d::interval)::text from unnest(%s::text[]) v
 cross join unnest('{0,-1 us,1 us,1 day,-1 day}'::text[]) d cross join unnest('{1,-1,0}'::int[]) s
 where pg_input_is_valid(v, 'interval') and v ~ '[a-z]'
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type, its domain looked through."""

    name: str
    labels: tuple[str, ...] = ()
    element: int = 0


class Values:
    """The values that columns and parameters of each type are given."""

    def __init__(self, connection: psycopg.Connection[Any], texts: Iterable[str]) -> None:
        """Take in the constants of these statements and constraints as well."""
        self._connection = connection
        self._constants = tuple(dict.fromkeys(constant for text in texts for constant in constants(text)))
        self._kinds: dict[int, Kind] = {}
        self._pools: dict[str, tuple[str, ...]] = {}
        self._instants: tuple[str, ...] = ()

    def begin(self) -> None:
        """Reckon what depends on the moment and the time zone, which a transaction keeps: ask once it is open."""
        around = self._connection.execute(_AROUND, [list(self._constants), list(self._constants)]).fetchall()
        self._instants = tuple(dict.fromkeys(value for (value,) in around))
        self._pools = {name: pool for name, pool in self._pools.items() if not name.startswith(_TIMES)}

    def of(self, type_: int, type_name: str) -> tuple[str, ...]:
        """Return the values of a type, as PostgreSQL reads them. Raises CannotPlan when none are known."""
        if type_name not in self._pools:
            self._pools[type_name] = self._valid(self._made(self._kind(type_)), type_name)
        found = self._pools[type_name]
        if not found:
            raise CannotPlan(f"no rows can be made for the type {type_name}", hint="write it by hand")
        return found

    def extremes(self, type_: int, type_name: str) -> tuple[str, ...]:
        """Return the values at a type's ends."""
        return self._valid(_EXTREMES.get(self._kind(type_).name, ()), type_name)

    def fresh(self, type_: int, number: int) -> str | None:
        """Return a value that no other number gives, None for types of which there are few."""
        make = _FRESH.get(self._kind(type_).name)
        return make(number) if make else None

    def sent(self, type_: int, random: Random) -> str | None:
        """Return a value to be sent along; at times that is NULL."""
        row = self._connection.execute("select format_type(%s::int8::oid, null)", [type_]).fetchone()
        assert row is not None, "a select without a table has one row"
        return None if random.random() < 0.1 else random.choice(self.of(type_, row[0]))

    def _kind(self, type_: int) -> Kind:
        if type_ not in self._kinds:
            row = self._connection.execute(_TYPE, [type_]).fetchone()
            name, sort, category, element, base, labels = row or ("unknown", "p", "X", 0, 0, [])
            is_array = category == "A" and element
            self._kinds[type_] = (
                self._kind(base) if sort == "d" else Kind(name, tuple(labels), element * bool(is_array))
            )
        return self._kinds[type_]

    def _made(self, kind: Kind) -> Sequence[str]:
        if kind.labels:
            return kind.labels
        if kind.element:
            return tuple(_arrays(self._made(self._kind(kind.element))))
        known = _BY_TYPE.get(kind.name, ())
        if kind.name in ("timestamp", "timestamptz", "date"):
            return (*known, *self._instants)
        return (*known, *(near for constant in self._constants for near in _near(constant, kind.name))) if known else ()

    def _valid(self, values: Sequence[str], type_name: str) -> tuple[str, ...]:
        rows = self._connection.execute(_VALID, [list(dict.fromkeys(values)), type_name])
        return tuple(value for (value,) in rows)


def constants(text: str) -> Iterator[str]:
    """Yield the constants of a statement or a constraint, without their quotes.

    >>> list(constants("select * from t where a = 'it''s' and b > -1.5"))
    ["it's", '1.5']
    """
    for kind, token in sqltext.tokens(text):
        if kind == "number":
            yield token
        elif kind == "literal" and token.startswith("'"):
            yield token[1:-1].replace("''", "'")


def _near(constant: str, type_name: str) -> Iterator[str]:
    """Yield a constant and what lies beside it."""
    if type_name in ("int2", "int4", "int8", "numeric", "float4", "float8", "oid"):
        whole = constant.lstrip("-").isdigit()
        yield constant
        yield from (str(int(constant) + step) for step in (-1, 1) if whole)
    elif type_name in ("text", "varchar", "bpchar", "citext", "name"):
        core = constant.strip("%_")
        yield from (constant, constant.upper(), constant.lower(), core, f"{core}x", f"x{core}", f" {core}", core[:-1])
    else:
        yield constant


def _arrays(elements: Sequence[str]) -> Iterator[str]:
    quoted = ['"' + e.replace("\\", "\\\\").replace('"', '\\"') + '"' for e in elements]
    yield from ("{}", "{NULL}")
    for place, one in enumerate(quoted):
        yield f"{{{one}}}"
        yield f"{{{one},{quoted[place - 1]}}}"

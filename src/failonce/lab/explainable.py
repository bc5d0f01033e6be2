"""A normalised statement as EXPLAIN (GENERIC_PLAN) can read it: its values are gone, and some places need one.

Pure text. Normalising makes `$1` of every constant, also where the grammar wants a literal or where an unknown
number changes the plan.
"""

from __future__ import annotations

import re
from itertools import count

from failonce import sqltext

#: Rows of a typical page of results: a LIMIT nobody knows is planned as a tenth of all rows (preprocess_limit).
PAGE_ROWS = 20

_LIMIT = re.compile(r"\b(limit|fetch first|fetch next) \$\d+")
_OFFSET = re.compile(r"\boffset \$\d+")
# `interval '1 day'` was a literal with its type in front, which a parameter cannot have.
_TYPED = re.compile(
    r"\b(interval|date|timestamp with time zone|timestamptz|timestamp|timetz|time|inet|cidr|uuid|jsonb?) (\$\d+)"
)
# `timestamptz - unknown` is read as a difference of instants, but a span was meant; of a date, a number of days.
_SPAN = re.compile(r"\b(now\(\)|clock_timestamp\(\)|current_timestamp|localtimestamp) ([-+]) (\$\d+)(?!\d|::| [*/])")
_DAYS = re.compile(r"\b(current_date) ([-+]) (\$\d+)(?!\d|::| [*/])")
# A bare number in these clauses is a column's position; which one is lost, so they are counted from the left.
_POSITION = r"\$\d+(?: asc| desc)?"
_CLAUSE_ENDS = r"(?=,|\)|$| (?:having|order|limit|offset|fetch|for|union|nulls)\b)"
_POSITIONS = re.compile(rf"\b(?:group|order) by {_POSITION}(?:, {_POSITION})*{_CLAUSE_ENDS}")
_PARAMETER = re.compile(r"\$\d+")


def explainable(query: str) -> str:
    """Return the statement with `$n` for its values and plausible constants where `$n` cannot stand.

    >>> explainable("select a from t where at > now() - interval ? and b = ? order by at limit ? offset ?")
    'select a from t where at > now() - $1::interval and b = $2 order by at limit 20 offset 0'
    >>> explainable("select a, count(*) from t group by ? order by ? desc")
    'select a, count(*) from t group by 1 order by 1 desc'
    >>> explainable("select a from t where at > now() - ? * interval ?")
    'select a from t where at > now() - $1 * $2::interval'
    """
    text = _with_constants(sqltext.numbered(query))
    text = _POSITIONS.sub(_positions, text)
    return _renumbered(text)


def plannable(sql: str) -> str:
    """Return a statement whose constants are known, with plausible ones where its `$n` cannot stand.

    >>> plannable("SELECT a FROM t WHERE state = 'Open' AND b = $1 LIMIT $2")
    "select a from t where state = 'Open' and b = $1 limit 20"
    """
    return _with_constants(sqltext.written(sql))


def _with_constants(text: str) -> str:
    text = _TYPED.sub(r"\2::\1", text)
    text = _LIMIT.sub(rf"\1 {PAGE_ROWS}", text)
    text = _OFFSET.sub("offset 0", text)
    text = _SPAN.sub(r"\1 \2 \3::interval", text)
    return _DAYS.sub(r"\1 \2 \3::integer", text)


def typed(text: str, parameter: str, type_name: str) -> str:
    """Return the statement with a type for one parameter, such as `$2`, unless it has one."""
    return re.sub(rf"{re.escape(parameter)}(?!\d|::)", f"{parameter}::{type_name}", text)


def _positions(match: re.Match[str]) -> str:
    number = count(1)
    return _PARAMETER.sub(lambda _: str(next(number)), match[0])


def _renumbered(text: str) -> str:
    number = count(1)
    return _PARAMETER.sub(lambda _: f"${next(number)}", text)

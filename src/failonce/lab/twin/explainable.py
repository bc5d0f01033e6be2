"""A statement as EXPLAIN (GENERIC_PLAN) can read it, whatever stands for its values: `?`, `$1`, `%s`, or values.

Pure text. Normalising makes a parameter of every constant, also where the grammar wants a literal or where an unknown
number changes the plan.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import count

from failonce import placeholders, sqltext

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
# What a mask leaves in place (mask.py), or is no value of a column: numbers, dates, instants, spans, true and false.
_NUMBER_OR_TIME = re.compile(
    r"[-+]?[\d.]+(e[-+]?\d+)?|[\d:. tz+-]+|(\s*[-+]?[\d.:]+\s*([a-z]+)?)+|t|f|true|false"
    # A range of these.
    r"|[\[(][\d:. tz+\"-]*,[\d:. tz+\"-]*[\])]|empty",
    re.IGNORECASE,
)
_PATTERN_AFTER = frozenset({"like", "ilike"})
# Other patterns; and words that name a type or a unit, behind which a text is not a column's.
_KEEP_AFTER = frozenset("similar to ~ * interval escape zone at".split())


def forms(query: str, *, known: Collection[str] | None = None) -> Iterator[str]:
    """Yield what the statement may mean: `?` a value, or an operator of jsonb; `%s` a value, or a modulo.

    On a masked twin (`known` are the texts it knows) a text compared with a column is an unknown value, except a
    pattern, whose beginning decides which index serves it.
    """
    numbered = placeholders.numbered(query)
    yield _parameterised(numbered, known, mark="?")
    if "?" in numbered:
        yield _parameterised(numbered, known, mark="")
    if numbered != query:
        yield _parameterised(query, known, mark="?")


def explainable(query: str) -> str:
    """Return the statement with `$n` for its values and plausible constants where `$n` cannot stand.

    >>> explainable("select a from t where at > now() - interval ? and b = ? order by at limit ? offset ?")
    'select a from t where at > now() - $1::interval and b = $2 order by at limit 20 offset 0'
    >>> explainable("select a, count(*) from t group by ? order by ? desc")
    'select a, count(*) from t group by 1 order by 1 desc'
    >>> explainable("select a from t where at > now() - ? * interval ?")
    'select a from t where at > now() - $1 * $2::interval'
    """
    text = _parameterised(query, None, mark="?")
    text = _TYPED.sub(r"\2::\1", text)
    text = _LIMIT.sub(rf"\1 {PAGE_ROWS}", text)
    text = _OFFSET.sub("offset 0", text)
    text = _SPAN.sub(r"\1 \2 \3::interval", text)
    text = _DAYS.sub(r"\1 \2 \3::integer", text)
    text = _POSITIONS.sub(_positions, text)
    return _renumbered(text)


def typed(text: str, parameter: str, type_name: str) -> str:
    """Return the statement with a type for one parameter, such as `$2`, unless it has one."""
    return re.sub(rf"{re.escape(parameter)}(?!\d|::)", f"{parameter}::{type_name}", text)


def _positions(match: re.Match[str]) -> str:
    number = count(1)
    return _PARAMETER.sub(lambda _: str(next(number)), match[0])


def _parameterised(text: str, known: Collection[str] | None, *, mark: str) -> str:
    """Return the statement with `$n` for each mark, on one line, its unquoted words in lower case."""
    number = count(max((int(n) for n in re.findall(r"\$(\d+)", text)), default=0) + 1)
    parts: list[str] = []
    before = ""
    for kind, token in sqltext.tokens(text):
        if kind in ("space", "comment"):
            part = "" if parts and parts[-1] == " " else " "
        elif token == mark or (kind == "literal" and known is not None and _is_unknown(token, before, known)):
            part = f"${next(number)}"
        else:
            part = token.lower() if kind == "word" else token
        before = part if part.strip() else before
        parts.append(part)
    return "".join(parts).strip().rstrip(";").rstrip()


def _is_unknown(literal: str, before: str, known: Collection[str]) -> bool:
    value = literal[1:-1].replace("''", "'")
    is_text = literal.startswith("'") and not _NUMBER_OR_TIME.fullmatch(value)
    if before in _PATTERN_AFTER:
        return value[:1] in ("%", "_")
    return is_text and before not in _KEEP_AFTER and value not in known


def _renumbered(text: str) -> str:
    number, given = count(1), dict[str, str]()

    def renamed(match: re.Match[str]) -> str:
        return given.setdefault(match[0], f"${next(number)}") if match[0] not in given else given[match[0]]

    return _PARAMETER.sub(renamed, text)

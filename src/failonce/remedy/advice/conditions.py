"""Conditions as EXPLAIN (VERBOSE) prints them, taken apart: every operator in parentheses, every column with its table.

The pieces are slices of PostgreSQL's own text, so that an expression among them is the expression an index needs.
Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from failonce import sqltext

_OPERATOR = frozenset("+-*/<>=~!@#%^&|`?")
_NAME = r'(?:[a-z_][\w$]*|"(?:[^"]|"")+")'
_COLUMN = re.compile(rf'(?<![\w."])(?P<alias>{_NAME})\.(?P<name>{_NAME})(?![\w(])')
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_RELABELLED = re.compile(r"^\((?P<inner>[^()]+)\)::[a-z ]+(?:\(\d+\))?$")


@dataclass(frozen=True, slots=True)
class Clause:
    """A comparison: `lower(r.title)`, `=`, `$1`; a column alone, or negated, has no operator."""

    left: str
    operator: str
    right: str
    text: str


def clauses(text: str) -> Iterator[Clause]:
    """Yield the comparisons that all must hold.

    >>> [(c.left, c.operator, c.right) for c in clauses("((lower(r.a) = $1) AND (r.b IS NULL) AND (NOT r.c))")]
    [('lower(r.a)', '=', '$1'), ('r.b', 'IS NULL', ''), ('r.c', 'NOT', '')]
    """
    for part in _split(bare(text), "AND"):
        yield _clause(part)


def branches(text: str) -> list[str]:
    """Return the alternatives of a condition, one if there are no others.

    >>> branches("((r.a = 1) OR (r.b = 2))")
    ['(r.a = 1)', '(r.b = 2)']
    """
    return _split(bare(text), "OR")


def bare(text: str) -> str:
    """Return the text without parentheses around all of it.

    >>> bare("((a = b))"), bare("(a) = (b)")
    ('a = b', '(a) = (b)')
    """
    text = text.strip()
    while text.startswith("(") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def columns(text: str) -> set[tuple[str, str]]:
    """Return the columns an expression reads, each with its table's alias.

    >>> sorted(columns("(a.x + b.y) > 'c.z'::text"))
    [('a', 'x'), ('b', 'y')]
    """
    return {(match["alias"], match["name"]) for match in _COLUMN.finditer(_LITERAL.sub("''", text))}


def key(side: str) -> str:
    """Return an expression as an index takes it: without its table, and without a cast that changes no byte.

    >>> key("(r.state)::text"), key("lower((r.title)::text)"), key("(r.data ->> 'k'::text)")
    ('state', '(lower((title)::text))', "((data ->> 'k'::text))")
    """
    unlabelled = _RELABELLED.match(side.strip())
    plain = unlabelled["inner"] if unlabelled and _COLUMN.fullmatch(unlabelled["inner"]) else side
    if match := _COLUMN.fullmatch(bare(plain)):
        return match["name"]
    return f"({unqualified(side)})"


def unqualified(text: str) -> str:
    """Return a condition without the tables' names, as an index's predicate has it."""
    kept = iter(_LITERAL.findall(text))
    return re.sub("\0", lambda _: next(kept), _COLUMN.sub(lambda m: m["name"], _LITERAL.sub("\0", text)))


def _clause(text: str) -> Clause:
    inside = bare(text)
    pieces, depth, at = list(sqltext.tokens(inside)), 0, 0
    for place, (kind, token) in enumerate(pieces):
        if token in "([":
            depth += 1
        elif token in ")]":
            depth -= 1
        elif depth == 0 and kind == "other" and token in _OPERATOR:
            sign = _sign(pieces, place)
            return Clause(inside[:at].strip(), sign, inside[at + len(sign) :].strip(), text)
        elif depth == 0 and token == "IS" and at:
            return Clause(inside[:at].strip(), inside[at:].strip(), "", text)
        elif token == "NOT" and not at:
            return Clause(inside[3:].strip(), "NOT", "", text)
        at += len(token)
    return Clause(inside, "", "", text)


def _sign(pieces: list[tuple[str, str]], place: int) -> str:
    sign = ""
    while place < len(pieces) and pieces[place][1] in _OPERATOR:
        sign, place = sign + pieces[place][1], place + 1
    return sign


def _split(text: str, word: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for _, token in sqltext.tokens(text):
        depth += (token in ("(", "[")) - (token in (")", "]"))
        if depth == 0 and token == word:
            parts.append(current.strip())
            current = ""
        else:
            current += token
    return [*parts, current.strip()]


def _closes(text: str) -> int:
    depth = at = 0
    for _, token in sqltext.tokens(text):
        depth += (token == "(") - (token == ")")
        if depth == 0:
            return at
        at += len(token)
    return -1

"""The type and collation of expressions, out of what the catalog keeps of them (pg_node_tree).

PostgreSQL says it nowhere else of the expressions of CREATE STATISTICS without a lock on their table. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: pg_type.oid of boolean: what comparisons and tests, which name no type, have.
BOOLEAN = 16

# primnodes.h: funcresulttype, opresulttype, resulttype, refrestype, casetype, coalescetype, minmaxtype.
_TYPE = re.compile(r":(?:\w*resulttype|refrestype|casetype|coalescetype|minmaxtype|array_typeid|row_typeid) (\d+)")
_COLLATION = re.compile(r":(?!inputcollid)\w*collid (\d+)")
_OPENS, _CLOSES = "{", "}"


def results(text: str) -> list[tuple[int, int]]:
    """Return for each expression of a list the OIDs of its type and of its collation (0 for none).

    >>> results("({OPEXPR :opno 551 :opresulttype 23 :opcollid 0 :args ({VAR :vartype 25 :varcollid 100})})")
    [(23, 0)]
    """
    return [(_first(_TYPE, own, BOOLEAN), _first(_COLLATION, own, 0)) for own in _nodes(text)]


def _first(pattern: re.Pattern[str], text: str, otherwise: int) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else otherwise


def _nodes(text: str) -> Iterator[str]:
    """Yield each outermost node without those inside it."""
    depth, own = 0, ""
    # Braces in names stand behind a backslash.
    for piece in re.findall(r"\\.|[{}]|[^\\{}]+", text):
        depth += piece == _OPENS
        if depth == 1:
            own += piece
        if piece == _CLOSES:
            depth -= 1
            if depth == 0:
                yield own
                own = ""

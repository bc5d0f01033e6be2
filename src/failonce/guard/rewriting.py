"""What rewrites are made with: copies of a statement's syntax tree, and who in it owns a column. Pure.

A rewrite is a guess until it is planned and run: what looks right and is not (NOT IN among NULLs) is sorted out by
running both on generated rows, so a rule may be short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from failonce.model.rewrite import Pair
from failonce.structure import Structure

REWRITES = "failonce.guard.rewrites"
_CHANGES = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Into, exp.Lock)
_SHAPED = ("group", "having", "distinct", "limit", "offset", "windows", "qualify", "with_", "with")


@dataclass(frozen=True, slots=True)
class Question:
    """A statement that may be written in another way."""

    #: Shared: copied before it is changed.
    tree: exp.Query
    structure: Structure
    #: The statement as it was written.
    sql: str
    #: The deepest OFFSET that was written or sent along, if it is deep.
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A statement in another way, not planned and not tried yet."""

    what: str
    sql: str
    #: To be run on generated rows.
    pairs: tuple[Pair, ...]
    #: The statement whose cost it is to beat; the one under review when None.
    before: str | None = None


Change = Callable[[exp.Query, Structure], exp.Query | None]


def transformed(question: Question, change: Change, what: str) -> Proposal | None:
    """Return what a change makes of a statement; `change` may alter the tree it is given, or return None.

    Both are held against each other without LIMIT, which cuts where ORDER BY may not decide, and with the keys of
    ORDER BY at the end of each row.
    """
    changed = change(question.tree.copy(), question.structure)
    if changed is None:
        return None
    plain, keys = comparable(question.tree)
    rewritten = change(plain.copy(), question.structure)
    if rewritten is None:
        return None
    pairs = (as_read(question), Pair(written(plain), written(rewritten), keys))
    return Proposal(what, written(changed, pretty=True), pairs)


def as_read(question: Question) -> Pair:
    """Return the statement beside what was read of it: the reader itself may err."""
    return Pair(question.sql, written(question.tree))


def written(tree: exp.Expr, *, pretty: bool = False) -> str:
    """Return a tree as SQL of PostgreSQL."""
    return tree.sql(dialect="postgres", pretty=pretty)


def is_plain(tree: exp.Expr | None) -> bool:
    """Tell whether a statement only reads, and locks nothing."""
    return isinstance(tree, exp.Query) and tree.find(*_CHANGES) is None


def comparable(tree: exp.Query) -> tuple[exp.Query, int]:
    """Return a statement without LIMIT, what it is ordered by added to each row, and how many columns that is."""
    plain = tree.copy()
    plain.set("limit", None)
    plain.set("offset", None)
    order = plain.args.get("order")
    if order is None or not isinstance(plain, exp.Select):
        return plain, 0
    keys = [_key(ordered.this, plain) for ordered in order.expressions]
    if None in keys:
        return plain, 0
    for number, key in enumerate(filter(None, keys), start=1):
        plain.append("expressions", exp.alias_(key, f"failonce_key_{number}"))
    return plain, len(keys)


def _key(ordered: exp.Expr, select: exp.Select) -> exp.Expr | None:
    """Return what an item of ORDER BY stands for: a column's position, the name of one, or itself."""
    if isinstance(ordered, exp.Literal):
        place = int(ordered.this) - 1 if ordered.is_int else -1
        shown = select.expressions[place] if 0 <= place < len(select.expressions) else None
        return None if shown is None or shown.is_star else shown.unalias().copy()
    if isinstance(ordered, exp.Column) and not ordered.table:
        named = next((e for e in select.expressions if isinstance(e, exp.Alias) and e.alias == ordered.name), None)
        return named.this.copy() if named is not None else ordered.copy()
    return ordered.copy()


def sources(select: exp.Select) -> dict[str, str] | None:
    """Return the tables a SELECT reads by the names they have in it; None when it reads something else as well."""
    start = select.args.get("from_") or select.args.get("from")
    read = [start.this] if start is not None else []
    read += [join.this for join in select.args.get("joins") or ()]
    if not all(isinstance(each, exp.Table) and not isinstance(each.this, exp.Func) for each in read):
        return None
    return {each.alias_or_name: ".".join(part.name for part in each.parts) for each in read}


def owner(column: exp.Column, select: exp.Select, structure: Structure) -> str | None:
    """Return the name, within a SELECT, of the table that a column is of; None when that cannot be told."""
    read = sources(select)
    if read is None:
        return None
    if column.table:
        return column.table if column.table in read else None
    tables = {name: structure.table(table) for name, table in read.items()}
    having = [name for name, table in tables.items() if table is not None and table.type_of(column.name)]
    return having[0] if len(having) == 1 and None not in tables.values() else None


def qualify(tree: exp.Expr, select: exp.Select, structure: Structure) -> bool:
    """Put the table before each column of an expression of a SELECT; tell whether all could be placed."""
    for column in list(tree.find_all(exp.Column)):
        name = owner(column, select, structure)
        if name is None:
            return False
        column.set("table", exp.to_identifier(name))
    return True


def type_of(column: exp.Column, select: exp.Select, structure: Structure) -> str:
    """Return a column's type as PostgreSQL names it, empty when that cannot be told."""
    name, read = owner(column, select, structure), sources(select)
    table = structure.table(read[name]) if name and read else None
    return table.type_of(column.name) if table else ""


def key_of(table: str, structure: Structure) -> Iterator[tuple[str, ...]]:
    """Yield the columns of each unique index that holds every row of a table once."""
    known = structure.table(table)
    needed = {column.name for column in known.columns if column.not_null} if known else set()
    for index in structure.indexes_of(table):
        if index.unique and not index.predicate and set(index.keys) <= needed:
            yield index.keys


def conditions(select: exp.Select) -> list[exp.Expr]:
    """Return what WHERE asks for, each that must hold by itself."""
    where = select.args.get("where")
    return list(where.this.flatten()) if where and isinstance(where.this, exp.And) else [where.this] if where else []


def only_reads_rows(select: exp.Expr | None) -> bool:
    """Tell whether something is a SELECT that gives the rows it finds: nothing counted, cut off or made distinct."""
    if not isinstance(select, exp.Select) or any(select.args.get(part) for part in _SHAPED):
        return False
    return not any(e.find(exp.AggFunc, exp.Window) for e in select.expressions)


def constant(tree: exp.Expr) -> bool:
    """Tell whether an expression is the same for every row."""
    return tree.find(exp.Column, exp.Query) is None

"""Masking: the statistics keep their order, shares, correlation and equality across columns, and lose their values.

- Texts, uuids, addresses, bytes and documents become their place in the order of all values of their kind.
- Numbers keep three digits, dates their month, instants their hour; several that fall together are spread out evenly.
  Ranges (`price > 100`, the last seven days) so keep their share of the rows.
- Kept as they are: booleans, enum labels, numbers of three digits or fewer (codes, ratings, amounts rounded by
  people), and texts that the schema itself spells out in a check, a default or an index's predicate.

The same value has the same mask in every column, so that joins are estimated as before; a range's bounds are masked as
other values of their kind. What has no mask (intervals) leaves its values out. Pure: values in, values out; the order
of texts is asked for, it is the database's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from failonce.lab.twin import ranges
from failonce.lab.twin.masks import MASKS, numbers, texts
from failonce.model.blueprint import Blueprint, ColumnStatistics, ExtendedStatistics
from failonce.model.errors import NotFound

#: Sorts texts as a collation does.
Order = Callable[[Sequence[str], str], Sequence[str]]

_KINDS = {
    "smallint": "number",
    "integer": "number",
    "bigint": "number",
    "numeric": "number",
    "real": "number",
    "double precision": "number",
    "date": "date",
    "timestamp without time zone": "instant",
    "timestamp with time zone": "instant",
    "time without time zone": "clock",
    "uuid": "uuid",
    "inet": "address",
    "cidr": "address",
    "bytea": "bytes",
    "jsonb": "document",
}
# pg_type.typcategory: booleans and enums, whose values are part of the schema or none of anybody's business.
_KEPT = frozenset("BE")
_STRINGS = "S"
# A type's length in atttypmod counts four more; a limit this low leaves no room for a longer code.
_LENGTH_EXTRA, _NO_LIMIT = 4, 10
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_SPELLED_OUT = ("table", "constraint", "index", "type")


@dataclass(frozen=True, slots=True)
class Family:
    """Values that are compared with one another, and so masked together."""

    kind: str
    collation: str = ""
    #: How long a value may be at most; 0 for any length.
    length: int = 0


def masked(blueprint: Blueprint, keep: Sequence[str], order: Order) -> Blueprint:
    """Return the blueprint with the values masked, except those of the columns to keep: `orders.status`."""
    kept = {_path(name, blueprint.columns) for name in keep}
    constants = spelled_out(blueprint)
    columns = [c for c in blueprint.columns if _column(c) not in kept]
    masks = _masks(columns, blueprint.extended, kept, order)
    return replace(
        blueprint,
        columns=tuple(c if _column(c) in kept else _of_column(c, masks, constants) for c in blueprint.columns),
        extended=tuple(_of_extended(e, masks, constants, kept) for e in blueprint.extended),
        masked=True,
        kept=tuple(keep),
    )


def spelled_out(blueprint: Blueprint) -> frozenset[str]:
    """Return the texts that the schema itself has as constants."""
    texts = (o.sql for o in blueprint.objects if o.kind in _SPELLED_OUT)
    return frozenset(literal.replace("''", "'") for text in texts for literal in _LITERAL.findall(text))


Masks = dict[Family, dict[str, str]]


def _path(name: str, columns: Iterable[ColumnStatistics]) -> tuple[str, str, str]:
    matches = {_column(c) for c in columns if name in (f"{c.relation}.{c.column}", ".".join(_column(c)))}
    if len(matches) != 1:
        what = "several schemas have" if matches else "there are no statistics of"
        raise NotFound(
            f"{what} a column {name}", hint="write TABLE.COLUMN, or SCHEMA.TABLE.COLUMN, of an analyzed table"
        )
    return matches.pop()


def _column(column: ColumnStatistics) -> tuple[str, str, str]:
    return column.schema, column.relation, column.column


def _family(type_: str, category: str, typmod: int, collation: str) -> Family | None:
    """Return the family of a type's values; None where there is no mask for them."""
    if category in _KEPT:
        return Family("kept")
    if category == _STRINGS and type_ != '"char"':
        limit = typmod - _LENGTH_EXTRA
        return Family("text", collation, limit if 0 < limit < _NO_LIMIT else 0)
    kind = _KINDS.get(type_)
    return Family(kind) if kind else None


def _element_family(column: ColumnStatistics) -> Family | None:
    if column.type == "tsvector":
        return None
    return _family_of_part(column.type.removesuffix("[]"), column)


def _family_of_part(type_: str, column: ColumnStatistics) -> Family | None:
    category = _STRINGS if type_ in ("text", "character varying", "bpchar", "character", "name") else "?"
    return _family(type_, category, column.typmod, column.collation)


def _masks(
    columns: Iterable[ColumnStatistics],
    extended: Iterable[ExtendedStatistics],
    kept: set[tuple[str, str, str]],
    order: Order,
) -> Masks:
    values: dict[Family, set[str]] = defaultdict(set)
    for column in (*columns, *(expression for one in extended for expression in one.expressions)):
        if (family := _family(column.type, column.category, column.typmod, column.collation)) is not None:
            values[family].update(column.common or (), column.bounds or ())
        if column.elements and (family := _element_family(column)) is not None:
            values[family].update(column.elements)
        if column.range_bounds and (family := _family_of_part(column.subtype, column)) is not None:
            values[family].update(bound for text in column.range_bounds for bound in ranges.bounds(text))
    for one in extended:
        for place, family in enumerate(_dimensions(one, kept)):
            if family is not None:
                values[family].update(item[place] for item in one.common if item[place] is not None)  # type: ignore[misc]
    return {family: _mask(family, found, order) for family, found in values.items()}


def _mask(family: Family, values: set[str], order: Order) -> dict[str, str]:
    if family.kind == "kept":
        return {value: value for value in values}
    if family.kind == "text":
        return texts(list(order(sorted(values), family.collation)), family.length)
    return MASKS[family.kind](values)


def _of_column(column: ColumnStatistics, masks: Masks, constants: frozenset[str]) -> ColumnStatistics:
    family = _family(column.type, column.category, column.typmod, column.collation)
    mask = masks.get(family, {}) if family else {}
    common = _all(column.common, {**mask, **_fixed(column.common, constants)} if mask else mask)
    return replace(
        column,
        common=common,
        common_shares=column.common_shares if common else None,
        bounds=_all(column.bounds, mask),
        **_elements(column, masks),  # type: ignore[arg-type]
        **_ranges(column, masks),  # type: ignore[arg-type]
    )


def _fixed(values: Sequence[str] | None, constants: frozenset[str]) -> dict[str, str]:
    return {value: value for value in values or () if value.rstrip() in constants}


def _elements(column: ColumnStatistics, masks: Masks) -> dict[str, object]:
    if not column.elements:
        return {}
    if column.type == "tsvector":
        # Sorted by length first: of one length, they stay in this order.
        return {"elements": tuple(f"{n:06d}" for n in range(len(column.elements)))}
    family = _element_family(column)
    elements = _all(column.elements, masks.get(family, {}) if family else {})
    return {
        "elements": elements,
        "element_shares": column.element_shares if elements else None,
        "element_counts": column.element_counts if elements else None,
    }


def _ranges(column: ColumnStatistics, masks: Masks) -> dict[str, object]:
    if not column.range_lengths:
        return {}
    family = _family_of_part(column.subtype, column)
    mask = masks.get(family, {}) if family else {}
    bounds = [ranges.with_bounds(text, mask) for text in column.range_bounds or ()]
    lengths = _all(column.range_lengths, numbers(column.range_lengths))
    if None in bounds or lengths is None:
        return {"range_bounds": None, "range_lengths": None}
    return {"range_bounds": tuple(bounds) or None, "range_lengths": lengths}


def _all(values: Sequence[str] | None, mask: dict[str, str]) -> tuple[str, ...] | None:
    """Return all values masked; None when one of them has no mask."""
    if not values or any(value not in mask for value in values):
        return None
    return tuple(mask[value] for value in values)


def _of_extended(
    one: ExtendedStatistics, masks: Masks, constants: frozenset[str], kept: set[tuple[str, str, str]]
) -> ExtendedStatistics:
    own = tuple(_of_column(expression, masks, constants) for expression in one.expressions)
    families = list(_dimensions(one, kept))
    known = [masks.get(f) if f is not None and f.kind != "kept" else None for f in families]
    if any(f is None for f in families) or len(families) != len(one.common[0] if one.common else families):
        return replace(one, common=(), common_shares=(), base_shares=(), expressions=own)
    items = {
        place: item for place, values in enumerate(one.common) if (item := _item(values, known, constants)) is not None
    }
    return replace(
        one,
        common=tuple(items.values()),
        common_shares=tuple(one.common_shares[place] for place in items),
        base_shares=tuple(one.base_shares[place] for place in items),
        expressions=own,
    )


def _item(
    values: Sequence[str | None], masks: Sequence[dict[str, str] | None], constants: frozenset[str]
) -> tuple[str | None, ...] | None:
    """Return an item masked; None when a value has no mask."""
    item = tuple(_value(value, mask, constants) for value, mask in zip(values, masks, strict=True))
    lost = any(image is None and value is not None for value, image in zip(values, item, strict=True))
    return None if lost else item


def _value(value: str | None, mask: dict[str, str] | None, constants: frozenset[str]) -> str | None:
    if value is None or mask is None or value.rstrip() in constants:
        return value
    return mask.get(value)


def _dimensions(one: ExtendedStatistics, kept: set[tuple[str, str, str]]) -> Iterator[Family | None]:
    schema, _, table = one.table.rpartition(".")
    names = [one.columns[n] for n in sorted(one.columns, key=int)]
    # Expressions, which come after the columns, have no name to be kept by.
    names += [""] * (len(one.types) - len(names))
    kinds = zip(one.types, one.categories, one.typmods, one.collations, strict=True)
    for name, (type_, category, typmod, collation) in zip(names, kinds, strict=True):
        if (schema, table, name) in kept:
            yield Family("kept")
        else:
            yield _family(type_, category, typmod, collation)

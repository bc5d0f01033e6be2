"""One mask a kind of value: from all values of the kind to what stands for each, in the same order. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import groupby
from math import ceil

#: Digits a number keeps.
DIGITS = 3
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HOUR = 3_600_000_000
_SPECIAL = frozenset({"NaN", "Infinity", "-Infinity", "infinity", "-infinity"})


def texts(ordered: Sequence[str], length: int) -> dict[str, str]:
    """Return each text's place, as a code that sorts alike in every collation; of a length that its column takes.

    >>> texts(["ape", "bee", "cow"], 0)
    {'ape': 'v0', 'bee': 'v1', 'cow': 'v2'}
    >>> texts(["A", "N", "R"], 1)
    {'A': '0', 'N': '1', 'R': '2'}
    """
    if length:
        return _short(ordered, length)
    known, width = set(ordered), len(str(len(ordered)))
    # A code is no original value: the first letter with which none is.
    prefix = next(p for p in (*"vwxyz", "vwxyz") if p == "vwxyz" or not any(_is_code(t, p) for t in known))
    return {text: f"{prefix}{place:0{width}d}" for place, text in enumerate(ordered)}


def _is_code(text: str, prefix: str) -> bool:
    return text.startswith(prefix) and text[len(prefix) :].isdigit()


def _short(ordered: Sequence[str], length: int) -> dict[str, str]:
    if len(ordered) > len(_ALPHABET) ** length:
        return {}
    width = 1
    while len(_ALPHABET) ** width < len(ordered):
        width += 1
    return {text: _digits(place, width) for place, text in enumerate(ordered)}


def _digits(number: int, width: int) -> str:
    found = ""
    for _ in range(width):
        number, digit = divmod(number, len(_ALPHABET))
        found = _ALPHABET[digit] + found
    return found


def numbers(values: Iterable[str]) -> dict[str, str]:
    """Return each number with three digits left; those that fall together are spread between this one and the next.

    >>> numbers(["7", "0.05", "41112", "41113", "987654", "-12.5"])
    {'-12.5': '-12.5', '0.05': '0.05', '7': '7', '41112': '41100', '41113': '41107', '987654': '987000'}
    """
    known = {text: number for text in values if (number := _number(text)) is not None}
    ordered = sorted(set(known.values()))
    images: dict[Decimal, Decimal] = {}
    for base, cell in groupby(ordered, _cell):
        images |= _spread(base, list(cell))
    found = {text: _like(text, images[number]) for text, number in sorted(known.items(), key=lambda item: item[1])}
    return found | {text: text for text in values if text in _SPECIAL}


def _like(text: str, image: Decimal) -> str:
    """Write a number with as many decimals as the text it stands for."""
    decimals = max(0, -int(Decimal(text).as_tuple().exponent))
    return f"{image:.{decimals}f}"


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number.normalize() if number.is_finite() else None


def _cell(number: Decimal) -> Decimal:
    """Return the number with its first digits, rounded down."""
    if number == 0:
        return number
    step = Decimal(1).scaleb(number.adjusted() - DIGITS + 1)
    return (number // step - (1 if number < 0 and number % step else 0)) * step


def _spread(base: Decimal, cell: list[Decimal]) -> dict[Decimal, Decimal]:
    """Return a place for each number of a cell, in order, on its own grid, never above the largest."""
    images = {base: base} if cell[0] == base else {}
    moved = [number for number in cell if number != base]
    first = len(images)
    last = base if images else base - 1
    for place, number in enumerate(moved, start=first):
        unit = Decimal(1).scaleb(min(int(number.as_tuple().exponent), 0))
        wished = base + (cell[-1] - base) * place / (len(moved) + first)
        image = ceil(wished / unit) * unit
        last = images[number] = image if image > last else (last // unit + 1) * unit
    return images


def _by_steps(
    values: Iterable[str], read: Callable[[str], int], write: Callable[[int], str], cell: Callable[[int], int]
) -> dict[str, str]:
    """Return times as `numbers` does: the start of their month or hour, spread out where several fall into one."""
    known = {text: read(text) for text in values if text not in _SPECIAL}
    images: dict[int, int] = {}
    for base, group in groupby(sorted(set(known.values())), cell):
        members = [Decimal(number) for number in group]
        images |= {int(k): int(v) for k, v in _spread(Decimal(base), members).items()}
    return {text: write(images[number]) for text, number in known.items()} | {t: t for t in values if t in _SPECIAL}


def dates(values: Iterable[str]) -> dict[str, str]:
    """Return each date with its month left.

    >>> dates(["1985-03-17", "2026-01-31", "2026-01-30"])
    {'1985-03-17': '1985-03-01', '2026-01-31': '2026-01-16', '2026-01-30': '2026-01-01'}
    """
    readable = [text for text in values if text in _SPECIAL or _readable(date.fromisoformat, text)]
    return _by_steps(
        readable,
        lambda text: date.fromisoformat(text).toordinal(),
        lambda number: date.fromordinal(number).isoformat(),
        lambda number: date.fromordinal(number).replace(day=1).toordinal(),
    )


def instants(values: Iterable[str]) -> dict[str, str]:
    """Return each timestamp with its hour left.

    >>> instants(["2026-01-02 10:31:07.5+00"])
    {'2026-01-02 10:31:07.5+00': '2026-01-02 10:00:00+00:00'}
    """
    readable = [text for text in values if text in _SPECIAL or _readable(datetime.fromisoformat, text)]
    return _by_steps(readable, _microseconds, _instant, lambda number: number // _HOUR * _HOUR)


def clocks(values: Iterable[str]) -> dict[str, str]:
    """Return each time of day with its hour left.

    >>> clocks(["10:31:07"])
    {'10:31:07': '10:00:00'}
    """
    day = "1970-01-01 "
    found = instants([day + text for text in values if text != "24:00:00"])
    return {text.removeprefix(day): mask[len(day) : len(day) + 15].partition("+")[0] for text, mask in found.items()}


def _readable(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        # Before Christ, or after the year 9999.
        return False
    return True


def _microseconds(text: str) -> int:
    told = datetime.fromisoformat(text)
    return ((told if told.tzinfo else told.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND


def _instant(number: int) -> str:
    return (_EPOCH + timedelta(microseconds=number)).isoformat(sep=" ")


def _places(values: Iterable[str], key: Callable[[str], object], write: Callable[[int], str]) -> dict[str, str]:
    ordered = sorted(values, key=key)  # type: ignore[arg-type]
    return {value: write(place) for place, value in enumerate(ordered)}


def _address_key(text: str) -> tuple[int, int, int]:
    interface = ipaddress.ip_interface(text)
    return interface.version, int(interface.network.network_address), int(interface.ip)


#: For each kind of values its mask.
MASKS: dict[str, Callable[[Iterable[str]], dict[str, str]]] = {
    "number": numbers,
    "date": dates,
    "instant": instants,
    "clock": clocks,
    "uuid": lambda values: _places(values, str, lambda n: f"{n:08x}-0000-0000-0000-000000000000"),
    "bytes": lambda values: _places(values, str, lambda n: f"\\x{n:08x}"),
    "address": lambda values: _places(values, _address_key, lambda n: str(ipaddress.IPv4Address(n))),
    "document": lambda values: _places(values, str, str),
}

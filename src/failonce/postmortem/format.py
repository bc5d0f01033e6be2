"""Numbers, durations and instants as people read them. What is not known reads "not seen", never 0."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from failonce.amount import amount

UNSEEN = "not seen"
_MONTHS = "January February March April May June July August September October November December".split()
# A share is 0..1 in the model and a percentage on paper; a ratio is a factor.
_WRITTEN = {"share": (100.0, " %"), "%": (1.0, " %"), "percent": (1.0, " %"), "ratio": (1.0, "×")}


def number(value: float) -> str:
    """Return a number as the rest of the house writes it.

    >>> [number(v) for v in (0, 0.1234, 3.333, 13.57, 13500.4, math.inf)]
    ['0', '0.12', '3.3', '14', '13,500', 'not seen']
    """
    return amount(value) if math.isfinite(value) else UNSEEN


def quantity(value: float | str | None, unit: str) -> str:
    """Return a measured value with its unit.

    >>> quantity(0.92, "share"), quantity(13, "blocks/call"), quantity(3333, "ms"), quantity("absent", "")
    ('92 %', '13 blocks/call', '3.3 s', 'absent')
    >>> quantity(1, "sessions"), quantity(1, "indexes")
    ('1 session', '1 index')
    """
    if value is None:
        return UNSEEN
    if isinstance(value, str):
        return f"{value} {unit}".strip()
    if unit == "ms":
        return milliseconds(value)
    if unit == "s":
        return duration(value)
    factor, written = _WRITTEN.get(unit, (1.0, f" {_counted(value, unit)}" if unit else ""))
    text = number(value * factor)
    return text if text == UNSEEN else text + written


def compact(value: float) -> str:
    """Return a number short enough for an axis.

    >>> compact(0.5), compact(1000), compact(10_000), compact(2_500_000)
    ('0.5', '1,000', '10k', '2.5M')
    """
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= size:
            return f"{value / (1e3 if letter == 'k' else size):g}{letter}"
    return f"{value:,g}"


def milliseconds(value: float | None) -> str:
    """Return a short time in the unit that suits it.

    >>> milliseconds(14), milliseconds(3333), milliseconds(None)
    ('14 ms', '3.3 s', 'not seen')
    """
    if value is None or not math.isfinite(value):
        return UNSEEN
    return amount(value, "ms") if abs(value) < 1000 else duration(value / 1000)


def duration(seconds: float | None) -> str:
    """Return a span of time in at most two units.

    >>> duration(2.04), duration(90), duration(7260), duration(None)
    ('2.0 s', '1 min 30 s', '2 h 1 min', 'not seen')
    """
    if seconds is None or not math.isfinite(seconds):
        return UNSEEN
    if abs(seconds) < 1:
        return amount(seconds * 1000, "ms") if seconds else "0 s"
    if seconds < 59.95:
        return amount(seconds, "s")
    whole = round(seconds)
    large, small, units = (*divmod(whole, 60), ("min", "s")) if whole < 3600 else (*_hours(whole), ("h", "min"))
    return f"{large} {units[0]} {small} {units[1]}" if small else f"{large} {units[0]}"


def clock(at: datetime) -> str:
    """Return the time of day to the second, UTC."""
    return f"{at.astimezone(UTC):%H:%M:%S}"


def day(at: datetime) -> str:
    """Return the date, UTC, the same in every locale."""
    there = at.astimezone(UTC)
    return f"{there.day} {_MONTHS[there.month - 1]} {there.year}"


def period(start: datetime, end: datetime | None) -> str:
    """Return from when to when, UTC; without an end, since when."""
    begins = f"{day(start)}, {clock(start)}"
    if end is None:
        return f"since {begins} UTC"
    ends = clock(end) if day(start) == day(end) else f"{day(end)}, {clock(end)}"
    return f"{begins} – {ends} UTC"


def sentence(text: str) -> str:
    """Return a statement with a full stop at its end. Its first word stays: it may be a name.

    >>> sentence("v41 has run since 13:41:55")
    'v41 has run since 13:41:55.'
    """
    text = text.strip()
    return text + ("" if not text or text[-1] in ".!?:" else ".")


def words(name: str) -> str:
    """Return an ID as words.

    >>> words("slow-responses")
    'Slow responses'
    """
    spaced = name.replace("-", " ").replace("_", " ")
    return spaced[:1].upper() + spaced[1:]


def _hours(seconds: int) -> tuple[int, int]:
    return divmod(round(seconds / 60), 60)


def _counted(value: float, unit: str) -> str:
    """Return a unit in the singular for exactly one."""
    if value != 1 or not unit.isalpha() or not unit.endswith("s"):
        return unit
    return unit.removesuffix("es") if unit.endswith("xes") else unit[:-1]

"""How a measured amount reads: two or three digits say it, the rest is noise."""

from __future__ import annotations


def amount(value: float | None, unit: str = "") -> str:
    """Return a number as people write it.

    >>> amount(9384.2), amount(0.123), amount(2.0), amount(None)
    ('9,384', '0.12', '2', 'unknown')
    >>> amount(1_500_099)
    '1.5 million'
    >>> amount(2140.4, "ms"), amount(999.7, "ms"), amount(0.41, "ms")
    ('2.1 s', '1.0 s', '0.4 ms')
    """
    if value is None:
        return "unknown"
    if unit == "ms" and value >= 999.5:
        return amount(value / 1000, "s")
    if value >= 1e6:
        return f"{value / 1e6:.1f} million {unit}".rstrip()
    if value == int(value) or value >= 10:
        digits = f"{value:,.0f}"
    elif value >= 1 or unit:
        digits = f"{value:.1f}"
    else:
        digits = f"{value:.2g}"
    return f"{digits} {unit}".rstrip()


def percent(share: float) -> str:
    """Return a share as a percentage.

    >>> percent(0.934)
    '93 %'
    """
    return f"{100 * share:.0f} %"


def size(count: float) -> str:
    """Return a number of bytes as PostgreSQL writes it.

    >>> size(507_000_000), size(8192), size(80), size(3 << 40)
    ('484 MB', '8 kB', '80 bytes', '3 TB')
    """
    for unit, bytes_ in (("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20)):
        if count >= bytes_:
            return f"{count / bytes_:.3g} {unit}"
    return f"{count / 1024:.0f} kB" if count >= 1024 else f"{count:.0f} bytes"

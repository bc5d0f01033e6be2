"""Any Snapshot the model allows, for hypothesis: derived from the type hints, at the precision a recording keeps."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import get_type_hints

from hypothesis import strategies as st

from failonce.model.snapshot import Snapshot

INSTANTS = st.integers(0, 4 * 10**15).map(lambda us: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=us))
COUNTS = st.integers(-(2**63), 2**63 - 1)


def measured(decimals: int):
    return st.floats(allow_nan=False).map(lambda value: round(value, decimals))


SCALARS = {
    str: st.text(max_size=8),
    int: COUNTS,
    bool: st.booleans(),
    float: measured(3),
    datetime: INSTANTS,
}
EXACT = {"bounds_s": st.lists(st.floats(allow_nan=False), max_size=4).map(tuple), "seconds": measured(4)}


def values(hint):
    if hint in SCALARS:
        return SCALARS[hint]
    if hasattr(hint, "__dataclass_fields__"):
        return nouns(hint)
    options = hint.__args__
    if type(None) in options:
        return st.none() | values(options[0])
    return st.lists(values(options[0]), max_size=3).map(tuple)


def nouns(noun, **given):
    hints = get_type_hints(noun)
    parts = {f.name: EXACT[f.name] if f.name in EXACT else values(hints[f.name]) for f in fields(noun)}
    return st.builds(noun, **(parts | given))


@st.composite
def snapshots(draw, max_size=6):
    """Several snapshots in order of time."""
    instants = sorted(draw(st.sets(INSTANTS, min_size=1, max_size=max_size)))
    return [draw(nouns(Snapshot, at=st.just(at))) for at in instants]

"""Facts that are instants, made comparable: only what the document says of day and zone is used, nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from failonce.postmortem.read.facts import Fact, Facts

DAY = 24 * 60
_LONGEST = 40


def start(facts: Facts) -> Fact | None:
    """Return the start of the outage, as precisely as it is known."""
    return facts.start or facts.start_local


def end(facts: Facts) -> Fact | None:
    """Return the end of the outage, as precisely as it is known."""
    return facts.end or facts.end_local


def minutes_between(earlier: Fact | None, later: Fact | None) -> int | None:
    """Return the minutes from one instant to another; None when they cannot be compared.

    Two times of day without a date are taken to be less than twelve hours apart.
    """
    if earlier is None or later is None:
        return None
    first, second = str(earlier.value), str(later.value)
    if not (_time(first) and _time(second)) or is_dated(earlier) != is_dated(later):
        return None
    if is_dated(earlier):
        one, two = datetime.fromisoformat(first), datetime.fromisoformat(second)
        if (one.tzinfo is None) != (two.tzinfo is None):
            one, two = one.replace(tzinfo=None), two.replace(tzinfo=None)
        return round((two - one).total_seconds() / 60)
    apart = time_of_day(second) - time_of_day(first)
    return (apart + DAY // 2) % DAY - DAY // 2


def is_dated(fact: Fact) -> bool:
    """Tell whether an instant's day is known."""
    value = str(fact.value)
    return "T" in value and not value.startswith("T")


def said(fact: Fact) -> str:
    """Return an instant in the document's words, or as it was read when those are a whole sentence."""
    if len(fact.as_written) > _LONGEST:
        return str(fact.value).lstrip("T").replace("T", " ")
    words = fact.as_written.strip(" ,;")
    return f"{words})" if words.count("(") > words.count(")") else words


def clock_of(fact: Fact) -> Fact:
    """Return an instant without its day."""
    return replace(fact, value=str(fact.value).split("T")[-1])


def time_of_day(value: str) -> int:
    """Return an instant's minutes since midnight.

    >>> time_of_day("2024-06-05T14:05+00:00"), time_of_day("T14:05"), time_of_day("14:05")
    (845, 845, 845)
    """
    hour, minute = _time(value).split(":")[:2]
    return int(hour) * 60 + int(minute[:2])


def _time(value: str) -> str:
    after = value.split("T")[-1]
    return after if ":" in after else ""

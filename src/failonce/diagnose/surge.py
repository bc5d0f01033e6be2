"""The statement that is called many times as often as before, though no more requests arrive.

Such a statement may be too short to be caught at work by a sample, so the statistics lead here and not the sessions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from failonce.diagnose.part import Part, Work

#: Calls per second that grew by this factor are another way to call, not more visitors.
_OFTENER = 5.0
#: Calls a second below which nothing is a surge.
_LEAST = 2.0


@dataclass(frozen=True, slots=True)
class Surge:
    """A statement's calls, now and before."""

    fingerprint: str
    text: str | None
    now: Work
    #: Before the onset; where it did not run in the time watched, all that the server counted of it before that.
    was: Work | None
    calls_per_s: float
    calls_per_s_before: float
    #: Its part of the calls, and of the time, that were added.
    share_of_calls: float
    share_of_time: float


def surge(before: Part, during: Part, queries: Mapping[str, str]) -> Surge | None:
    """Return the statement with the most added time among those called many times as often; None if there is none."""
    now, was = during.statements, before.statements
    seconds, seconds_before = during.statement_seconds, before.statement_seconds
    if not seconds or not seconds_before:
        return None
    calls = {key: work.calls / seconds - _rate(was.get(key), seconds_before) for key, work in now.items()}
    time = {key: work.exec_ms / seconds - _time(was.get(key), seconds_before) for key, work in now.items()}
    all_calls, all_time = (sum(v for v in added.values() if v > 0) for added in (calls, time))
    oftener = [key for key in now if _is_oftener(now[key].calls / seconds, _rate(was.get(key), seconds_before))]
    likely = max(oftener, key=lambda key: (time[key], key), default=None)
    if likely is None:
        return None
    return Surge(
        fingerprint=likely,
        text=queries.get(likely),
        now=now[likely],
        was=was.get(likely) or during.lifetime.get(likely),
        calls_per_s=now[likely].calls / seconds,
        calls_per_s_before=_rate(was.get(likely), seconds_before),
        share_of_calls=calls[likely] / all_calls if all_calls else 0.0,
        share_of_time=time[likely] / all_time if all_time else 0.0,
    )


def _rate(work: Work | None, seconds: float) -> float:
    return work.calls / seconds if work else 0.0


def _time(work: Work | None, seconds: float) -> float:
    return work.exec_ms / seconds if work else 0.0


def _is_oftener(now: float, was: float) -> bool:
    return now >= _LEAST and now >= _OFTENER * was

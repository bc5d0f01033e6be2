"""The alarm: feeds on snapshots one at a time and says which series stand outside their baseline.

Two stages. First an alarm: at once, when two of three samples are far above the baseline; with patience, when the last
fifteen rank above it, if by less: a weak fault is one too; and when they rank above the oldest part of it, for a fault
that creeps takes its own baseline along. Then, with the alarm's own samples at hand, the change
point: when it really began. While an incident is open the baseline is frozen: an outage must not become the new
normal. Its only clock is the snapshots'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from statistics import fmean, median
from types import ModuleType

from failonce import plugins
from failonce.amount import amount
from failonce.model.signal import Signal
from failonce.model.snapshot import Snapshot
from failonce.robust import change_point, clipped, rank_shift, usual

#: Samples a baseline is made of, at most: five minutes at one a second.
MEMORY = 300
#: Samples before a baseline can carry an alarm.
WARM_UP = 10
#: The latest samples are judged and not yet learned from.
LATEST = 3
#: Spreads above the median that raise the alarm. Heavy tails are the rule at 1 Hz; six keeps a healthy hour silent.
RAISED = 6.0
#: Samples that show a move for long.
SHIFTED = 15
#: What a series must have moved by when it has done so for long: ranks against the baseline, and spreads.
SUSTAINED, MOVED = 4.0, 2.5
#: The oldest part of the baseline, which a fault that creeps reaches last.
OLDEST = 3
#: Spreads within which a series counts as back in its baseline.
CALM = 3.0
#: Samples before the alarm in which the onset is looked for.
LOOKBACK = 60


class Alarm:
    """All detectors' series, their baselines, and which of them are raised."""

    def __init__(self) -> None:
        """Start with no memory."""
        self._tracks = [Track(d) for d in plugins.load("failonce.detect").values()]
        #: The series that users feel.
        self.felt = frozenset(track.id for track in self._tracks if track.seen_by == "users")

    def step(self, snapshot: Snapshot) -> tuple[Signal, ...]:
        """Take in one snapshot; return the signals that stand now."""
        for track in self._tracks:
            track.add(snapshot)
        return self.signals()

    def signals(self) -> tuple[Signal, ...]:
        """Return a signal for each series that is outside its baseline, earliest onset first."""
        raised = [track.signal() for track in self._tracks if track.is_raised()]
        return tuple(sorted(raised, key=lambda s: (s.onset_at, s.id)))

    def opens_incident(self, signals: Iterable[Signal]) -> bool:
        """Tell whether these signals are an outage: users feel it, or nobody can say what users feel."""
        users_seen = any(track.has_baseline() for track in self._tracks if track.id in self.felt)
        raised = {s.id for s in signals}
        return bool(raised & self.felt) if users_seen else bool(raised)

    def is_calm(self, samples: int) -> bool:
        """Tell whether every series has been back in its baseline for so many samples; never without a baseline."""
        known = [track for track in self._tracks if track.has_baseline()]
        return bool(known) and all(track.is_calm(samples) for track in known)

    def freeze(self) -> None:
        """Keep the baselines as they are: an incident is open."""
        for track in self._tracks:
            track.freeze()

    def thaw(self) -> None:
        """Learn again: the incident is over."""
        for track in self._tracks:
            track.thaw()


class Track:
    """One detector's series and its baseline."""

    def __init__(self, detector: ModuleType) -> None:
        """Follow what `detector` measures."""
        self.id: str = detector.ID
        self.seen_by: str = detector.SEEN_BY
        self._detector = detector
        self._times: list[datetime] = []
        self._values: list[float] = []
        self._frozen: list[float] | None = None
        self._since_frozen = 0
        # Of the baseline as it stands, until the next sample or until it is frozen or let go.
        self._usual: tuple[float, float] | None = None

    def add(self, snapshot: Snapshot) -> None:
        """Take in one snapshot, if it has something to measure."""
        value = self._detector.measure(snapshot)
        if value is None:
            return
        self._times.append(snapshot.at)
        self._values.append(value)
        self._usual = self._usual if self._frozen is not None else None
        self._since_frozen += 1
        keep = MEMORY + LOOKBACK
        if len(self._values) > 2 * keep:
            del self._times[:-keep], self._values[:-keep]

    def has_baseline(self) -> bool:
        """Tell whether enough was seen to call something usual."""
        return len(self._baseline()) >= WARM_UP

    def is_raised(self) -> bool:
        """Tell whether the series has left its baseline: far, for long, or taking it along."""
        return self.has_baseline() and (self._is_far() or self._is_sustained() or self._has_crept())

    def _is_far(self) -> bool:
        far = [self._deviation(v) >= RAISED for v in self._values[-LATEST:]]
        return sum(far) >= 2

    def _is_sustained(self) -> bool:
        return self._stands_above(self._earlier() if self._frozen is None else self._frozen)

    def _has_crept(self) -> bool:
        return self._frozen is None and self._stands_above(self._oldest())

    def _stands_above(self, earlier: Sequence[float]) -> bool:
        """Tell whether the latest samples have been above earlier ones for long; they are no part of those."""
        if len(earlier) < WARM_UP:
            return False
        latest = self._values[-SHIFTED:]
        middle, scale = usual(earlier, floor=self._detector.FLOOR)
        return (median(latest) - middle) / scale >= MOVED and rank_shift(sorted(earlier), latest) >= SUSTAINED

    def _earlier(self) -> list[float]:
        return self._values[-MEMORY - SHIFTED : -SHIFTED]

    def _oldest(self) -> list[float]:
        """Return the oldest part of what was seen, without the samples that are judged."""
        seen = self._earlier()
        return seen[: len(seen) // OLDEST]

    def is_calm(self, samples: int) -> bool:
        """Tell whether the last samples are close to the baseline, one stray excepted."""
        return sum(self._deviation(v) >= CALM for v in self._values[-samples:]) <= 1

    def signal(self) -> Signal:
        """Return this series' signal, its onset found again with all that is known by now."""
        baseline, value, unit = median(self._before()), fmean(self._values[-LATEST:]), self._detector.UNIT
        return Signal(
            id=self.id,
            onset_at=self._onset_at(),
            value=value,
            baseline=baseline,
            unit=unit,
            statement=f"{self._detector.LABEL}: {amount(value, unit)}, was {amount(baseline, unit)}",
        )

    def freeze(self) -> None:
        """Keep the baseline as it is."""
        self._frozen = self._before()
        self._since_frozen = LATEST
        self._usual = None

    def thaw(self) -> None:
        """Let the baseline follow again, without what was seen meanwhile."""
        self._frozen = self._usual = None
        outage = slice(-self._since_frozen, -LATEST)
        del self._times[outage], self._values[outage]

    def _baseline(self) -> list[float]:
        return self._values[-MEMORY - LATEST : -LATEST] if self._frozen is None else self._frozen

    def _before(self) -> list[float]:
        """Return the baseline; of one that was taken along, the part that was not."""
        return self._oldest() if self._has_crept() else self._baseline()

    def _deviation(self, value: float) -> float:
        if self._usual is None:
            self._usual = usual(self._baseline(), floor=self._detector.FLOOR)
        middle, scale = self._usual
        return (value - middle) / scale

    def _onset_at(self) -> datetime:
        """Return when the series moved, looking back from now.

        Deviations are clipped so that one spike before the onset, however high, is not taken for a level.
        """
        recent = list(islice(reversed(self._values), LOOKBACK))[::-1]
        deviations = clipped([self._deviation(v) for v in recent], -CALM, RAISED)
        return self._times[len(self._times) - len(recent) + change_point(deviations)]

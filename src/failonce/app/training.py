"""Train: a person plays the on-call engineer on a recorded outage, against the clock, the engine and the precedent.

They see what one would see, ask for evidence, and name a cause. Nothing here knows a clock: seconds are told.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from failonce import plugins
from failonce.app.drill import find, run_drill
from failonce.app.events import Event, Phase
from failonce.app.investigation import Investigation
from failonce.app.staging import Staging
from failonce.diagnose.case import Case
from failonce.diagnose.exhibits import exhibits
from failonce.model.drill import Precedent, Truth
from failonce.model.errors import NotFound, UsageError
from failonce.observe.recording import read
from failonce.plugins import summary

#: What is shown beyond the engine's verdict.
_AFTER_VERDICT = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Score:
    """How the person did."""

    named: str
    truth: Truth
    is_right: bool
    seconds: float
    #: What they asked for, in order.
    asked: tuple[str, ...]
    #: Seconds the engine took from the onset; None when it named nothing.
    engine_seconds: float | None
    precedent: Precedent | None
    #: The causal chain, as the engine tells it.
    chain: tuple[str, ...]


class Training:
    """One outage to be explained by a person."""

    def __init__(self, drill: str, recording: Path) -> None:
        """Read the outage. Raises NotFound, UsageError when the recording holds none, RecordingDamaged."""
        self._module = find(drill)
        self._investigation = Investigation()
        for snapshot in read(recording):
            self._investigation.step(snapshot)
            if self._is_told(snapshot.at):
                break
        window = self._investigation.window
        if window is None:
            raise UsageError(f"{recording} holds no outage.", hint=f"Make one: failonce drill run {drill} --out DIR")
        self._case = Case(window, self._investigation.signals)
        self._asked: list[str] = []

    def _is_told(self, at: datetime) -> bool:
        """Tell whether the engine has its verdict for good: the person sees no more than it saw, not the repair."""
        said = self._investigation.diagnosis
        return said is not None and said.diagnosed_at is not None and at >= said.diagnosed_at + _AFTER_VERDICT

    @property
    def alert(self) -> tuple[str, ...]:
        """What the pager says."""
        return tuple(signal.statement for signal in self._investigation.signals)

    def evidence(self) -> Sequence[tuple[str, str]]:
        """Return what can be asked for: the word, and what it shows."""
        return [(word, (exhibit.__doc__ or "").rstrip(".")) for word, exhibit in exhibits().items()]

    def causes(self) -> Sequence[tuple[str, str]]:
        """Return what can be named: the cause's ID, and what it is."""
        return [(name, summary(cause)) for name, cause in plugins.load("failonce.diagnose.causes").items()]

    def ask(self, word: str) -> tuple[str, ...]:
        """Return an exhibit's lines. Raises NotFound."""
        known = exhibits()
        if word not in known:
            raise NotFound(f"There is no evidence called {word!r}.", hint=f"Ask for {', '.join(known)}.")
        self._asked.append(word)
        return tuple(known[word](self._case)) or ("nothing to see: it was not watched, or nothing changed",)

    def name(self, cause: str, *, seconds: float) -> Score:
        """Return the score for naming a cause after so many seconds. Raises NotFound."""
        known = dict(self.causes())
        if cause not in known:
            raise NotFound(f"There is no cause called {cause!r}.", hint=f"It is one of {', '.join(known)}.")
        diagnosis, truth = self._investigation.diagnosis, self._module.TRUTH
        named_at = diagnosis.diagnosed_at if diagnosis and not diagnosis.abstained else None
        return Score(
            named=cause,
            truth=truth,
            is_right=cause in truth.causes,
            seconds=seconds,
            asked=tuple(self._asked),
            engine_seconds=(named_at - diagnosis.onset_at).total_seconds() if diagnosis and named_at else None,
            precedent=getattr(self._module, "PRECEDENT", None),
            chain=tuple(f"{link.kind}: {link.statement}" for link in diagnosis.chain) if diagnosis else (),
        )


def rehearse(staging: Staging, *, listener: Callable[[Event], None]) -> Training:
    """Make the outage now, on a private server, and train on it; only its preparation is told.

    Raises NotFound, UsageError, LabFailed.
    """
    with tempfile.TemporaryDirectory(prefix="failonce-training-") as folder:
        out = Path(folder) / "out"
        run_drill(staging, out, apply=False, brief=True, listener=_preparation(listener))
        return Training(staging.drill, out / "recording")


def _preparation(listener: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return a listener that hears nothing of what it was: neither its name nor the verdict."""
    return lambda event: listener(event) if isinstance(event, Phase) and "strikes" not in event.text else None

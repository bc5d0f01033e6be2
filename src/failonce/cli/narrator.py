"""Tells a person what a watch tells: a line that lives at the foot of the screen, and what happened above it.

With `quiet` (for --json) it tells nothing. All text goes to standard error: standard output is for results.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from failonce.app.events import (
    Applied,
    Completed,
    Diagnosed,
    Event,
    GapSeen,
    Opened,
    Phase,
    Proposed,
    Recovered,
    Recurred,
    Ticked,
)
from failonce.cli.verdict import verdict
from failonce.model.snapshot import Snapshot
from failonce.robust import quantile

_BARS = "▁▂▃▄▅▆▇█"
_COLUMNS = 48
#: A log has no width of its own; this one reads well.
_LOG_COLUMNS = 110


class Narrator:
    """A listener for a person's eyes; use it as a context manager."""

    def __init__(self, *, quiet: bool = False) -> None:
        """Tell on standard error; nothing when `quiet`."""
        self.console = Console(stderr=True, highlight=False, quiet=quiet)
        if not self.console.is_terminal:
            self.console.width = _LOG_COLUMNS
        self._latencies: deque[float | None] = deque(maxlen=_COLUMNS)
        self._live = Live(console=self.console, refresh_per_second=4, transient=True)
        self._animate = self.console.is_terminal and not quiet

    def __enter__(self) -> Narrator:
        if self._animate:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._animate:
            self._live.stop()

    def __call__(self, event: Event) -> None:
        """Tell one event."""
        match event:
            case Ticked(snapshot=snapshot):
                self._tick(snapshot)
            case Phase(text=text):
                self._say("·", "dim", text)
            case GapSeen(gap=gap):
                self._say("○", "yellow", f"Cannot see {gap.source}: {gap.reason}", f"{gap.impact}\n→ {gap.hint}")
            case Opened(at=at, signals=signals):
                felt_first = sorted(signals, key=lambda s: s.id != "slow-responses")
                lines = "\n".join(s.statement for s in felt_first) or "Looking: somebody says that there is trouble"
                self._say("▲", "bold red", f"{_clock(at)}  Incident", lines)
            case Diagnosed(at=at, diagnosis=diagnosis):
                seconds = (at - diagnosis.onset_at).total_seconds()
                self._say("◆", "bold magenta", f"{_clock(at)}  Diagnosis, {seconds:.0f} s after the onset")
                self.console.print(Padding(verdict(diagnosis), (0, 0, 1, 2)))
            case Completed(at=at, links=links):
                self._say("◆", "magenta", f"{_clock(at)}  Seen since", "\n".join(link.statement for link in links))
            case Proposed(remedy=remedy):
                more = f"{remedy.sql or ''}\n{remedy.unproven or ''}"
                self._say("✚", "bold cyan", f"Remedy: {remedy.statement}", more)
                for step in remedy.afterwards:
                    self._say(" ", "cyan", f"Then: {step}")
            case Applied(at=at, remedy=remedy):
                self._applied(at, remedy.failed, (at - (remedy.applied_at or at)).total_seconds())
            case Recurred(recurrence=recurrence):
                self._say("↺", "bold magenta", "It happened before", recurrence.explanation)
            case Recovered(at=at, since=since):
                self._say(
                    "✔", "bold green", f"{_clock(at)}  Recovered: every signal in its baseline since {_clock(since)}"
                )

    def _applied(self, at: datetime, failed: str | None, seconds: float) -> None:
        if failed:
            self._say("✘", "bold red", f"{_clock(at)}  The fix failed", failed)
        else:
            self._say("✔", "cyan", f"{_clock(at)}  Applied online in {seconds:.0f} s; watching for the recovery")

    def _say(self, mark: str, style: str, text: str, more: str = "") -> None:
        self.console.print(f"[{style}]{mark} {escape(text)}[/]")
        if more.strip():
            self.console.print(Padding(Text(more.strip(), style="dim"), (0, 0, 0, 2)))

    def _tick(self, snapshot: Snapshot) -> None:
        application = snapshot.application
        p95 = quantile(application.buckets, application.bounds_s, 0.95) if application else None
        self._latencies.append(p95)
        if self._animate:
            self._live.update(self._foot(snapshot, p95))

    def _foot(self, snapshot: Snapshot, p95: float | None) -> RenderableType:
        table = Table.grid(padding=(0, 3))
        active = [s for s in snapshot.sessions or () if s.state == "active" and s.kind == "client backend"]
        application = snapshot.application
        cells = [
            Text(f"{snapshot.at:%H:%M:%S}", style="dim"),
            Text(f"p95 {_milliseconds(p95)}", style="bold"),
            Text(f"{len(active)} active"),
            Text(f"{application.errors if application else 0} errors/s"),
            Text(_sparkline(list(self._latencies)), style="red" if p95 and p95 > 0.3 else "green"),
        ]
        table.add_row(*cells)
        return Group(Text(), table)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}"


def _milliseconds(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def _sparkline(values: list[float | None]) -> str:
    """Return a line of bars on a logarithmic scale from 1 ms to 10 s.

    >>> _sparkline([0.001, 0.1, 10.0, None])
    '▁▄█ '
    """
    from math import log10

    heights = [None if v is None else min(max((log10(max(v, 0.001)) + 3) / 4, 0), 1) for v in values]
    return "".join(" " if h is None else _BARS[round(h * (len(_BARS) - 1) - 0.01)] for h in heights)

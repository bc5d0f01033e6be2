"""Claim: how often the diagnosis is right, in how many seconds, and whether it ever accuses an innocent.

Runs each drill on the real stack, each on a fresh PostgreSQL and application, and holds the verdict against the drill's
truth. Then the same recording is looked at with poor sight: a source missing, or one look in five seconds; taking a
part out of a recording is the same as never having seen it.

    python bench/diagnosis.py                      three runs a drill, each staged another way, and a weak one: hours
    python bench/diagnosis.py --quick              one run a drill, as it is made
    python bench/diagnosis.py --recorded           no runs: the recordings in examples/, in seconds
    python bench/diagnosis.py --kept runs.jsonl    keep each run as a line; begun again, it goes on and totals them all
    python bench/diagnosis.py --quick --course ramp --bouncer  faults that come slowly, through pgbouncer
    python bench/diagnosis.py --recordings DIR     keep the recording of every run, with how it was staged
    python bench/diagnosis.py --again DIR          no runs: those recordings, graded by the engine as it is now
    python bench/diagnosis.py --drills missing-index,lock-storm -n 5 --poor-sight every-5-s,without-host --json

The runs of a drill are staged in turn: as it is made; with a daily rhythm on the oldest server at hand; with bursty
load, on the drill's other application if it has one. Weak runs are the faults at a third of their strength.

What a figure counts: `top1`, the causes named are exactly the true ones; `chain`, every link of the true chain is told;
`culprit`, the true statement or session, with its release, or nobody where nobody is to be blamed; `ruled_out`, every
wrong lead is ruled out; `false_accusations`, another query than the true one, or anything where nothing is wrong;
`abstained`, nothing named although something was wrong. Seconds run from the fault to the stable verdict.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

import msgspec

from failonce.app.course import COURSES, courses
from failonce.app.drill import drills, find, run_drill
from failonce.app.grade import Grade, grade
from failonce.app.sight import SIGHTS, verdict
from failonce.app.staging import Staging, applications
from failonce.model.diagnosis import Diagnosis
from failonce.observe.recording import read
from failonce.robust import wilson

#: A third of the strength.
WEAK = 0.33
EXAMPLES = Path(__file__).parents[1] / "examples"


@dataclass(frozen=True)
class Staged:
    """What a recording does not tell of its run: how it was staged, and when the fault struck."""

    staging: Staging
    struck_at: datetime


@dataclass(frozen=True)
class Run:
    """One verdict, with full sight, and the same with poor sight."""

    drill: str
    kind: str
    grade: Grade
    seconds: float | None
    poor: dict[str, Grade]


def main() -> None:
    options = parser().parse_args()
    names = options.drills.split(",") if options.drills else list(drills())
    sights = [s for s in options.poor_sight.split(",") if s]
    runs = kept(options.kept)
    for run in source(names, sights, options, done=len(runs)):
        runs.append(run)
        keep(run, options.kept)
        if not options.json:
            print(line(run), flush=True)
    facts = report(runs, how="recorded" if options.recorded else "recorded live" if options.again else "live")
    print(json.dumps(facts) if options.json else table(facts))
    sys.exit(1 if facts["total"]["top1"] < facts["total"]["n"] or facts["total"]["false_accusations"] else 0)


def source(names: Sequence[str], sights: Sequence[str], options: argparse.Namespace, *, done: int) -> Iterator[Run]:
    if options.recorded:
        return recorded(names, sights)
    return again(names, sights, options.again) if options.again else live(names, sights, options, done=done)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("-n", type=int, default=3, help="runs of each drill")
    made.add_argument("--quick", action="store_true", help="one run of each drill")
    made.add_argument("--recorded", action="store_true", help="replay examples/ instead of running the drills")
    made.add_argument("--drills", help="these alone, separated by commas")
    made.add_argument("--poor-sight", default=",".join(SIGHTS), help="ways to see less, separated by commas")
    made.add_argument("--weak", action="store_true", help="with --quick: the weak runs too")
    made.add_argument("--course", default="sudden", choices=COURSES, help="how the fault comes, of the drills that can")
    made.add_argument("--bouncer", action="store_true", help="put pgbouncer between application and server")
    made.add_argument("--server", type=int, default=oldest_server(), help="major version for every third run")
    made.add_argument("--kept", type=Path, help="a file of runs, to go on with")
    made.add_argument("--recordings", type=Path, help="a folder to keep the recordings of the runs in")
    made.add_argument("--again", type=Path, help="grade the recordings in that folder instead of running the drills")
    made.add_argument("--most", type=int, help="stop after so many runs more")
    made.add_argument("--json", action="store_true")
    return made


def oldest_server() -> int | None:
    """Return the major version of Debian's server if there is one beside the wheel's."""
    versions = [int(p.name) for p in Path("/usr/lib/postgresql").glob("*") if (p / "bin" / "postgres").exists()]
    return min(versions, default=None)


def kept(file: Path | None) -> list[Run]:
    """Return the runs of an earlier begin."""
    lines = file.read_text().splitlines() if file and file.exists() else []
    return [msgspec.json.decode(line, type=Run) for line in lines]


def keep(run: Run, file: Path | None) -> None:
    if file:
        with file.open("ab") as lines:
            lines.write(msgspec.json.encode(run) + b"\n")


def live(names: Sequence[str], sights: Sequence[str], options: argparse.Namespace, *, done: int) -> Iterator[Run]:
    ends = None if options.most is None else done + options.most
    for staging in islice(stagings(names, options), done, ends):
        with tempfile.TemporaryDirectory(prefix="failonce-bench-") as folder:
            out = Path(folder) / "out"
            outcome = run_drill(staging, out, apply=False, brief=True, listener=lambda _: None)
            if options.recordings:
                keep_recording(out / "recording", Staged(staging, outcome.struck_at), options.recordings)
            yield one(staging, outcome.diagnosis, outcome.struck_at, out / "recording", sights)


def keep_recording(recording: Path, how: Staged, folder: Path) -> None:
    """Put a run where `again` finds it: a folder named after when the fault struck, and the drill."""
    kept_run = folder / f"{how.struck_at:%Y%m%dT%H%M%S}-{how.staging.drill}"
    shutil.copytree(recording, kept_run / "recording")
    (kept_run / "staged.json").write_bytes(msgspec.json.encode(how))


def again(names: Sequence[str], sights: Sequence[str], folder: Path) -> Iterator[Run]:
    for file in sorted(folder.glob("*/staged.json")):
        how = msgspec.json.decode(file.read_bytes(), type=Staged)
        if how.staging.drill in names:
            recording = file.parent / "recording"
            yield one(how.staging, verdict(read(recording)), how.struck_at, recording, sights)


def stagings(names: Sequence[str], options: argparse.Namespace) -> Iterator[Staging]:
    able = [name for name in names if options.course in courses(find(name))]
    for number in range(1 if options.quick else options.n):
        for name in able:
            yield replace(staged(name, number, options), course=options.course, bouncer=options.bouncer)
    for name in able if options.weak or not options.quick else ():
        if kind_of(find(name).TRUTH) == "fault":
            yield Staging(name, strength=WEAK, course=options.course, bouncer=options.bouncer)


def staged(name: str, number: int, options: argparse.Namespace) -> Staging:
    """Return one of three ways to stage a drill, in turn."""
    if number % 3 == 0:
        return Staging(name)
    if number % 3 == 1:
        return Staging(name, server=options.server, load="daily")
    return Staging(name, application=applications(find(name))[-1], load="bursty")


def recorded(names: Sequence[str], sights: Sequence[str]) -> Iterator[Run]:
    for name in names:
        recording = EXAMPLES / name / "recording"
        if recording.exists():
            found = verdict(read(recording))
            yield one(Staging(name), found, found.onset_at if found else None, recording, sights)


def one(
    staging: Staging, found: Diagnosis | None, struck_at: datetime | None, recording: Path, sights: Sequence[str]
) -> Run:
    truth, snapshots = staging.truth(find(staging.drill)), tuple(read(recording))
    full = grade(found, truth)
    poor = {sight: grade(verdict(SIGHTS[sight](snapshots)), truth) for sight in sights}
    kind = "weak" if staging.strength < 1 else kind_of(truth)
    return Run(staging.drill, kind, full, seconds_to_cause(found, struck_at) if full.cause else None, poor)


def seconds_to_cause(found: Diagnosis | None, struck_at: datetime | None) -> float | None:
    """From the fault, or the onset where nobody knows of a fault, to the stable verdict."""
    if found is None or found.diagnosed_at is None or found.abstained or struck_at is None:
        return None
    return round((found.diagnosed_at - struck_at).total_seconds(), 1)


def kind_of(truth) -> str:
    if truth.is_innocent:
        return "innocent"
    return "compound" if truth.also else "decoy" if truth.is_decoy else "fault"


def line(run: Run) -> str:
    said = "right" if run.grade.is_right else "; ".join(run.grade.faults)
    wrong = [sight for sight, seen in run.poor.items() if not seen.is_right_or_silent]
    poor = f"  WRONG with poor sight: {', '.join(wrong)}" if wrong else ""
    return f"{run.drill:<28} {run.seconds if run.seconds is not None else '–':>6} s  {said}{poor}"


def report(runs: Sequence[Run], *, how: str) -> dict:
    poor = [g for run in runs for g in run.poor.values()]
    names, kinds = dict.fromkeys(r.drill for r in runs), dict.fromkeys(r.kind for r in runs)
    return {
        "how": how,
        "total": summary(runs),
        "kinds": {kind: summary([r for r in runs if r.kind == kind]) for kind in kinds},
        "poor_sight": {
            "n": len(poor),
            "right": sum(g.cause for g in poor),
            "abstained": sum(g.abstained for g in poor),
            "wrong": sum(not g.is_right_or_silent for g in poor),
            "false_accusations": sum(g.false_accusation for g in poor),
        },
        "drills": {name: summary([r for r in runs if r.drill == name]) for name in names},
    }


def summary(runs: Sequence[Run]) -> dict:
    seconds = sorted(r.seconds for r in runs if r.seconds is not None)
    p90 = quantiles(seconds, n=10, method="inclusive")[8] if len(seconds) > 1 else (seconds or [None])[0]
    right = sum(r.grade.cause for r in runs)
    return {
        "n": len(runs),
        "top1": right,
        "top1_interval": [round(bound, 3) for bound in wilson(right, len(runs))],
        "chain": sum(r.grade.chain for r in runs),
        "culprit": sum(r.grade.culprit for r in runs),
        "ruled_out": sum(r.grade.ruled_out for r in runs),
        "false_accusations": sum(r.grade.false_accusation for r in runs),
        "abstained": sum(r.grade.abstained for r in runs),
        "median_s": round(median(seconds), 1) if seconds else None,
        "p90_s": round(p90, 1) if p90 is not None else None,
    }


def table(facts: dict) -> str:
    rows = [*facts["kinds"].items(), ("total", facts["total"])]
    head = f"{'':<10} {'n':>4} {'top-1':>6} {'95 %':>12} {'chain':>6} {'culprit':>8} {'ruled out':>10} {'accused':>8}"
    lines = ["", f"{head} {'silent':>7} {'median':>7} {'p90':>6}"]
    for name, s in rows:
        low, high = s["top1_interval"]
        cells = f"{name:<10} {s['n']:>4} {s['top1']:>6} {f'{low:.2f}-{high:.2f}':>12} {s['chain']:>6} {s['culprit']:>8}"
        more = f"{s['ruled_out']:>10} {s['false_accusations']:>8} {s['abstained']:>7}"
        lines.append(f"{cells} {more} {s['median_s'] or '–':>7} {s['p90_s'] or '–':>6}")
    poor = facts["poor_sight"]
    told = f"poor sight: n = {poor['n']}, right {poor['right']}, silent {poor['abstained']}, wrong {poor['wrong']}"
    return "\n".join([*lines, f"{told}, false accusations {poor['false_accusations']}  ({facts['how']})"])


if __name__ == "__main__":
    main()

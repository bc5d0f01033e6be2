"""Claim: seconds from the fault to the right, stable verdict.

Runs drills on the real stack, in turn, each on a fresh PostgreSQL and application, and holds each verdict against the
drill's truth. A run that is not right counts as not right and has no time.

    python bench/time_to_cause.py -n 10 [--drill missing-index --drill release-full-scan] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

from failonce.app.drill import Outcome, run_drill

DRILLS = ["missing-index", "release-full-scan"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=10, help="runs in all, the drills in turn")
    parser.add_argument("--drill", action="append", dest="drills", help="a drill to run; several times for several")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    drills = options.drills or DRILLS
    outcomes = []
    for number in range(options.n):
        outcomes.append(run(drills[number % len(drills)]))
        if not options.json:
            print(line(outcomes[-1]), flush=True)
    report(outcomes, options.json)


def run(drill: str) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="failonce-bench-") as folder:
        return run_drill(drill, Path(folder) / "out", apply=False, brief=True, listener=lambda _: None)


def line(outcome: Outcome) -> str:
    verdict = "right" if not outcome.faults else "; ".join(outcome.faults)
    return f"{outcome.drill:<20} {outcome.seconds_to_cause or '–':>6} s  {verdict}"


def report(outcomes: list[Outcome], as_json: bool) -> None:
    right = [o for o in outcomes if not o.faults and o.seconds_to_cause is not None]
    seconds = [o.seconds_to_cause for o in right if o.seconds_to_cause is not None]
    p90 = quantiles(seconds, n=10, method="inclusive")[8] if len(seconds) > 1 else None
    facts = {
        "n": len(outcomes),
        "right": len(right),
        "median_s": round(median(seconds), 1) if seconds else None,
        "p90_s": round(p90, 1) if p90 is not None else None,
    }
    if as_json:
        facts["runs"] = [{"drill": o.drill, "seconds": o.seconds_to_cause, "faults": list(o.faults)} for o in outcomes]
        print(json.dumps(facts))
    else:
        print(f"n = {facts['n']}, right = {facts['right']}, median {facts['median_s']} s, p90 {facts['p90_s']} s")
    sys.exit(0 if len(right) == len(outcomes) else 1)


if __name__ == "__main__":
    main()

"""Migrations labelled by hand, unsafe and safe on SpiceShare's production: what fails the build, ours and squawk alone.

    python bench/migrations.py [--json]

Ours knows production's sizes (`bench/migrations/production.twin`) and the plans of the statements it runs
(`queries.sql`), and runs squawk itself for the general rules. Squawk alone is given the same files. Its rules of style,
and those that ask for a timeout in every file, are left out for both: with them it alarms at every migration.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from failonce.app.review.files import read_sql
from failonce.app.review.migrations import review_migrations
from failonce.app.review.options import ReviewOptions
from failonce.app.review.statements import review_statements
from failonce.guard import squawk

HERE = Path(__file__).parent / "migrations"


def ours(folder: Path, options: ReviewOptions) -> dict[str, bool]:
    """Return which migrations fail the build."""
    return {Path(report.path).stem: report.errors > 0 for report in review_migrations([folder], options).reports}


def alone(folder: Path) -> dict[str, bool]:
    """Return at which migrations squawk alarms."""
    program = squawk.find()
    assert program is not None, "pip install squawk-cli"
    found = {path.stem: squawk.run(program, path.read_text()) for path in sorted(folder.glob("*.sql"))}
    return {name: any(each.rule not in squawk.STYLE for each in said) for name, said in found.items()}


def figures(unsafe: dict[str, bool], safe: dict[str, bool]) -> dict[str, int]:
    return {
        "caught": sum(unsafe.values()),
        "unsafe": len(unsafe),
        "false_alarms": sum(safe.values()),
        "safe": len(safe),
    }


def measure() -> tuple[dict[str, dict[str, int]], dict[str, dict[str, list[str]]]]:
    """Return the figures of both, and by name what each missed and where it cried wolf."""
    with TemporaryDirectory() as scratch:
        options = ReviewOptions(twin=HERE / "production.twin", baseline=Path(scratch) / "plans.json")
        review_statements(read_sql([HERE / "queries.sql"]), replace(options, keep=True))
        both = {
            "failonce": (ours(HERE / "unsafe", options), ours(HERE / "safe", options)),
            "squawk_alone": (alone(HERE / "unsafe"), alone(HERE / "safe")),
        }
    wrong = {
        who: {"missed": [n for n, red in unsafe.items() if not red], "false": [n for n, red in safe.items() if red]}
        for who, (unsafe, safe) in both.items()
    }
    return {who: figures(*said) for who, said in both.items()}, wrong


def main() -> None:
    found, wrong = measure()
    if "--json" in sys.argv[1:]:
        print(json.dumps({"migrations": found}, indent=2))
        return
    for who, got in found.items():
        print(
            f"{who:<13} caught {got['caught']} of {got['unsafe']}, false alarms {got['false_alarms']} of {got['safe']}"
        )
        print(f"{'':<13} missed: {', '.join(wrong[who]['missed']) or 'none'}")
        print(f"{'':<13} false:  {', '.join(wrong[who]['false']) or 'none'}")


if __name__ == "__main__":
    main()

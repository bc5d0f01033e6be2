"""Claim: postmortems read per second and core, and the time against the size of a document.

Reads each document of a folder (the 108 real ones, where they are at hand) several times over in one process, then one
document made longer and longer. The time is the processor's, so what else runs does not count.

    python bench/read.py FOLDER [-n 5] [--json]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from failonce.postmortem.decoding import text_of
from failonce.postmortem.read import read

SIZES = (1_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000)
LINE = "- {:02}:{:02} UTC: Alert {} fired; 75% of users saw errors, escalated to the database team.\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="documents ending in .md")
    parser.add_argument("-n", type=int, default=5, help="how often each is read")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    texts = [text_of(path.read_bytes())[0] for path in sorted(options.folder.glob("*.md"))]
    facts: dict[str, Any] = {**throughput(texts, options.n), "seconds_by_size": by_size()}
    if options.json:
        print(json.dumps(facts))
        return
    rate, slowest = facts["documents_per_second"], facts["slowest_ms"]
    print(f"{rate} documents/s/core, n = {len(texts)} x {options.n}, slowest {slowest} ms")
    for size, spent in facts["seconds_by_size"].items():
        print(f"{int(size):>10,} characters  {spent:.3f} s")


def throughput(texts: list[str], times: int) -> dict[str, float]:
    read(texts[0])
    spent = [seconds(text) for _ in range(times) for text in texts]
    return {
        "documents": len(texts),
        "documents_per_second": round(len(spent) / sum(spent), 1),
        "slowest_ms": round(max(spent) * 1000, 1),
    }


def by_size() -> dict[str, float]:
    head = "# Outage\n\n## Issue Summary\n\nFrom 14:00 to 15:00 UTC.\n\n## Timeline\n\n"
    longest = head + "".join(LINE.format(n // 60 % 24, n % 60, n) for n in range(max(SIZES) // len(LINE)))
    return {str(size): round(seconds(longest[:size]), 4) for size in SIZES}


def seconds(text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started


if __name__ == "__main__":
    main()

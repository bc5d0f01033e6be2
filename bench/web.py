"""Claim: with 10,000 incidents and 10,000 postmortems every page answers within 50 ms (p95).

Fills a book (each incident has what a recorded outage has: charts, timeline, postmortem, action items), starts
`failonce web` on it as a process of its own, makes the first admin through its link, and asks for each page over
loopback as a browser does: one connection, a session's cookie, gzip. Incident and postmortem are another one each
time. "first" is the first answer of a server that has just started, "changed" the first one after an incident and its
timeline have changed, when nothing computed before holds any more; "x10" is the p50 against the one with a tenth of the
incidents. `--growth` prints what everything costs at each of several sizes instead, and how that grows for ten times
as many.

    python bench/web.py [-n 10000] [--requests 60] [--json]
    python bench/web.py --growth [--sizes 1000 10000 100000] [--requests 20]
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from failonce import jsontext
from failonce.model.action import ActionItem
from failonce.model.dossier import Dossier, FailureClass, IncidentState, Moments, Origin, Severity
from failonce.model.incident import EntryKind, Incident, TimelineEntry
from failonce.model.parcel import Parcel
from failonce.model.viewer import Stamp, Viewer
from failonce.observe.recording import Recording, Retention, read
from failonce.postmortem.actions import action_items
from failonce.postmortem.draft import draft
from failonce.postmortem.exhibit import exhibit
from failonce.store.book import Book

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = ("missing-index", "migration-lock", "session-leak", "release-full-scan", "traffic-spike", "slow-application")
SERVICES = "checkout recipes search payments login images mail ledger stock reports".split()
PEOPLE = "ada jonas mei priya olu tom ines yuki".split()
#: So that a search has more to tell apart than six documents.
SYLLABLES = "ka lo mi ren sto va dru pel nor ti gau bex".split()
#: Every document has them.
COMMON = "connection pool index release statement".split()
PASSWORD = "a few plain words"
STEP = timedelta(minutes=52)


@dataclass(frozen=True)
class Mould:
    """A recorded outage, to be cast again."""

    incident: Incident
    markdown: str
    actions: tuple[ActionItem, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=10_000, help="incidents, each with a postmortem")
    parser.add_argument("--requests", type=int, default=60, help="for each page")
    parser.add_argument("--growth", action="store_true", help="what it costs as the book grows")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000], help="for --growth")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.growth:
        grown = {size: measured(size, options.requests) for size in options.sizes}
        print(json.dumps(grown) if options.json else growth(grown))
        return
    small, large = (measured(size, options.requests) for size in (max(1, options.n // 10), options.n))
    facts: dict[str, Any] = {
        "p95_ms": max(page["p95_ms"] for page in large["pages"].values()),
        "changed_ms": max(page["changed_ms"] for page in large["pages"].values()),
        "incidents": options.n,
        "requests": options.requests,
        **large,
    }
    for name, page in facts["pages"].items():
        page["growth_x10"] = round(page["p50_ms"] / small["pages"][name]["p50_ms"], 2)
    print(json.dumps(facts) if options.json else table(facts))


def table(facts: dict[str, Any]) -> str:
    lines = [
        f"{facts['incidents']:,} incidents, each with a postmortem: {facts['import_per_s']:,} incidents/s taken in,"
        f" {facts['store_bytes'] / 1e6:,.0f} MB",
        f"{'page':<18}{'p50 ms':>8}{'p95 ms':>8}{'first':>9}{'changed':>9}{'bytes':>9}{'gzipped':>9}{'x10':>6}",
    ]
    for name, page in facts["pages"].items():
        lines.append(
            f"{name:<18}{page['p50_ms']:>8}{page['p95_ms']:>8}{page['first_ms']:>9}{page['changed_ms']:>9}{page['bytes']:>9,}"
            f"{page['gzipped']:>9,}{page['growth_x10']:>6}"
        )
    lines.append(
        f"slowest page's p95: {facts['p95_ms']} ms, n = {facts['requests']} per page;"
        f" slowest first answer after a change: {facts['changed_ms']} ms"
    )
    return "\n".join(lines)


def growth(grown: dict[int, dict[str, Any]]) -> str:
    """Return each cost at each size, and by how much it grows for ten times as many incidents."""
    sizes = list(grown)
    lines = [f"{'':<26}" + "".join(f"{size:>12,}" for size in sizes) + f"{'x10':>8}"]
    for label, costs in costs_of(grown).items():
        decades = math.log10(sizes[-1] / sizes[0])
        factor = (costs[-1] / costs[0]) ** (1 / decades) if costs[0] and decades else math.nan
        lines.append(f"{label:<26}" + "".join(f"{cost:>12,.4g}" for cost in costs) + f"{factor:>8.2f}")
    return "\n".join(lines)


def costs_of(grown: dict[int, dict[str, Any]]) -> dict[str, list[float]]:
    every = list(grown.values())
    costs = {
        "taken in, s": [size / told["import_per_s"] for size, told in grown.items()],
        "on disk, MB": [told["store_bytes"] / 1e6 for told in every],
    }
    for name in every[0]["pages"]:
        costs[f"{name}, p50 ms"] = [told["pages"][name]["p50_ms"] for told in every]
    for name in every[0]["pages"]:
        costs[f"{name}, changed ms"] = [told["pages"][name]["changed_ms"] for told in every]
    return costs


def measured(size: int, requests: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "failonce.db"
        ids, rate = fill(path, size)
        record(Path(name) / "failonce" / "recordings" / "shop")
        with served(path) as (connection, cookie):
            first = {page: ask(connection, cookie, some)["p50_ms"] for page, some in pages(ids, 1).items()}
            told = {page: ask(connection, cookie, addresses) for page, addresses in pages(ids, requests).items()}
            with Book.open(path) as book:
                for number, (page, addresses) in enumerate(pages(ids, 1).items()):
                    touch(book, ids[0], number)
                    told[page] |= {"first_ms": first[page], "changed_ms": ask(connection, cookie, addresses)["p50_ms"]}
        return {"pages": told, "import_per_s": rate, "store_bytes": path.stat().st_size}


def pages(ids: list[str], requests: int) -> dict[str, list[str]]:
    chosen = random.Random(2).choices(ids, k=requests)
    words = [
        quote(" ".join(random.Random(n).sample(["connection", "index", invented(n), "pool"], 2)))
        for n in range(requests)
    ]
    same = {
        "now": "/",
        "incidents": "/incidents",
        "incidents, filter": "/incidents?service=ledger&severity=SEV1",
        "postmortems": "/postmortems",
        "actions": "/actions",
        "insights": "/insights?days=0",
        "executive": "/executive",
    }
    return {
        **{name: [address] * requests for name, address in same.items()},
        "incident": [f"/incidents/{name}" for name in chosen],
        "postmortem": [f"/incidents/{name}/postmortem" for name in chosen],
        "edit": [f"/incidents/{name}/postmortem/edit" for name in chosen],
        "search": [f"/search?q={word}" for word in words],
    }


def ask(connection: http.client.HTTPConnection, cookie: str, addresses: list[str]) -> dict[str, float]:
    # Filling and changing the book takes longer than a server keeps a silent connection.
    connection.close()
    connection.connect()
    spent, gzipped = [], []
    for address in addresses:
        started = time.perf_counter()
        connection.request("GET", address, headers={"cookie": cookie, "accept-encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        spent.append(1000 * (time.perf_counter() - started))
        assert answer.status == 200, (address, answer.status)
        gzipped.append(len(body))
    connection.request("GET", addresses[0], headers={"cookie": cookie})
    plain = connection.getresponse().read()
    return {
        "p50_ms": round(percentile(spent, 0.5), 1),
        "p95_ms": round(percentile(spent, 0.95), 1),
        "bytes": len(plain),
        "gzipped": round(percentile(gzipped, 0.5)),
    }


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1 if share else 0)]


@contextmanager
def served(store: Path) -> Iterator[tuple[http.client.HTTPConnection, str]]:
    """Start `failonce web`, and come in by its first link."""
    command = [
        sys.executable,
        "-c",
        "from failonce.cli import main; main()",
        "web",
        "--port",
        "0",
        "--store",
        str(store),
    ]
    env = {**os.environ, "XDG_STATE_HOME": str(store.parent)}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env)
    assert process.stderr
    try:
        link = next(m for line in process.stderr if (m := re.search(r"http://([\d.]+):(\d+)(/welcome/\S+)", line)))
        connection = http.client.HTTPConnection(link[1], int(link[2]), timeout=60)
        body = urlencode({"name": "ada", "password": PASSWORD})
        connection.request("POST", link[3], body, {"content-type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        yield connection, answer.headers["set-cookie"].split(";")[0]
    finally:
        process.terminate()
        process.wait()


def record(folder: Path) -> None:
    """Write ten minutes of a recording that end now: what the page of what goes on now reads."""
    seen = list(read(EXAMPLES / "missing-index" / "recording"))[:18]
    end = datetime.now(UTC)
    with Recording.create(folder, target="shop", retention=Retention()) as recording:
        for second in range(600, 0, -1):
            recording.append(replace(seen[second % len(seen)], at=end - timedelta(seconds=second)))


def touch(book: Book, incident_id: str, number: int) -> None:
    """Change the book, so that what was computed of it no longer holds."""
    at = datetime.now(UTC)
    stamp = Stamp(Viewer.machine(), at)
    entry = TimelineEntry(at, at, EntryKind.NOTE, f"Somebody wrote note {number}")
    book.timeline.add(incident_id, entry, stamp)
    before = book.incidents.dossier(stamp.by, incident_id)
    severity = Severity.SEV2 if before.severity is Severity.SEV3 else Severity.SEV3
    book.incidents.change(incident_id, stamp, revision=before.revision, severity=severity)


def fill(path: Path, size: int) -> tuple[list[str], int]:
    moulds, chance = [mould(name) for name in NAMES], random.Random(1)
    newest = datetime.now(UTC) - timedelta(hours=1)
    ids: list[str] = []
    casting = 0.0

    def parcels() -> Iterator[Parcel]:
        """Cast one after the other, so that any number fits into memory; the time it takes is not the book's."""
        nonlocal casting
        for number in range(size):
            started = time.perf_counter()
            parcel = cast(chance.choice(moulds), number, newest - number * STEP, chance)
            casting += time.perf_counter() - started
            ids.append(parcel.dossier.id)
            yield parcel

    started = time.perf_counter()
    with Book.open(path) as book:
        book.put_all(parcels(), Stamp(Viewer.machine(), newest))
    return ids, round(size / (time.perf_counter() - started - casting))


def mould(name: str) -> Mould:
    incident = jsontext.loads((EXAMPLES / name / "incident.json").read_bytes(), Incident)
    incident = replace(incident, exhibit=exhibit(incident, tuple(read(EXAMPLES / name / "recording"))))
    actions = action_items(incident)
    return Mould(incident, draft(incident, actions), actions)


def invented(number: int) -> str:
    chance = random.Random(number % 3_000)
    return "".join(chance.choices(SYLLABLES, k=4))


def cast(mould: Mould, number: int, at: datetime, chance: random.Random) -> Parcel:
    """Return a recorded outage once more: at another time, of another service, in other words."""
    name, word, service = f"shop-{number:05}", invented(number), chance.choice(SERVICES)
    onset = mould.incident.diagnosis.onset_at
    took = (mould.incident.recovered_at or onset) - onset
    spread = chance.lognormvariate(3, 1.5)
    moments = Moments(onset, onset + timedelta(seconds=spread / 10), None, None, onset + took * max(1.0, spread))
    moved = Moments(*(told and told - onset + at for told in (*vars_of(moments),)))
    relation = f"{service}_{word}"
    dossier = Dossier(
        name,
        f"{mould.incident.title.replace('spiceshare', service)}: {word}",
        Origin.WATCHED,
        at,
        state=IncidentState.RESOLVED,
        severity=chance.choice((*Severity, None)),
        target=service,
        services=(service,),
        roles={"commander": chance.choice(PEOPLE)},
        moments=moved,
        failure=FailureClass(mould.incident.diagnosis.cause, "release", f"{number % 4_000:08x}", (relation,)),
    )
    shift = at - onset
    entries = tuple(
        replace(entry, happened_at=entry.happened_at + shift, recorded_at=entry.recorded_at + shift)
        for entry in mould.incident.timeline
    )
    actions = tuple(
        replace(
            item,
            id=f"{name}-A{n}",
            incident_id=name,
            owner=chance.choice((*PEOPLE, None)),
            due=(at + timedelta(days=30)).date(),
        )
        for n, item in enumerate(mould.actions)
    )
    text = mould.markdown.replace("spiceshare", service) + f"\n\nThe {word} of {relation} was looked at by {name}.\n"
    measured = replace(mould.incident, id=name, target=service, title=dossier.title, timeline=())
    return Parcel(dossier, entries, text, actions, measured)


def vars_of(moments: Moments) -> tuple[datetime | None, ...]:
    return (moments.onset_at, moments.detected_at, moments.acknowledged_at, moments.mitigated_at, moments.recovered_at)


if __name__ == "__main__":
    main()

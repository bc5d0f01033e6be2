"""Synthetic incidents, complete and consistent: the missing index, a traffic spike (decoy) and an abstention.

Nothing here was measured; the sizes are those of the sample recipe application under 80 requests a second.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf

from failonce import robust, sqltext
from failonce.model.catalog import Catalog, Index, Relation, Setting
from failonce.model.diagnosis import Culprit, Diagnosis, Evidence, Link, LinkKind, Pointer, RuledOut
from failonce.model.incident import EntryKind, Impact, Incident, TimelineEntry
from failonce.model.remedy import PlanProof, PlanSummary, Remedy
from failonce.model.signal import Signal
from failonce.model.snapshot import (
    Application,
    Connections,
    DatabaseActivity,
    Gap,
    Host,
    Probe,
    Query,
    ReleaseEvent,
    RouteActivity,
    Session,
    Snapshot,
    Statement,
    Statements,
    TableActivity,
    Tables,
)

START = datetime(2026, 9, 14, 14, 2, 55, tzinfo=UTC)
ONSET_S, DETECTED_S, DIAGNOSED_S, APPLIED_S, MITIGATED_S, RECOVERED_S, LENGTH_S = 30, 32, 34, 37, 46, 51, 70

REVIEWS = "select id, author, stars, body from reviews where recipe_id = ? order by created_at desc limit ?"
RECIPE = "select id, title, author, body from recipes where id = ?"
LATEST = "select id, title from recipes order by id desc limit ?"
COMMENT = "insert into reviews (recipe_id, author, stars, body) values (?)"
CULPRIT = sqltext.fingerprint(REVIEWS)
QUERIES = tuple(Query(sqltext.fingerprint(text), text) for text in (REVIEWS, RECIPE, LATEST, COMMENT))

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, inf)
HEALTHY = (58, 17, 4, 1, 0, 0, 0, 0, 0, 0, 0)
SICK = (9, 6, 3, 2, 4, 7, 12, 16, 15, 6, 0)
ROUTES = (("/recipes/{id}/reviews", 0.45), ("/recipes/{id}", 0.35), ("/recipes", 0.15), ("/reviews", 0.05))

INDEX = "CREATE INDEX reviews_recipe_id_created_at_idx ON public.reviews USING btree (recipe_id, created_at DESC)"
RELATIONS = (Relation("recipes", 200_000, 61_000_000), Relation("reviews", 1_200_000, 110_592_000))
PRIMARY_KEYS = (
    Index("recipes_pkey", "recipes", "CREATE UNIQUE INDEX recipes_pkey ON public.recipes USING btree (id)", True),
    Index("reviews_pkey", "reviews", "CREATE UNIQUE INDEX reviews_pkey ON public.reviews USING btree (id)", True),
)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def sickness(second: int) -> float:
    """How far the outage has come: 0 healthy, 1 at its worst."""
    if second < ONSET_S or second >= RECOVERED_S:
        return 0.0
    rising = min(1.0, (second - ONSET_S + 1) / 4)
    falling = min(1.0, (RECOVERED_S - second) / (RECOVERED_S - MITIGATED_S))
    return min(rising, falling)


def snapshots() -> tuple[Snapshot, ...]:
    """Return 70 seconds at 1 Hz: 30 healthy, the outage of the missing index, 19 healthy again."""
    chance = random.Random(7)
    return tuple(snapshot(second, chance) for second in range(LENGTH_S))


def snapshot(second: int, chance: random.Random) -> Snapshot:
    sick = sickness(second)
    sessions = running(sick, chance)
    tells_catalog = second in (0, DETECTED_S, MITIGATED_S)
    return Snapshot(
        at=at(second),
        sessions=sessions,
        connections=Connections(total=17, idle=17 - len(sessions), limit=100),
        statements=statements(second, sick) if second % 10 == 0 and second else None,
        queries=QUERIES if second == 0 else (),
        tables=tables(sick) if second % 5 == 0 and second else None,
        database=DatabaseActivity(1.0, 80 - round(22 * sick), 0, 0, 0, round(1200 + 118_000 * sick), 3),
        catalog=catalog(ONSET_S <= second < MITIGATED_S) if tells_catalog else None,
        application=application(sick, chance),
        host=host(sick, chance),
        probe=Probe(round(0.3 + 0.4 * sick + chance.random() / 10, 2)),
        releases=(ReleaseEvent("v41", at(-1260), "metrics"),) if second == 0 else (),
    )


def running(sick: float, chance: random.Random) -> tuple[Session, ...]:
    """Sessions that run a statement at this instant: mostly none when healthy."""
    slow = round(12 * sick)
    other = chance.choice((0, 0, 1)) if sick < 0.5 else 1
    return tuple(session(4200 + n, REVIEWS, chance.uniform(0.1, 1.4)) for n in range(slow)) + tuple(
        session(4220 + n, RECIPE, 0.002) for n in range(other)
    )


def session(pid: int, text: str, age_s: float) -> Session:
    route = ROUTES[0][0] if text == REVIEWS else ROUTES[1][0]
    return Session(
        pid=pid,
        kind="client backend",
        user="spiceshare",
        application="spiceshare",
        state="active",
        query_id=str(int(sqltext.fingerprint(text), 16)),
        fingerprint=sqltext.fingerprint(text),
        route=route,
        release="v41",
        query_age_s=round(age_s, 3),
        transaction_age_s=round(age_s, 3),
        state_age_s=round(age_s, 3),
    )


def statements(second: int, sick: float) -> Statements:
    blocks, calls = round(13 + 13_487 * sick), round(360 - 160 * sick)
    return Statements(
        10.0,
        (
            work(REVIEWS, calls, 0.12 + 1090 * sick, rows=5, blocks=blocks, second=second),
            work(RECIPE, 280, 0.05, rows=1, blocks=4, second=second),
            work(LATEST, 120, 0.09, rows=20, blocks=5, second=second),
            work(COMMENT, 40, 0.08, rows=1, blocks=9, second=second),
        ),
    )


def work(text: str, calls: int, ms: float, *, rows: int, blocks: int, second: int) -> Statement:
    total = 90_000 + calls * second // 10
    return Statement(
        fingerprint=sqltext.fingerprint(text),
        query_id=str(int(sqltext.fingerprint(text), 16)),
        calls=calls,
        exec_ms=round(calls * ms, 2),
        rows=calls * rows,
        blocks=calls * blocks,
        blocks_read=0,
        temp_blocks=0,
        total_calls=total,
        total_exec_ms=round(total * 0.11, 2),
        total_rows=total * rows,
        total_blocks=total * 13,
    )


def tables(sick: float) -> Tables:
    scans = round(60 * sick)
    reviews = TableActivity("reviews", scans, scans * 1_200_000, 180 - scans, 20, 0, 0, 140, 0, 0)
    return Tables(5.0, (reviews, TableActivity("recipes", 0, 0, 200, 0, 0, 0, 0, 0, 0)))


def catalog(without_index: bool) -> Catalog:
    index = Index("reviews_recipe_id_created_at_idx", "reviews", INDEX, True)
    indexes = PRIMARY_KEYS if without_index else (*PRIMARY_KEYS, index)
    return Catalog(180_006, RELATIONS, indexes, (Setting("max_connections", "100"), Setting("work_mem", "4MB")))


def application(sick: float, chance: random.Random) -> Application:
    buckets = tuple(round(h + (s - h) * sick) for h, s in zip(HEALTHY, SICK, strict=True))
    requests = sum(buckets)
    errors = round(9 * sick * chance.uniform(0.6, 1.0))
    mean_s = 0.004 + 0.9 * sick
    routes = tuple(
        RouteActivity(route, round(requests * share), round(errors * share), round(requests * share * mean_s, 3))
        for route, share in ROUTES
    )
    busy = min(15, round(1 + 14 * sick))
    return Application(
        interval_s=1.0,
        requests=requests,
        errors=errors,
        bounds_s=BOUNDS_S,
        buckets=buckets,
        routes=routes,
        in_flight=round(1 + 60 * sick),
        pool_size=15,
        pool_in_use=busy,
        pool_waiting=round(41 * sick),
        release="v41",
    )


def host(sick: float, chance: random.Random) -> Host:
    database = round(0.06 + 0.86 * sick, 3)
    busy = round(min(1.0, database + 0.04 + chance.random() / 50), 3)
    return Host(1.0, 2, busy, 0.0, 0.0, database, 3_400_000_000, 0, 40_960)


def impact() -> Impact:
    """Count what the snapshots say, as the product has to."""
    before = [s.application for s in snapshots() if s.at < at(ONSET_S) and s.application]
    during = [s.application for s in snapshots() if at(ONSET_S) <= s.at < at(RECOVERED_S) and s.application]
    baseline = tuple(map(sum, zip(*(a.buckets for a in before), strict=True)))
    p95_s = robust.quantile(baseline, BOUNDS_S, 0.95) or 0.0
    requests, failed = sum(a.requests for a in during), sum(a.errors for a in during)
    above = [i for i, bound in enumerate((0.0, *BOUNDS_S[:-1])) if bound >= 3 * p95_s]
    slow = sum(a.buckets[i] for a in during for i in above) - failed
    worst_s = max(robust.quantile(a.buckets, BOUNDS_S, 0.95) or 0.0 for a in during)
    return Impact(requests, failed, slow, 100 * (failed + slow) / requests, p95_s * 1000, worst_s * 1000)


def pointer(source: str, key: str | None = None, *, from_s: float = ONSET_S, to_s: float = DIAGNOSED_S) -> Pointer:
    return Pointer(source, at(from_s), at(to_s), key)


def evidence(
    statement: str, value: float | str | None, baseline: float | str | None, unit: str, source: str
) -> Evidence:
    key = CULPRIT if unit in ("blocks/call", "rows/call") else None
    return Evidence(statement, value, baseline, unit, pointer(source, key))


def ruled_out(id: str, lead: str, because: Evidence) -> RuledOut:
    said = f"{lead} is ruled out: {because.statement[0].lower()}{because.statement[1:]}"
    return RuledOut(id, said, (replace(because, supports=False),))


def entry(second: float, kind: EntryKind, text: str, *, late_s: float = 0.2) -> TimelineEntry:
    return TimelineEntry(at(second), at(second + late_s), kind, text)


MISSING_INDEX_CHAIN = (
    Link(
        LinkKind.TRIGGER,
        "index-dropped",
        "The index reviews_recipe_id_created_at_idx was dropped by 14:03:27 UTC.",
        (
            evidence(
                "reviews_recipe_id_created_at_idx was in the catalog at 14:02:55 and was not there at 14:03:27.",
                "absent",
                "present",
                "",
                "catalog",
            ),
        ),
    ),
    Link(
        LinkKind.CAUSE,
        "missing-index",
        "The statement lost the index reviews_recipe_id_created_at_idx and reads all of reviews on every call.",
        (
            evidence(f"{CULPRIT} touched 13,500 blocks per call, 13 before.", 13_500, 13, "blocks/call", "statements"),
            evidence("It still returned 5 rows per call.", 5, 5, "rows/call", "statements"),
            evidence("12 sequential scans of reviews a second, none before.", 12, 0, "scans/s", "tables"),
        ),
    ),
    Link(
        LinkKind.MECHANISM,
        "sessions-on-cpu",
        "12 sessions ran that statement at once, all on CPU, and held 12 of the pool's 15 connections.",
        (
            evidence("12 active sessions ran it; 0 before.", 12, 0, "sessions", "sessions"),
            evidence("PostgreSQL used 92 % of both cores, 6 % before.", 0.92, 0.06, "share", "host"),
            evidence("41 requests waited for a connection, none before.", 41, 0, "requests", "application"),
        ),
    ),
    Link(
        LinkKind.SYMPTOM,
        "slow-responses",
        "Requests waited for a connection, and the slowest twentieth took 3.3 s or more instead of 14 ms.",
        (evidence("p95 of the response time was 3.3 s, 14 ms before.", 3333, 14, "ms", "application"),),
    ),
)

MISSING_INDEX_RULED_OUT = (
    ruled_out(
        "release",
        "A recent release",
        evidence(
            "No release came in the 30 s watched before the onset: v41 ran before and ran on.",
            "v41",
            "v41",
            "",
            "releases",
        ),
    ),
    ruled_out(
        "traffic",
        "Traffic",
        evidence("80 requests a second arrived, 80 before.", 80, 80, "requests/s", "application"),
    ),
    ruled_out(
        "network",
        "The network",
        evidence("A round trip to the database took 0.7 ms, 0.3 ms before.", 0.7, 0.3, "ms", "probe"),
    ),
    ruled_out(
        "host",
        "The machine",
        evidence("Processes other than PostgreSQL's used 5 % of the CPU, 5 % before.", 0.05, 0.05, "share", "host"),
    ),
    ruled_out(
        "application",
        "The application",
        evidence("94 % of the added response time passed inside statements.", 0.94, None, "share", "statements"),
    ),
)

CREATE_INDEX = (
    "CREATE INDEX CONCURRENTLY reviews_recipe_id_created_at_idx ON public.reviews (recipe_id, created_at DESC)"
)


WITHOUT = "Without it 1 of 13 active sessions would be left, 0.5 before."


def diagnosis() -> Diagnosis:
    return Diagnosis(
        chain=MISSING_INDEX_CHAIN,
        cause="missing-index",
        confidence=0.97,
        abstained=False,
        culprit=Culprit(REVIEWS, CULPRIT, ("reviews",), "v41", tuple(range(4200, 4212))),
        ruled_out=MISSING_INDEX_RULED_OUT,
        open_leads=(),
        gaps=(),
        onset_at=at(ONSET_S),
        detected_at=at(DETECTED_S),
        diagnosed_at=at(DIAGNOSED_S),
        without=evidence(WITHOUT, 1.0, 0.5, "sessions", "sessions"),
    )


def remedy() -> Remedy:
    return Remedy(
        kind="create-index",
        statement="Create the index on reviews (recipe_id, created_at DESC) again, without blocking writes.",
        sql=CREATE_INDEX,
        undo="DROP INDEX CONCURRENTLY public.reviews_recipe_id_created_at_idx",
        proof=PlanProof(
            before=PlanSummary(19_897.4, "Seq Scan on reviews", "Limit\n  ->  Sort\n        ->  Seq Scan on reviews"),
            after=PlanSummary(
                13.57,
                "Index Scan using reviews_recipe_id_created_at_idx on reviews",
                "Limit\n  ->  Index Scan using reviews_recipe_id_created_at_idx on reviews",
            ),
            where="twin",
        ),
        applied_at=at(APPLIED_S),
        finished_at=at(MITIGATED_S),
    )


def signals() -> tuple[Signal, ...]:
    return (
        Signal(
            "slow-responses",
            at(ONSET_S),
            3333.0,
            20.0,
            "ms",
            "p95 of response times: 3.3 s, was 14 ms",
        ),
        Signal("failed-requests", at(ONSET_S + 1), 7.0, 0.0, "answers/s", "Failed answers per second: 7, was 0"),
    )


def timeline() -> tuple[TimelineEntry, ...]:
    ledger = (entry(DIAGNOSED_S, EntryKind.RULED_OUT, lead.statement) for lead in MISSING_INDEX_RULED_OUT)
    return (
        entry(ONSET_S, EntryKind.ONSET, "Response times left their baseline.", late_s=DETECTED_S - ONSET_S),
        entry(DETECTED_S, EntryKind.DETECTED, "failonce opened the incident: p95 was 3.3 s, 14 ms before."),
        entry(DETECTED_S, EntryKind.SIGNAL, "7 answers a second failed; before, none."),
        *ledger,
        entry(DIAGNOSED_S, EntryKind.DIAGNOSED, "Cause named: the index of reviews (recipe_id, created_at) is gone."),
        entry(APPLIED_S, EntryKind.REMEDY, "CREATE INDEX CONCURRENTLY began under the operator role."),
        entry(MITIGATED_S, EntryKind.MITIGATED, "The index was built and valid, after 9 s."),
        entry(RECOVERED_S, EntryKind.RECOVERED, "Every signal was back in its baseline."),
    )


def missing_index_incident() -> Incident:
    """Return the outage of seed 000 with everything known: diagnosis, proof, applied remedy, recovery."""
    return Incident(
        id="2026-09-14-1403-spiceshare",
        target="spiceshare",
        title="Slow responses: statement on reviews lost its index",
        signals=signals(),
        diagnosis=diagnosis(),
        remedy=remedy(),
        impact=impact(),
        timeline=timeline(),
        mitigated_at=at(MITIGATED_S),
        recovered_at=at(RECOVERED_S),
    )


def traffic_incident() -> Incident:
    """Return a decoy: eight times the traffic, no query to blame, no SQL that would help, over by itself."""
    chain = (
        Link(
            LinkKind.CAUSE,
            "traffic",
            "8.1 times as many requests arrived as before the onset.",
            (
                evidence("642 requests a second arrived, 79 before.", 642, 79, "requests/s", "application"),
                evidence("Statements used 0.11 ms per call, 0.11 ms before.", 0.11, 0.11, "ms/call", "statements"),
            ),
        ),
        Link(
            LinkKind.MECHANISM,
            "pool-exhausted",
            "All 15 connections of the pool were in use and up to 96 requests waited for one.",
            (evidence("96 requests waited for a connection, none before.", 96, 0, "requests", "application"),),
        ),
        Link(
            LinkKind.SYMPTOM,
            "slow-responses",
            "The slowest twentieth of requests took 610 ms or more instead of 18 ms.",
            (evidence("p95 of the response time was 610 ms, 18 ms before.", 610, 18, "ms", "application"),),
        ),
    )
    ledger = (
        ruled_out(
            "missing-index",
            "A missing index",
            evidence("No statement touched more blocks per call than before.", 1.0, 1.0, "ratio", "statements"),
        ),
        ruled_out(
            "network",
            "The network",
            evidence("A round trip to the database took 0.4 ms, 0.3 ms before.", 0.4, 0.3, "ms", "probe"),
        ),
    )
    return Incident(
        id="2026-09-14-1403-traffic",
        target="spiceshare",
        title="Slow responses: eight times the usual traffic",
        signals=(Signal("slow-responses", at(ONSET_S), 610.0, 18.0, "ms", "p95 was 610 ms; before, 18 ms."),),
        diagnosis=Diagnosis(
            chain=chain,
            cause="traffic",
            confidence=0.9,
            abstained=False,
            culprit=None,
            ruled_out=ledger,
            open_leads=(),
            gaps=(),
            onset_at=at(ONSET_S),
            detected_at=at(DETECTED_S),
            diagnosed_at=at(DIAGNOSED_S),
        ),
        remedy=None,
        impact=Impact(12_840, 0, 4_102, 31.9, 18.2, 610.4),
        timeline=(
            entry(ONSET_S, EntryKind.ONSET, "Response times left their baseline.", late_s=2),
            entry(DETECTED_S, EntryKind.DETECTED, "failonce opened the incident: p95 was 610 ms, 18 ms before."),
            entry(DIAGNOSED_S, EntryKind.DIAGNOSED, "Cause named: eight times as many requests arrived."),
            entry(RECOVERED_S, EntryKind.RECOVERED, "Every signal was back in its baseline."),
        ),
        mitigated_at=None,
        recovered_at=at(RECOVERED_S),
    )


def abstained_incident() -> Incident:
    """Return an outage still going on whose cause could not be told: two sources were out of sight."""
    gaps = (
        Gap(
            "statements",
            "pg_stat_statements is not installed in this database.",
            "The work of a statement before and after the onset cannot be compared.",
            "Add it to shared_preload_libraries, restart, and run CREATE EXTENSION pg_stat_statements.",
        ),
        Gap(
            "host",
            "The database runs on another machine.",
            "A busy machine can be neither named nor ruled out.",
            "Run failonce on the database's machine, with --local.",
        ),
    )
    return Incident(
        id="2026-09-14-1403-unknown",
        target="spiceshare",
        title="Failed requests: cause not determined",
        signals=(
            Signal("failed-requests", at(ONSET_S), 11.0, 0.0, "answers/s", "11 answers a second failed; before, none."),
        ),
        diagnosis=Diagnosis(
            chain=(),
            cause=None,
            confidence=0.0,
            abstained=True,
            culprit=None,
            ruled_out=MISSING_INDEX_RULED_OUT[1:3],
            open_leads=(
                RuledOut("host", "The machine can be neither confirmed nor ruled out: it could not be measured.", ()),
                RuledOut(
                    "missing-index",
                    "A missing index can be neither confirmed nor ruled out: 3 sessions were active, 1 before.",
                    (evidence("3 sessions were active, 1 before.", 3, 1, "sessions", "sessions"),),
                ),
            ),
            gaps=gaps,
            onset_at=at(ONSET_S),
            detected_at=at(DETECTED_S),
            diagnosed_at=None,
        ),
        remedy=None,
        impact=None,
        timeline=(
            entry(DETECTED_S, EntryKind.DETECTED, "failonce opened the incident: 11 answers a second failed."),
            entry(LENGTH_S, EntryKind.NOTE, "A customer writes that no review can be posted."),
        ),
        mitigated_at=None,
        recovered_at=None,
    )

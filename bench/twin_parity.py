"""Claim: a twin of some kilobytes plans as the database it was pulled from.

The 22 questions of TPC-H and the statements of the sample application, each planned by the database itself and by its
twin: the share of plans of the same shape (node types, what they read and by which index), and the ratio of their
costs. Then the same for a twin whose values are masked, with the statements as written and with parameters for their
values. `build_s` is from the file to the first plan, `bytes` what the running twin takes on disk.

    python bench/twin_parity.py [--dsn DSN-OF-A-TPCH-DATABASE] [--scale 1] [--json]
"""

from __future__ import annotations

import argparse
import ast
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psycopg

from failonce import placeholders, sqltext
from failonce.lab.server import private_server
from failonce.lab.twin import file, up
from failonce.lab.twin.pull import pull, pull_masked
from failonce.model.blueprint import Blueprint
from failonce.model.errors import FailonceError
from tpch import database, questions

Plan = dict[str, object]
Plans = dict[str, Plan]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsn", help="a database with TPC-H in it; without, one is made (some minutes)")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with database(options.dsn, scale=options.scale) as dsn:
        tpch = {f"tpch {number}": text for number, text in questions().items()}
        parts = [compare(dsn, tpch)]
    with spiceshare() as dsn:
        parts.append(compare(dsn, spiceshare_statements()))
    facts = summary([pair for part in parts for pair in part["real"]])
    facts["build_s"] = round(max(part["build_s"] for part in parts), 2)
    facts["bytes"] = max(part["bytes"] for part in parts)
    facts["file_bytes"] = max(part["file_bytes"] for part in parts)
    facts["masked"] = {how: summary([pair for part in parts for pair in part[how]]) for how in ("written", "generic")}
    if options.json:
        print(json.dumps({"twin_parity": facts}))
        return
    for part in parts:
        for name, real, twin in part["real"]:
            print(f"{name:<14} {'same' if shape(real) == shape(twin) else 'OTHER':<6} {ratio(real, twin):.4f}")
    print(json.dumps(facts, indent=2))


def compare(dsn: str, statements: Mapping[str, str]) -> dict[str, object]:
    """Plan all statements in the database, on its twin, and on its masked twin."""
    real = by_database(dsn, statements)
    asked = {name: placeholders.numbered(statements[name]) for name in real}
    plain, build_s, size, _ = by_twin(pull(dsn), asked)
    masked = pull_masked(dsn)
    written, _, _, file_bytes = by_twin(masked, asked)
    generic = {name: sqltext.numbered(text) for name, text in asked.items()}
    unmasked_generic = by_twin(pull(dsn), generic)[0]
    masked_generic = by_twin(masked, generic)[0]
    return {
        "real": triples(real, plain),
        "written": triples(plain, written),
        "generic": triples(unmasked_generic, masked_generic),
        "build_s": build_s,
        "bytes": size,
        "file_bytes": file_bytes,
    }


def triples(left: Plans, right: Plans) -> list[tuple[str, Plan, Plan]]:
    return [(name, left[name], right[name]) for name in left if name in right]


def by_database(dsn: str, statements: Mapping[str, str]) -> Plans:
    plans: Plans = {}
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, text in statements.items():
            numbered = placeholders.numbered(text)
            try:
                [([explained],)] = connection.execute(f"explain (generic_plan, format json) {numbered}".encode())
            except psycopg.errors.UndefinedTable:
                # Of a later release of the sample application.
                continue
            plans[name] = explained["Plan"]
    return plans


def by_twin(blueprint: Blueprint, statements: Mapping[str, str]) -> tuple[Plans, float, int, int]:
    plans: Plans = {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.twin"
        file.save(path, blueprint)
        started_at = time.monotonic()
        with up(file.load(path)) as twin:
            twin.explain("select 1")
            build_s = time.monotonic() - started_at
            for name, text in statements.items():
                try:
                    plans[name] = twin.explain(text)
                except FailonceError as error:
                    print(f"{name}: {error}")
            return plans, build_s, on_disk(twin.server.data_dir), path.stat().st_size


def on_disk(directory: Path) -> int:
    return sum(path.lstat().st_blocks * 512 for path in directory.rglob("*"))


def summary(pairs: list[tuple[str, Plan, Plan]]) -> dict[str, object]:
    ratios = [ratio(left, right) for _, left, right in pairs]
    same = sum(shape(left) == shape(right) for _, left, right in pairs)
    return {
        "n": len(pairs),
        "same_shape": round(same / len(pairs), 4),
        "cost_ratio_median": round(median(ratios), 4),
        "cost_ratio_min": round(min(ratios), 4),
        "cost_ratio_max": round(max(ratios), 4),
    }


def ratio(left: Plan, right: Plan) -> float:
    return float(str(right["Total Cost"])) / max(float(str(left["Total Cost"])), 0.01)


def shape(plan: Plan) -> object:
    """Node types and what they read; costs and rows left out."""
    children = plan.get("Plans", [])
    assert isinstance(children, list)
    return plan["Node Type"], plan.get("Relation Name"), plan.get("Index Name"), [shape(child) for child in children]


def spiceshare_statements() -> dict[str, str]:
    """Return the statements in the sample application's pages."""
    tree = ast.parse(files("failonce.lab.spiceshare").joinpath("pages.py").read_text())
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    sql = [text for text in texts if text.lstrip().startswith(("select ", "insert ", "update "))]
    return {f"spiceshare {number}": " ".join(text.split()) for number, text in enumerate(sql, start=1)}


@contextmanager
def spiceshare() -> Iterator[str]:
    """Yield the sample application's database, filled."""
    with private_server(settings={"jit": "off"}) as server:
        schema = files("failonce.lab.spiceshare").joinpath("schema.sql").read_text()
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            for statement in schema.split(";\n"):
                connection.execute(statement.encode())
        yield server.dsn()


if __name__ == "__main__":
    main()

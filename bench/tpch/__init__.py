"""TPC-H for the benches: its tables, its keys, its 22 questions, and a way to fill a database with `tpchgen-cli`.

The questions are written after the specification's descriptions, with its validation parameters.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from failonce.lab.server import private_server

HERE = Path(__file__).parent
TABLES = "region nation supplier customer part partsupp orders lineitem".split()
_SETTINGS = {"autovacuum": "off", "maintenance_work_mem": "256MB", "max_wal_size": "4GB", "wal_level": "minimal"}


def questions() -> dict[int, str]:
    """Return the 22 questions by their number."""
    parts = re.split(r"^-- (\d+):.*\n", (HERE / "queries.sql").read_text(), flags=re.MULTILINE)[1:]
    return {int(number): text.strip().rstrip(";") for number, text in zip(parts[::2], parts[1::2], strict=True)}


@contextmanager
def database(dsn: str | None, *, scale: float) -> Iterator[str]:
    """Yield a database with TPC-H in it: the given one, or a new one that takes some minutes to fill."""
    if dsn:
        yield dsn
        return
    generator = shutil.which("tpchgen-cli", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")
    if generator is None:
        sys.exit("tpchgen-cli makes the data: pip install 'failonce[bench]', or give --dsn with TPC-H loaded")
    with private_server(settings={**_SETTINGS, "max_wal_senders": "0"}) as server, TemporaryDirectory() as folder:
        subprocess.run([generator, "-s", str(scale), f"--output-dir={folder}"], check=True, capture_output=True)
        fill(server.dsn(), Path(folder))
        yield server.dsn()


def fill(dsn: str, folder: Path) -> None:
    """Load the generated files, make the keys, analyze."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute((HERE / "schema.sql").read_bytes())
        for table in TABLES:
            with (
                (folder / f"{table}.tbl").open() as lines,
                connection.cursor().copy(f"copy {table} from stdin (delimiter '|')") as copy,
            ):
                for line in lines:
                    copy.write(line.removesuffix("|\n") + "\n")
        connection.execute((HERE / "keys.sql").read_bytes())
        connection.execute("vacuum analyze")

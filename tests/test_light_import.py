"""`failonce --help` is quick: nothing heavy is imported before a command needs it."""

import subprocess
import sys

import pytest

HEAVY = ["pyarrow", "psycopg", "sqlalchemy", "sqlglot", "rich", "jinja2", "markdown_it", "prometheus_client"]


def loaded_by(statement):
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("statement", ["import failonce", "import failonce.model", "import failonce.cli"])
def test_import_loads_nothing_heavy(statement):
    assert [name for name in HEAVY if name in loaded_by(statement)] == []

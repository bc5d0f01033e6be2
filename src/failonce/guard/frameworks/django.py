"""Django: the SQL of each migration, written by Django itself inside `manage.py shell`, without a database at hand.

`sqlmigrate` does the same, but asks a database which migrations it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from failonce.guard.frameworks.process import run
from failonce.model.errors import CannotLook

MARK = "manage.py"
_MARKED = "failonce: "
#: Run by the project's own Python; nothing is applied. Without `atomic` no connection is opened.
_SCRIPT = f"""
import inspect, json
from django.db import connection
from django.db.migrations.loader import MigrationLoader
loader = MigrationLoader(None, replace_migrations=False)
loader.connection = connection
found = []
for app, name in loader.graph.nodes:
    migration = loader.graph.nodes[app, name]
    migration.atomic = False
    path = inspect.getfile(type(migration))
    if "site-packages" not in path:
        found.append((app, name, path, "\\n".join(loader.collect_sql([(migration, False)]))))
print("{_MARKED}" + json.dumps(found))
"""


def read(folder: Path, since: str | None) -> Iterator[tuple[str, str]]:
    """Yield each migration's file and its SQL, those after `since` only (APP.NAME or NAME). Raises CannotLook."""
    printed = run(folder, ["manage.py", "shell", "-c", _SCRIPT])
    told = next((line for line in reversed(printed.splitlines()) if line.startswith(_MARKED)), None)
    if told is None:
        raise CannotLook(f"{folder / MARK} shell said nothing.", hint="Try it by hand: python manage.py shell -c pass")
    after_app, _, after = (since or "").rpartition(".")
    for app, name, path, sql in sorted(json.loads(told.removeprefix(_MARKED))):
        if not (since and after_app in ("", app) and name <= after):
            yield path, sql

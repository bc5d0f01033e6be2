"""What a person has configured: targets, the store, the recording.

Read from `failonce.toml` (in the working directory or above it, else in $XDG_CONFIG_HOME/failonce), or from a DSN
alone. Passwords are meant to come from the environment as `${VAR}`; none is ever shown.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import msgspec

from failonce.app import dsn as dsns
from failonce.model.errors import NotFound, UsageError
from failonce.model.target import Target

FILE_NAME = "failonce.toml"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
# A target's name also names its folder of recordings.
_NAME = re.compile(r"\w[\w.-]*")


class _Target(msgspec.Struct, frozen=True):
    dsn: str
    metrics_url: str | None = None
    local: bool | None = None
    operator_dsn: str | None = None
    log_file: str | None = None


class _Store(msgspec.Struct, frozen=True):
    url: str | None = None


class _Recording(msgspec.Struct, frozen=True):
    directory: str | None = None
    raw_hours: Annotated[float, msgspec.Meta(gt=0)] = 6.0


class _File(msgspec.Struct, frozen=True):
    """The whole of failonce.toml."""

    targets: dict[str, _Target] = {}
    store: _Store = _Store()
    recording: _Recording = _Recording()
    #: Read by `profiles`, which must not need a target's secrets.
    lint: dict[str, Any] = {}
    #: Read by `review.options`, likewise.
    review: dict[str, Any] = {}
    #: Read by `openid`, once pages are served.
    openid: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is configured, the defaults filled in."""

    # Targets hold passwords: never shown.
    targets: tuple[Target, ...] = field(repr=False)
    #: The target given by DSN, which is meant when none is named.
    default: Target | None = field(repr=False)
    #: A file's path or a URL.
    store_url: str
    recording_directory: Path
    #: How long a recording keeps every tick.
    raw_hours: float
    #: The file it was read from; None when there is none.
    path: Path | None
    #: The table [openid] as written; it holds a secret.
    openid: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def target(self, name: str | None = None) -> Target:
        """Return the target of that name; without one, the target given by DSN, else the only one configured."""
        if name is None and self.default:
            return self.default
        known = {target.name: target for target in (*self.targets, self.default) if target}
        if name is None and len(known) == 1:
            return next(iter(known.values()))
        if not known:
            raise NotFound(
                "No target is configured.",
                hint=f"Give one: --dsn postgresql://failonce@HOST/DATABASE, or [targets.NAME] with dsn in {FILE_NAME}",
            )
        if name is None:
            raise UsageError("More than one target is configured.", hint=f"Name one of: {', '.join(known)}")
        if name not in known:
            raise NotFound(f"There is no target {name}.", hint=f"Configured: {', '.join(known)}")
        return known[name]


def load(path: Path | None = None, env: Mapping[str, str] = os.environ, *, dsn: str | None = None) -> Settings:
    """Return the settings of a file, the one found when none is given, or of a DSN given or in FAILONCE_DSN."""
    path = path or find(Path.cwd(), env)
    file = _read(path, env) if path else _File()
    default = None
    if dsn or env.get("FAILONCE_DSN"):
        default = dsns.target(dsn or env["FAILONCE_DSN"], where="--dsn" if dsn else "FAILONCE_DSN")
    state, base = data_folder(env), path.parent if path else Path.cwd()
    recording = file.recording.directory
    return Settings(
        targets=tuple(_target(path, name, table) for name, table in file.targets.items()),
        default=default,
        store_url=_place(file.store.url, base) if file.store.url else str(state / "failonce.db"),
        recording_directory=Path(_place(recording, base)) if recording else state / "recordings",
        raw_hours=file.recording.raw_hours,
        path=path,
        openid=file.openid,
    )


def find(folder: Path, env: Mapping[str, str]) -> Path | None:
    """Return the settings file that holds in a folder, or None."""
    home = Path(env.get("HOME") or Path.home())
    config = Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "failonce"
    return next((found for place in (folder, *folder.parents, config) if (found := place / FILE_NAME).is_file()), None)


def data_folder(env: Mapping[str, str]) -> Path:
    """Return where the store and recordings lie when nothing else is configured."""
    home = Path(env.get("HOME") or Path.home())
    return Path(env.get("XDG_STATE_HOME") or home / ".local" / "state") / "failonce"


def document(path: Path) -> dict[str, Any]:
    """Return the settings file as written, nothing filled in."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise NotFound(f"{path} cannot be read: {problem.strerror}.", hint="Check the path after --config.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path} is not TOML: {problem}.", hint="Correct that line: https://toml.io") from None


def _read(path: Path, env: Mapping[str, str]) -> _File:
    written = document(path)
    _refuse_unknown(written, path)
    filled = _filled(written, env, path)
    try:
        return msgspec.convert(filled, _File)
    except msgspec.ValidationError as problem:
        message = str(problem).replace("`$.", "`").replace("[...]", ".NAME")
        raise UsageError(f"{path}: {message}.", hint="docs/how-to/connect.md shows a whole file.") from None


def _refuse_unknown(document: Mapping[str, Any], path: Path) -> None:
    """Refuse a key that means nothing: a misspelt one would silently not hold."""
    tables: list[tuple[str, Any, type[msgspec.Struct]]] = [
        ("", document, _File),
        ("store.", document.get("store"), _Store),
        ("recording.", document.get("recording"), _Recording),
    ]
    targets = document.get("targets")
    if isinstance(targets, dict):
        tables += [(f"targets.{name}.", table, _Target) for name, table in targets.items()]
    for prefix, table, kind in tables:
        known = kind.__struct_fields__
        for key in table if isinstance(table, dict) else ():
            if key not in known:
                close = get_close_matches(key, known, n=1)
                hint = f"Did you mean {prefix}{close[0]}?" if close else f"Known here: {', '.join(known)}"
                raise UsageError(f"{path}: unknown key {prefix}{key}.", hint=hint)


def _filled(value: Any, env: Mapping[str, str], path: Path, key: str = "") -> Any:
    """Return the value with each `${VAR}` in its texts replaced from the environment."""
    if isinstance(value, dict):
        return {name: _filled(part, env, path, f"{key}.{name}".lstrip(".")) for name, part in value.items()}
    if not isinstance(value, str):
        return value

    def replaced(match: re.Match[str]) -> str:
        if match[1] not in env:
            raise UsageError(f"{path}: {key} needs the variable {match[1]}.", hint=f"export {match[1]}=...")
        return env[match[1]]

    return _VARIABLE.sub(replaced, value)


def _target(path: Path | None, name: str, table: _Target) -> Target:
    where = f"{path}: targets.{name}"
    if not _NAME.fullmatch(name):
        raise UsageError(f"{where} is not a name.", hint="Use letters, digits, dots, underscores and hyphens.")
    dsns.parts(table.dsn, where=f"{where}.dsn")
    if table.operator_dsn is not None:
        dsns.parts(table.operator_dsn, where=f"{where}.operator_dsn")
    if table.metrics_url is not None and not table.metrics_url.startswith(("http://", "https://")):
        raise UsageError(
            f"{where}.metrics_url is not the address of a web page.",
            hint="Write the whole address, such as http://127.0.0.1:8000/metrics",
        )
    local = dsns.is_local(table.dsn) if table.local is None else table.local
    return Target(name, table.dsn, table.metrics_url, local, table.operator_dsn, table.log_file)


def _place(written: str, base: Path) -> str:
    """Return a path or URL; a relative path is meant from the folder of the file it is written in."""
    return written if "://" in written else str(base / Path(written).expanduser())

"""What the server writes into its log, and whether failonce may read it: refused statements leave no other trace.

The settings are asked in SQL; the file is looked for where the watch looks for it, and opened, nothing of it is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from failonce.app.doctor.check import Answer, Check, Question, error, ok, unknown, warning
from failonce.app.doctor.login import Connection
from failonce.app.doctor.server import Server, ask
from failonce.observe import log
from failonce.observe.source import Unseen

_RELOAD = "SELECT pg_reload_conf();"
#: What a line's prefix must tell, and why (`LineReader` takes it apart).
_PREFIX = {"%e": "the error's code", "%d": "the database", "%a": "the application"}
#: Sessions that lock each other stand still for so long, and a wait is not logged before.
_DEADLOCK_MS = 5000
#: Settings that let slow statements be written, in milliseconds; -1 is off.
_DURATIONS = ("log_min_duration_statement", "log_min_duration_sample", "auto_explain.log_min_duration")


@dataclass(frozen=True, slots=True)
class Log(Server):
    """An open connection, and what is configured about the server's log."""

    local: bool
    log_file: str | None

    def setting(self, name: str) -> str | None:
        found = self.row("select current_setting('" + name + "', true)")[0]
        return None if found is None else str(found)


def examine(connection: Connection, *, local: bool, log_file: str | None) -> tuple[Check, ...]:
    """Ask every question about the log."""
    return tuple(ask(question, Log(connection, local, log_file)) for question in QUESTIONS)


def _readable(server: Log) -> Answer:
    if not server.local:
        hint = "Where failonce runs beside the database, write local = true under [targets.NAME]"
        return unknown("the target is not configured as local", hint)
    collected = server.setting("logging_collector") == "on"
    if collected and "stderr" not in (destination := server.setting("log_destination") or ""):
        return warning(f"log_destination = {destination}", f"ALTER SYSTEM SET log_destination = 'stderr'; {_RELOAD}")
    (data_directory,) = server.row("select current_setting('data_directory', true)")
    (may_ask,) = server.row("select has_function_privilege('pg_current_logfile(text)', 'execute')")
    (current,) = server.row("select pg_current_logfile('stderr')") if may_ask else (None,)
    pid = server.connection.info.backend_pid
    try:
        path = log.log_path(current, data_directory, pid, configured=server.log_file, may_ask=may_ask)
        log.read_from(path, log.stat_of(path).st_size)
    except Unseen as problem:
        return error(str(problem), problem.hint)
    return ok(str(path))


def _prefix(server: Log) -> Answer:
    prefix = server.setting("log_line_prefix") or ""
    missing = [escape for escape in _PREFIX if escape not in prefix]
    if missing:
        lacks = " and ".join(_PREFIX[escape] for escape in missing)
        better = "'%m [%p] %q%d %a %e %Q '"
        return warning(
            f"log_line_prefix = '{prefix}' lacks {lacks}", f"ALTER SYSTEM SET log_line_prefix = {better}; {_RELOAD}"
        )
    return ok(f"log_line_prefix = '{prefix}'")


def _lock_waits(server: Log) -> Answer:
    if server.setting("log_lock_waits") == "off":
        return warning("log_lock_waits = off", f"ALTER SYSTEM SET log_lock_waits = on; {_RELOAD}")
    (waited_ms, shown) = server.row(
        "select setting::int, current_setting(name) from pg_settings where name = 'deadlock_timeout'"
    )
    if waited_ms > _DEADLOCK_MS:
        return warning(
            f"deadlock_timeout = {shown}: shorter waits are not written, and deadlocks stand for as long",
            f"ALTER SYSTEM SET deadlock_timeout = '1s'; {_RELOAD}",
        )
    return ok(f"those of {shown} and longer")


def _slow_statements(server: Log) -> Answer:
    told = {name: int(value) for name, value in _durations(server).items() if value is not None and int(value) >= 0}
    if not told:
        return warning(
            "log_min_duration_statement = -1", f"ALTER SYSTEM SET log_min_duration_statement = '1s'; {_RELOAD}"
        )
    if told.get("log_min_duration_statement") == 0:
        return warning(
            "log_min_duration_statement = 0: every statement is written, with its values, and each write is waited for",
            f"ALTER SYSTEM SET log_min_duration_statement = '1s'; {_RELOAD}",
        )
    return ok(", ".join(f"{name} = {value} ms" for name, value in told.items()))


def _durations(server: Log) -> dict[str, str | None]:
    """Return the settings in milliseconds, as pg_settings has them; None for one that is not there."""
    found = server.row(
        "select " + ", ".join(f"(select setting from pg_settings where name = '{name}')" for name in _DURATIONS)
    )
    return dict(zip(_DURATIONS, found, strict=True))


QUESTIONS: tuple[Question[Log], ...] = (
    Question(
        "D022",
        "The server's log can be read",
        "Refused statements, used-up sequences and a full disk are told there and nowhere else.",
        _readable,
    ),
    Question(
        "D023",
        "The log's lines tell what failed and whose it is",
        "Without the code an error is known only by words that are translated, and other databases' count as ours.",
        _prefix,
    ),
    Question(
        "D024",
        "Long lock waits are logged",
        "Of a queue that nobody watched, the log is all that is left.",
        _lock_waits,
    ),
    Question(
        "D025",
        "Slow statements are logged",
        "The statistics add calls up: of one slow call, when and whose, only the log knows.",
        _slow_statements,
    ),
)

"""Can the machine under the database be read from here? The check behind `local = true`."""

from __future__ import annotations

import psutil

from failonce.app.doctor.check import Answer, Check, Question, not_checked, ok, unknown, warning
from failonce.app.doctor.login import Connection


def examine(connection: Connection, local: bool) -> tuple[Check, ...]:
    if not local:
        hint = "Where failonce runs beside the database, write local = true under [targets.NAME]"
        return not_checked(QUESTIONS, "the target is not configured as local", hint)
    return tuple(question.check(connection) for question in QUESTIONS)


def _readable(connection: Connection) -> Answer:
    pid = connection.info.backend_pid
    try:
        name = psutil.Process(pid).name()
        psutil.cpu_times()
    except psutil.NoSuchProcess:
        name = ""
    except (psutil.Error, OSError) as problem:
        return unknown(f"the system does not let us read: {problem}", f"cat /proc/{pid}/stat")
    if not name.startswith(("postgres", "postmaster")):
        return warning(
            f"the server's process {pid} is not on this machine, or in another container",
            "Write local = false, or run failonce on the database's machine",
        )
    return ok("the processor's times and the server's processes")


QUESTIONS: tuple[Question[Connection], ...] = (
    Question(
        "D019",
        "The database's machine can be read",
        "Only its processor, memory and disk can rule out the hardware, or name it.",
        _readable,
    ),
)

"""A small process between failonce and its private PostgreSQL, so that the server never outlives its owner.

Run as a script with the standard library alone. It starts the server and waits on two pipes: its standard input, on
which the owner may say `restart SECONDS` and which ends when the owner does (kill -9 included, and from whichever
thread it was started: a parent-death signal alone would fire when that thread ends), and one that only the server's
processes hold. Then it stops what is left and removes the server's directory. Should the keeper itself be killed, the
kernel tells the server (PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

# linux/prctl.h
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
# An immediate shutdown kills backends that do not answer after 5 s (SIGKILL_CHILDREN_AFTER_SECS in postmaster.c).
_STOP_WITHIN_S = 8.0


def main() -> None:
    directory, uid, gid, *command = sys.argv[1:]
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    # Orphaned backends become our children, so that none can be lost.
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    owner = sys.stdin.fileno()
    server, alive = _start(command, int(uid), int(gid))
    while owner in select.select([owner, alive], [], [])[0]:
        told = os.read(owner, 4096).split()
        if not told:
            _stop(server, alive)
            shutil.rmtree(directory, ignore_errors=True)
            return
        _shut_down(server, alive)
        # Down for a while, unless the owner ends meanwhile.
        select.select([owner], [], [], float(told[1]))
        server, alive = _start(command, int(uid), int(gid))


def _start(command: list[str], uid: int, gid: int) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server; the returned pipe ends when its last process has."""
    alive, held = os.pipe()
    # Named users only for root; anyone else would not be allowed to set them.
    drop = {"user": uid, "group": gid, "extra_groups": []} if os.geteuid() == 0 else {}
    server = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        cwd="/",
        pass_fds=(held,),
        preexec_fn=_end_with_keeper,
        **drop,  # type: ignore[call-overload]
    )
    os.close(held)
    return server, alive


def _end_with_keeper() -> None:
    # PostgreSQL inherits ignored signals, and its fast shutdown is one of them.
    for restored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(restored, signal.SIG_DFL)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _shut_down(server: subprocess.Popen[bytes], alive: int) -> None:
    """Stop the server as an operator does: sessions are ended, everything is on disk."""
    server.send_signal(signal.SIGINT)
    server.wait()
    os.close(alive)


def _stop(server: subprocess.Popen[bytes], alive: int) -> None:
    """Stop the server at once (its data is thrown away), then whatever backend is still there."""
    server.send_signal(signal.SIGQUIT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(_STOP_WITHIN_S)
    for child in _children():
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    select.select([alive], [], [], _STOP_WITHIN_S)


def _children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    main()

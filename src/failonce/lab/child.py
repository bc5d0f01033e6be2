"""A process of the lab's own, such as the sample application: a module, told what to do by lines on its standard input.

The end of its standard input ends it, so that it never outlives its owner, kill -9 included. On standard output it says
one line when it is ready and one for each question; what it complains about goes to a log file.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from failonce.model.errors import LabFailed

# Generous: in a drill the machine is meant to be out of CPU.
_ANSWER_WITHIN_S = 30.0
_END_WITHIN_S = 10.0


class Child:
    """A running module, ready to be told and asked."""

    def __init__(
        self,
        module: str,
        *arguments: str,
        log_file: Path,
        environment: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self._module = module
        self._log_file = log_file
        with log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **(environment or {})},
                pass_fds=pass_fds,
                # Ctrl-C at the terminal is for the owner alone.
                start_new_session=True,
            )
        try:
            #: The line it said when it was ready.
            self.greeting = self._answer()
        except LabFailed:
            self.end()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{line}\n".encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._failed("ended") from None

    def ask(self, line: str) -> str:
        """Tell it the line and return what it says."""
        self.tell(line)
        return self._answer()

    def end(self, *, gently: bool = False) -> None:
        """End it: at once, or `gently`, when it may finish what it has begun."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if gently:
            self._process.send_signal(signal.SIGTERM)
        else:
            self._process.stdin.close()
        try:
            self._process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], _ANSWER_WITHIN_S)
        if not readable:
            raise self._failed(f"said nothing for {_ANSWER_WITHIN_S:.0f} s")
        line = self._process.stdout.readline().decode()
        if not line:
            raise self._failed("ended")
        return line.strip()

    def _failed(self, how: str) -> LabFailed:
        last_words = self._log_file.read_text(errors="replace").strip().splitlines()[-1:]
        return LabFailed(
            f"{self._module} {how}: {''.join(last_words) or 'it gave no reason'}",
            hint=f"python -m {self._module} --help says how to run it by hand",
        )

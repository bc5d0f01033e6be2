"""Run a framework's own command in its folder, under the Python that runs us: the project is installed there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from failonce.model.errors import CannotLook

_WITHIN_S = 120


def run(folder: Path, arguments: Sequence[str]) -> str:
    """Return what a Python command printed. Raises CannotLook with its last words."""
    command, shown = [sys.executable, *arguments], " ".join(arguments[:4]).split("\n")[0]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_WITHIN_S,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotLook(f"{shown} took longer than {_WITHIN_S} s in {folder}.", hint="Run it there by hand.") from None
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["it said nothing"]
        hint = f"Install the project beside failonce, then run it by hand: cd {folder} && python {shown}"
        raise CannotLook(f"{shown} failed in {folder}: {last[0]}", hint=hint)
    return done.stdout

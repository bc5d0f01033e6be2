"""The help screens, word for word: `FAILONCE_GOLDEN=1 pytest tests/cli` rewrites them, a person reads the diff."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from failonce.cli import COMMANDS

GOLDEN = Path(__file__).parents[1] / "golden" / "help"
SCREENS = [
    [],
    *([name] for name in COMMANDS),
    ["drill", "list"],
    ["drill", "run"],
    ["guard", "add"],
    ["guard", "prove"],
    ["guard", "check"],
    ["drill", "record"],
    ["twin", "pull"],
    ["twin", "plan"],
    ["store", "verify"],
    ["account", "invite"],
    ["account", "change"],
    ["account", "token"],
]


def screen(words):
    """What a person sees, in a process of its own: click remembers the first help option it made."""
    command = [sys.executable, "-c", "import sys; sys.argv[0] = 'failonce'; from failonce.cli import main; main()"]
    wide = {**os.environ, "COLUMNS": "102"}
    return subprocess.run([*command, *words, "--help"], capture_output=True, text=True, env=wide, check=True).stdout


@pytest.mark.parametrize("words", SCREENS, ids=lambda words: " ".join(words) or "failonce")
def test_help(words):
    path = GOLDEN / f"{'-'.join(words) or 'failonce'}.txt"
    if os.environ.get("FAILONCE_GOLDEN"):
        path.write_text(screen(words))
    assert screen(words) == path.read_text()

"""The help screens, word for word: `FAILONCE_GOLDEN=1 pytest tests/cli` rewrites them, a person reads the diff."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from failonce.cli import COMMANDS, failonce

GOLDEN = Path(__file__).parents[1] / "golden" / "help"
SCREENS = [[], *([name] for name in COMMANDS), ["drill", "list"], ["drill", "run"]]


@pytest.mark.parametrize("words", SCREENS, ids=lambda words: " ".join(words) or "failonce")
def test_help(words):
    result = CliRunner().invoke(failonce, [*words, "--help"], prog_name="failonce", terminal_width=100)
    assert result.exit_code == 0
    path = GOLDEN / f"{'-'.join(words) or 'failonce'}.txt"
    if os.environ.get("FAILONCE_GOLDEN"):
        path.write_text(result.output)
    assert result.output == path.read_text()

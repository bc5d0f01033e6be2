"""SpiceShare's own tests under `pytest --failonce`, with production's twin in the repository: seed 001 ends in CI."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance
ROOT = Path(__file__).parents[2]
SUITE = "examples/spiceshare"


def run(release, *options):
    command = [sys.executable, "-m", "pytest", "-q", SUITE, "-p", "no:randomly", *options]
    environment = {**os.environ, "SPICESHARE_RELEASE": release}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def reviewed(release):
    return run(release, "--failonce", "--failonce-twin", f"{SUITE}/production.twin")


def test_the_release_before_passes():
    done = reviewed("v41")
    assert done.returncode == 0, done.stdout
    assert re.search(r"statements planned on the twin .*: fine", done.stdout)


def test_the_release_of_the_outage_fails_the_build_and_says_everything():
    assert run("v42").returncode == 0, "its tests alone are green, as they were on that day"
    done = reviewed("v42")
    assert done.returncode == 1
    pages = (ROOT / "src/failonce/lab/spiceshare/pages.py").read_text().splitlines()
    place = re.search(
        r"src/failonce/lab/spiceshare/pages\.py:(\d+): error: .*1\.5 million rows.*full-scan", done.stdout
    )
    assert "cooks_own_reviews" in pages[int(place[1]) - 1]
    assert "query: select r.recipe_id, r.rating" in done.stdout
    assert "plan: Parallel Seq Scan on reviews, filter (cook_id = $1)" in done.stdout
    assert "test: examples/spiceshare/test_pages.py::test_a_recipe_shows_its_reviews" in done.stdout
    assert re.search(r"fix: CREATE INDEX CONCURRENTLY \S*cook_id", done.stdout)


def test_an_innocent_release_passes():
    assert reviewed("v43").returncode == 0

"""Live runs whose verdict was graded wrong, each recorded as it was: once the engine is mended they stay right.

A folder is named after its drill and how it was staged: as it is made, bursty, daily, weak. `bench/diagnosis.py
--recordings FOLDER` keeps all runs.
"""

import json
from pathlib import Path

import pytest

from failonce import plugins
from failonce.app.grade import grade
from failonce.app.sight import SIGHTS, verdict
from failonce.app.staging import Staging
from failonce.observe.recording import read

RUNS = sorted((Path(__file__).parent / "once_wrong").iterdir())

each_run = pytest.mark.parametrize("run", RUNS, ids=lambda p: p.name)


def truth_of(run):
    staging = Staging(run.name.partition(".")[0], application=header(run)["target"])
    return staging.truth(plugins.load("failonce.lab.drills")[staging.drill])


def header(run):
    return json.loads((run / "recording.json").read_text())


@each_run
def test_is_right_now(run):
    assert grade(verdict(read(run)), truth_of(run)).faults == ()


@pytest.mark.parametrize("sight", SIGHTS)
@each_run
def test_poor_sight_is_right_or_silent(run, sight):
    graded = grade(verdict(SIGHTS[sight](read(run))), truth_of(run))
    assert graded.is_right_or_silent, graded.faults
